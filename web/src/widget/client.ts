import createClient from "openapi-fetch";
import type { paths } from "../api/schema";
import type { components } from "../api/schema";
import { problem, ProblemError } from "../api/problem";

type Schemas = components["schemas"];
export type WidgetConversation = Schemas["WidgetConversation"];
export type WidgetSession = Schemas["WidgetSession"];
export type Suggestion = Schemas["WidgetSuggestion"];
export type Template = Schemas["MessageTemplate"];
export type Message = Schemas["Message"];
export type Note = Schemas["ConversationNote"];
export { ProblemError };

// In memory alone: a frame of another site may have no storage, and nobody else is to find it.
let token: string | null = null;

/** What requests are made with from now on; null for nothing. */
export function use(other: string | null): void {
  token = other;
}

export const api = createClient<paths>({ baseUrl: "", credentials: "omit" });
api.use({
  onRequest({ request }) {
    if (token) {
      request.headers.set("Authorization", `Bearer ${token}`);
    }
    return request;
  },
  async onResponse({ response }) {
    if (!response.ok) {
      throw await problem(response);
    }
    return response;
  },
});

/** The body of an answer; every refusal has been thrown as a [ProblemError] before. */
export async function body<T>(answer: Promise<{ data?: T }>): Promise<T> {
  return (await answer).data as T;
}
