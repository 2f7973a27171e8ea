import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { api, body } from "../api/client";
import type { components } from "../api/schema";

export type Note = components["schemas"]["ConversationNote"];

const MOST = 400;

/** What colleagues wrote for each other in a conversation, the oldest first. */
export const notes = (id: string) =>
  queryOptions({
    queryKey: ["notes", id],
    queryFn: async () => {
      const all: Note[] = [];
      let after: string | undefined;
      do {
        const page = await body(
          api.GET("/api/v1/conversations/{id}/notes", {
            params: { path: { id }, query: { limit: 200, after } },
          }),
        );
        all.push(...((page.items ?? []) as Note[]));
        after = page.next;
      } while (after && all.length < MOST);
      return all.sort((a, b) => a.createdAt.localeCompare(b.createdAt));
    },
  });

/** Puts a note among those that are shown, or its new text in the place of the old one. */
export function putNote(queries: QueryClient, note: Note): void {
  queries.setQueryData<Note[]>(
    ["notes", note.conversationId],
    (all) =>
      all &&
      [...all.filter((one) => one.id !== note.id), note].sort((a, b) =>
        a.createdAt.localeCompare(b.createdAt),
      ),
  );
}

/** Takes a note away where it is shown. */
export function dropNote(queries: QueryClient, conversationId: string, id: string): void {
  queries.setQueryData<Note[]>(["notes", conversationId], (all) =>
    all?.filter((one) => one.id !== id),
  );
}
