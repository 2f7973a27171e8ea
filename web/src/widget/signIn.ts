import { api, body } from "./client";
import { CALLBACK, type Parameters } from "./parameters";

/** What the page has to keep while its agent is at Genesys' login. */
export type Begun = {
  authorizeUrl: string;
  state: string;
  verifier: string;
  hostOrigin: string;
};
export type Back = { state: string; code: string | null; error: string | null };

/** What is kept over the way through the frame: the address the page had, and what is needed to finish. */
type Kept = Begun & { address: string };

const KEY = "parley.widget";
const KIND = "parley-widget-sign-in";

const base64 = (bytes: Uint8Array) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

/** Begins a sign-in: the verifier stays here, only its hash goes out (RFC 7636). */
export async function begin(at: Parameters): Promise<Begun> {
  const verifier = base64(crypto.getRandomValues(new Uint8Array(48)));
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  const begun = await body(
    api.POST("/api/v1/genesys/widget/sign-ins", {
      body: {
        integrationId: at.integration,
        conversationId: at.conversation,
        codeChallenge: base64(new Uint8Array(hash)),
      },
    }),
  );
  return { ...begun, verifier };
}

/** Opens the login in a window of its own; to be called while a click is handled. Null when the browser does not. */
export function openWindow(begun: Begun): Window | null {
  return window.open(begun.authorizeUrl, "_blank", "popup,width=480,height=640");
}

/** Waits for what the login's window says; ends with null when that is closed. Other windows are not listened to. */
export function answered(login: Window, begun: Begun, gone: AbortSignal): Promise<Back | null> {
  return new Promise((resolve) => {
    const end = (back: Back | null) => {
      window.removeEventListener("message", hear);
      window.clearInterval(looking);
      resolve(back);
    };
    const hear = (event: MessageEvent) => {
      if (
        event.origin === window.location.origin &&
        event.source === login &&
        event.data?.kind === KIND &&
        event.data.back?.state === begun.state
      ) {
        end(event.data.back as Back);
      }
    };
    window.addEventListener("message", hear);
    // What it says may come a moment after it was closed.
    const looking = window.setInterval(() => {
      if (login.closed) {
        window.clearInterval(looking);
        window.setTimeout(() => end(null), 500);
      }
    }, 500);
    gone.addEventListener("abort", () => end(null));
  });
}

/** Goes to the login in this very frame; false where the browser lets a frame keep nothing. */
export function throughFrame(begun: Begun): boolean {
  try {
    const kept: Kept = { ...begun, address: window.location.href };
    window.sessionStorage.setItem(KEY, JSON.stringify(kept));
    window.location.assign(begun.authorizeUrl);
    return true;
  } catch {
    return false;
  }
}

/** What this page is when it is where the login comes back to. */
export function back(): Back | null {
  if (window.location.pathname !== CALLBACK) {
    return null;
  }
  const query = new URLSearchParams(window.location.search);
  // Neither code nor state are to stay in the address.
  window.history.replaceState(null, "", CALLBACK);
  return { state: query.get("state") ?? "", code: query.get("code"), error: query.get("error") };
}

/** Tells the page that has opened this window; false when there is none that can be reached. */
export function handOver(answer: Back): boolean {
  const opener = window.opener as Window | null;
  if (!opener) {
    return false;
  }
  opener.postMessage({ kind: KIND, back: answer }, window.location.origin);
  window.close();
  return true;
}

/** What was kept before the frame went to the login, once, if this is the answer to it. */
export function resume(answer: Back): Kept | null {
  try {
    const text = window.sessionStorage.getItem(KEY);
    window.sessionStorage.removeItem(KEY);
    const kept = text ? (JSON.parse(text) as Kept) : null;
    if (kept && kept.state === answer.state) {
      window.history.replaceState(null, "", kept.address);
      return kept;
    }
  } catch {
    // Nothing was kept.
  }
  return null;
}

/** Redeems the code for a session of the widget. */
export function complete(begun: Begun, code: string) {
  return body(
    api.POST("/api/v1/genesys/widget/sessions", {
      body: { state: begun.state, code, codeVerifier: begun.verifier },
    }),
  );
}
