import type { components } from "./schema";

type Grant = components["schemas"]["Grant"];
export type Me = components["schemas"]["Me"];

/**
 * Who is signed in. The access token lives in memory alone; the refresh token, good once, is kept for this tab so that
 * a reload does not ask for the password again.
 */
class Session {
  private grant: Grant | null = null;
  private refreshing: Promise<Grant | null> | null = null;
  private readonly listeners = new Set<() => void>();
  private static readonly KEY = "parley.refresh";

  me = (): Me | null => this.grant?.user ?? null;

  may = (permission: string): boolean => this.grant?.user.permissions.includes(permission) ?? false;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  begin(grant: Grant): void {
    this.grant = grant;
    sessionStorage.setItem(Session.KEY, grant.refreshToken);
    this.tell();
  }

  end(): void {
    this.grant = null;
    sessionStorage.removeItem(Session.KEY);
    this.tell();
  }

  /** The server did not take our token: the next request asks for another one. */
  refused(): void {
    if (this.grant) {
      this.grant = { ...this.grant, expiresAt: new Date(0).toISOString() };
    }
  }

  /** A token that is good for the next half minute, or null when nobody is signed in. */
  async token(): Promise<string | null> {
    if (this.grant && Date.parse(this.grant.expiresAt) - Date.now() > 30_000) {
      return this.grant.accessToken;
    }
    return (await this.refresh())?.accessToken ?? null;
  }

  /** Goes on with the sign-in that this tab had, if it had one. One request at a time: the token is good once. */
  refresh(): Promise<Grant | null> {
    this.refreshing ??= this.exchange().finally(() => {
      this.refreshing = null;
    });
    return this.refreshing;
  }

  private async exchange(): Promise<Grant | null> {
    const refreshToken = this.grant?.refreshToken ?? sessionStorage.getItem(Session.KEY);
    if (!refreshToken) {
      return null;
    }
    const response = await fetch("/api/v1/auth/refresh", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ refreshToken }),
    });
    if (response.ok) {
      this.begin(await response.json());
    } else if (response.status === 401 || response.status === 400) {
      this.end();
    }
    return this.grant;
  }

  private tell(): void {
    this.listeners.forEach((listener) => listener());
  }
}

export const session = new Session();
