import createClient, { type Middleware } from "openapi-fetch";
import type { components, paths } from "./schema";
import { problem } from "./problem";
import { session } from "./session";

export { problem, ProblemError } from "./problem";

type Schemas = components["schemas"];
export type Conversation = Schemas["InboxConversation"];
export type Message = Schemas["Message"];
export type Content = Schemas["Content"];
export type Contact = Schemas["Contact"];
export type Channel = Schemas["Channel"];
export type Permission =
  | "tenants:manage"
  | "settings:manage"
  | "users:manage"
  | "users:read"
  | "api-keys:manage"
  | "audit:read"
  | "channels:manage"
  | "channels:read"
  | "contacts:write"
  | "conversations:write"
  | "conversations:read"
  | "files:write"
  | "events:read"
  | "dead-letters:manage"
  | "api-log:read"
  | "health:read"
  | "settings:read"
  | "inbox:manage";

const credentials: Middleware = {
  async onRequest({ request }) {
    const token = await session.token();
    if (token) {
      request.headers.set("Authorization", `Bearer ${token}`);
    }
    return request;
  },
  async onResponse({ response }) {
    if (response.status === 401) {
      session.refused();
    }
    if (!response.ok) {
      throw await problem(response);
    }
    return response;
  },
};

export const api = createClient<paths>({ baseUrl: "" });
api.use(credentials);

/** A name that nobody else gives, also where the page did not come by HTTPS and `randomUUID` is missing. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) =>
    b.toString(16).padStart(2, "0"),
  ).join("");
}

/** The body of an answer; every refusal has been thrown as a [ProblemError] before. */
export async function body<T>(answer: Promise<{ data?: T }>): Promise<T> {
  return (await answer).data as T;
}
