import {
  type InfiniteData,
  infiniteQueryOptions,
  type QueryClient,
  queryOptions,
} from "@tanstack/react-query";
import { api, body, type Content, type Conversation, type Message } from "../api/client";

export type Page<T> = { items: T[]; next?: string };
export type Filter = { status?: string; unread?: boolean; channelId?: string };

/** Conversations, the one with the newest message first. */
export const conversations = (filter: Filter) =>
  infiniteQueryOptions({
    queryKey: ["conversations", filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      body(
        api.GET("/api/v1/conversations", {
          params: { query: { ...filter, limit: 50, after: pageParam } },
        }),
      ) as Promise<Page<Conversation>>,
    getNextPageParam: (page) => page.next,
  });

export const conversation = (id: string) =>
  queryOptions({
    queryKey: ["conversation", id],
    queryFn: () => body(api.GET("/api/v1/conversations/{id}", { params: { path: { id } } })),
  });

/** Messages of a conversation, the newest first. */
export const messages = (id: string) =>
  infiniteQueryOptions({
    queryKey: ["messages", id],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      body(
        api.GET("/api/v1/conversations/{conversation}/messages", {
          params: { path: { conversation: id }, query: { limit: 50, after: pageParam } },
        }),
      ) as Promise<Page<Message>>,
    getNextPageParam: (page) => page.next,
  });

export const contact = (id: string) =>
  queryOptions({
    queryKey: ["contact", id],
    staleTime: 5 * 60_000,
    queryFn: () => body(api.GET("/api/v1/contacts/{id}", { params: { path: { id } } })),
  });

export const channels = queryOptions({
  queryKey: ["channels"],
  staleTime: 5 * 60_000,
  queryFn: async () =>
    (await body(api.GET("/api/v1/channels", { params: { query: { limit: 100 } } }))).items,
});

/** Sends a message; the key makes a repeated request answer the first message. */
export function send(conversationId: string, content: Content, replyTo: string | null, key: string) {
  return body(
    api.POST("/api/v1/conversations/{conversation}/messages", {
      params: { path: { conversation: conversationId }, header: { "Idempotency-Key": key } },
      body: { content, ...(replyTo ? { replyTo } : {}) },
    }),
  ) as Promise<Message>;
}

/** Puts a message into what is shown of its conversation: the new state of one that is there, or a new one. */
export function put(queries: QueryClient, message: Message): void {
  queries.setQueryData<InfiniteData<Page<Message>, string | undefined>>(
    ["messages", message.conversationId],
    (data) => {
      if (!data) {
        return data;
      }
      const [first, ...others] = data.pages;
      let found = false;
      const pages = data.pages.map((page) => ({
        ...page,
        items: page.items.map((m) => {
          if (m.id !== message.id) {
            return m;
          }
          found = true;
          return message;
        }),
      }));
      if (found) {
        return { ...data, pages };
      }
      const items = [message, ...(first?.items ?? [])].sort((a, b) => b.seq - a.seq);
      return { ...data, pages: [{ ...first, items }, ...others] };
    },
  );
}
