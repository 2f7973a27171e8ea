import type { components } from "./schema";

type Grant = Omit<components["schemas"]["Grant"], "refreshToken" | "tokenType">;
type Login = components["schemas"]["Login"];
export type Me = components["schemas"]["Me"];

/** What keeps the refresh token: the browser itself, in a cookie that only this address gets. */
const PLACE = "/api/v1/auth/session";
/** Who is signed in in this browser: no secret, but other tabs hear when it changes. */
const KEY = "parley.signed-in";
/** Set from signing out until the server has heard of it: without a connection the cookie cannot be taken away. */
const LEAVING = "parley.signing-out";

/**
 * Who is signed in. The access token lives in memory alone; no script can read what it is refreshed by, which a reload
 * and other tabs share.
 */
class Session {
  private grant: Grant | null = null;
  private refreshing: Promise<Grant | null> | null = null;
  private leaving: Promise<void> | null = null;
  private readonly listeners = new Set<() => void>();

  constructor() {
    window.addEventListener("storage", (event) => {
      if (event.key === KEY && this.grant && event.newValue !== this.grant.user.id) {
        // Somebody signed out in another tab, or signed in as somebody else: nothing of this page is theirs.
        window.location.reload();
      }
    });
    const again = () => void this.leave().catch(() => undefined);
    window.addEventListener("online", again);
    again();
  }

  me = (): Me | null => this.grant?.user ?? null;

  may = (permission: string): boolean => this.grant?.user.permissions.includes(permission) ?? false;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Signs in; answers what the server said. */
  async begin(login: Login): Promise<Response> {
    await this.leave();
    const response = await ask("POST", PLACE, login);
    if (response.ok) {
      this.take(await response.json());
    }
    return response;
  }

  /** Signs out here, in all tabs. What the server cannot be told now it is told before anything else. */
  async end(): Promise<void> {
    localStorage.setItem(LEAVING, "");
    try {
      await this.leave();
    } finally {
      this.forget();
    }
  }

  /** Ends the sign-in from which somebody has signed out here, when the server has not heard of it yet. */
  private leave(): Promise<void> {
    this.leaving ??= this.tellLeaving().finally(() => {
      this.leaving = null;
    });
    return this.leaving;
  }

  private async tellLeaving(): Promise<void> {
    if (localStorage.getItem(LEAVING) !== null && (await ask("DELETE", PLACE)).ok) {
      localStorage.removeItem(LEAVING);
    }
  }

  /** The server did not take our token: the next request asks for another one. */
  refused(): void {
    if (this.grant) {
      this.grant = { ...this.grant, expiresAt: new Date(0).toISOString() };
    }
  }

  /** The server said that we may do other things now. */
  changed(permissions: string[]): void {
    if (this.grant && this.grant.user.permissions.join() !== permissions.join()) {
      this.grant = { ...this.grant, user: { ...this.grant.user, permissions } };
      this.tell();
    }
  }

  /** A token that is good for the next half minute, or null when nobody is signed in. */
  async token(): Promise<string | null> {
    if (this.grant && Date.parse(this.grant.expiresAt) - Date.now() > 30_000) {
      return this.grant.accessToken;
    }
    return (await this.refresh())?.accessToken ?? null;
  }

  /** Goes on with the sign-in that this browser has, if it has one; one request at a time. */
  refresh(): Promise<Grant | null> {
    this.refreshing ??= this.exchange().finally(() => {
      this.refreshing = null;
    });
    return this.refreshing;
  }

  private async exchange(): Promise<Grant | null> {
    await this.leave();
    if (localStorage.getItem(KEY) === null) {
      return null;
    }
    const response = await ask("POST", `${PLACE}/refresh`);
    if (response.ok) {
      const grant = (await response.json()) as Grant;
      if (this.grant && this.grant.user.id !== grant.user.id) {
        // Another tab signed in as somebody else.
        window.location.reload();
        return null;
      }
      this.take(grant);
    } else if (response.status === 401 || response.status === 403) {
      this.forget();
    }
    return this.grant;
  }

  private take(grant: Grant): void {
    this.grant = grant;
    localStorage.setItem(KEY, grant.user.id);
    this.tell();
  }

  private forget(): void {
    this.grant = null;
    localStorage.removeItem(KEY);
    this.tell();
  }

  private tell(): void {
    this.listeners.forEach((listener) => listener());
  }
}

/** Goes on when the page is left meanwhile: the cookie that comes back is the next one. */
function ask(method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(path, {
    method,
    keepalive: true,
    ...(body === undefined
      ? {}
      : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }),
  });
}

export const session = new Session();
