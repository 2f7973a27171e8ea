import {
  type InfiniteData,
  infiniteQueryOptions,
  keepPreviousData,
  type QueryClient,
  queryOptions,
} from "@tanstack/react-query";
import { api, body, type Content, type Conversation, type Message } from "../api/client";
import { session } from "../api/session";

export type Page<T> = { items: T[]; next?: string };
export type Filter = {
  status?: string;
  unread?: boolean;
  channelId?: string;
  assignee?: string;
  team?: string;
  tagId?: string;
  priority?: string;
  q?: string;
  sort?: string;
};

/**
 * Live events keep these up to date, and `freshen` does after a pause: coming back to the window fetches no page of a
 * long list again.
 */
const KEPT_UP = { staleTime: Infinity, refetchOnReconnect: false };

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
    ...KEPT_UP,
  });

/** How many conversations a list has, and how many of them are mine, nobody's and unread. */
export const counts = (filter: Filter) =>
  queryOptions({
    queryKey: ["counts", filter],
    placeholderData: keepPreviousData,
    queryFn: () => {
      const { sort: _, ...query } = filter;
      return body(api.GET("/api/v1/conversations/counts", { params: { query } }));
    },
  });

export const conversation = (id: string) =>
  queryOptions({
    queryKey: ["conversation", id],
    queryFn: () => body(api.GET("/api/v1/conversations/{id}", { params: { path: { id } } })),
  });

export const contact = (id: string) =>
  queryOptions({
    queryKey: ["contact", id],
    staleTime: 5 * 60_000,
    queryFn: () => body(api.GET("/api/v1/contacts/{id}", { params: { path: { id } } })),
  });

/** What the tenant wants to know of its contacts. */
export const contactFields = queryOptions({
  queryKey: ["contact-fields"],
  staleTime: 5 * 60_000,
  queryFn: async () =>
    (await body(api.GET("/api/v1/contact-fields", { params: { query: { limit: 100 } } }))).items ??
    [],
});

/** The other conversations with a contact. */
export const conversationsWith = (contactId: string) =>
  queryOptions({
    queryKey: ["conversations-with", contactId],
    queryFn: async () =>
      ((
        await body(
          api.GET("/api/v1/conversations", { params: { query: { contactId, limit: 20 } } }),
        )
      ).items ?? []) as Conversation[],
  });

export const channels = queryOptions({
  queryKey: ["channels"],
  staleTime: 5 * 60_000,
  queryFn: async () =>
    (await body(api.GET("/api/v1/channels", { params: { query: { limit: 100 } } }))).items ?? [],
});

/**
 * A stretch of a conversation, the newest message first. `live` is set on the page that holds the newest message of
 * all: what comes is put there.
 */
export type Stretch = {
  items: Message[];
  /** Where to go on, or the number of the message before it, where it was read upwards. */
  older?: string;
  before?: number;
  newer?: string;
  live: boolean;
};
type Place = { order: "newest" | "oldest"; after?: string; around?: number };
export type Stretches = InfiniteData<Stretch, Place>;

const SIZE = 50;
/** So many pages are kept of a conversation; the farthest ones are forgotten and asked for again. */
const PAGES = 60;

/** Messages from the end on, or from the message of that number on in both directions. */
export const messages = (id: string, from?: number) =>
  infiniteQueryOptions({
    queryKey: ["messages", id, from ?? "end"],
    initialPageParam: (from === undefined
      ? { order: "newest" }
      : { order: "newest", around: from }) as Place,
    queryFn: async ({ pageParam }): Promise<Stretch> => {
      const page = (await body(
        api.GET("/api/v1/conversations/{conversation}/messages", {
          params: { path: { conversation: id }, query: { ...pageParam, limit: SIZE } },
        }),
      )) as Page<Message>;
      return pageParam.order === "newest"
        ? {
            items: page.items,
            older: page.next,
            live: pageParam.after === undefined && pageParam.around === undefined,
          }
        : {
            items: page.items.toReversed(),
            before: (page.items[0]?.seq ?? pageParam.around ?? 1) - 1,
            newer: page.next,
            live: page.next === undefined,
          };
    },
    getNextPageParam: (page): Place | undefined =>
      page.older
        ? { order: "newest", after: page.older }
        : page.before
          ? { order: "newest", around: page.before }
          : undefined,
    getPreviousPageParam: (page): Place | undefined => {
      const newest = page.items[0];
      return page.live
        ? undefined
        : page.newer
          ? { order: "oldest", after: page.newer }
          : newest && { order: "oldest", around: newest.seq + 1 };
    },
    maxPages: PAGES,
    ...KEPT_UP,
  });

/** The end of a conversation. */
export async function newest(id: string): Promise<Stretch> {
  const page = (await body(
    api.GET("/api/v1/conversations/{conversation}/messages", {
      params: { path: { conversation: id }, query: { order: "newest", limit: SIZE } },
    }),
  )) as Page<Message>;
  return { items: page.items, older: page.next, live: true };
}

export function message(conversationId: string, id: string): Promise<Message> {
  return body(
    api.GET("/api/v1/conversations/{conversation}/messages/{id}", {
      params: { path: { conversation: conversationId, id } },
    }),
  ) as Promise<Message>;
}

/** Sends a message; the key makes a repeated request answer the first message. */
export function send(
  conversationId: string,
  content: Content,
  replyTo: string | null,
  key: string,
) {
  return body(
    api.POST("/api/v1/conversations/{conversation}/messages", {
      params: { path: { conversation: conversationId }, header: { "Idempotency-Key": key } },
      body: { content, ...(replyTo ? { replyTo } : {}) },
    }),
  ) as Promise<Message>;
}

/** Changes every copy of a conversation's messages that is shown or kept. */
function change(queries: QueryClient, id: string, with_: (data: Stretches) => Stretches): void {
  queries.setQueriesData<Stretches>({ queryKey: ["messages", id] }, (data) => data && with_(data));
}

/** Puts messages of one conversation into what is shown of it: new states of those that are there, and new ones. */
export function put(queries: QueryClient, conversationId: string, fresh: Message[]): void {
  change(queries, conversationId, (data) => {
    const waiting = new Map(fresh.map((m) => [m.id, m]));
    let pages = data.pages.map((page) => {
      if (!page.items.some((m) => waiting.has(m.id))) {
        return page;
      }
      const items = page.items.map((m) => {
        const now = waiting.get(m.id);
        waiting.delete(m.id);
        return now ? newer(m, now) : m;
      });
      return { ...page, items };
    });
    if (waiting.size > 0) {
      pages = pages.map((page, index) => {
        if (index > 0 || !page.live) {
          return page;
        }
        const items = [...waiting.values(), ...page.items].sort((a, b) => b.seq - a.seq);
        return { ...page, items };
      });
    }
    return { ...data, pages };
  });
}

/** Changes one message where it is shown; answers whether it is. */
export function patch(
  queries: QueryClient,
  conversationId: string,
  id: string,
  with_: (message: Message) => Message,
): boolean {
  let found = false;
  change(queries, conversationId, (data) => {
    if (!data.pages.some((page) => page.items.some((m) => m.id === id))) {
      return data;
    }
    found = true;
    return {
      ...data,
      pages: data.pages.map((page) => ({
        ...page,
        items: page.items.map((m) => (m.id === id ? with_(m) : m)),
      })),
    };
  });
  return found;
}

const STATES = ["queued", "sending", "unknown", "sent", "delivered", "read", "played"];

/** Whether a state comes after another; only trying again goes back from `failed`. */
export function isLater(now: string | undefined, was: string | undefined): boolean {
  return now === "failed" || was === undefined || STATES.indexOf(now ?? "") > STATES.indexOf(was);
}

/** Answers of requests and events come in any order: a state that is further on stays. */
function newer(was: Message, now: Message): Message {
  return was.attempt === now.attempt && was.state !== now.state && isLater(was.state, now.state)
    ? {
        ...now,
        state: was.state,
        sentAt: was.sentAt,
        deliveredAt: was.deliveredAt,
        readAt: was.readAt,
      }
    : now;
}

/** Whether a list with that filter holds the conversation. */
function holds(filter: Filter, c: Conversation): boolean {
  const among = (list: string | undefined, value: string) =>
    list === undefined || list.split(",").includes(value);
  const has = (wanted: string | undefined, id: string | undefined) =>
    wanted === undefined ||
    (wanted === "none" ? !id : id === (wanted === "me" ? session.me()?.id : wanted));
  return (
    among(filter.status, c.status) &&
    among(filter.priority, c.priority) &&
    has(filter.assignee, c.assigneeId) &&
    has(filter.team, c.teamId) &&
    (filter.channelId === undefined || filter.channelId === c.channelId) &&
    (filter.tagId?.split(",") ?? []).every((id) => c.tags.some((tag) => tag.id === id)) &&
    (filter.unread === undefined || filter.unread === c.unread > 0)
  );
}

/** Puts conversations where they belong in each list: the one with the newest message first. */
export function place(queries: QueryClient, fresh: Conversation[]): void {
  const known = new Map<string, Conversation>();
  for (const one of fresh) {
    // Some answers tell less than the list does: what they leave out stays.
    const whole = queries.setQueryData<Conversation>(["conversation", one.id], (was) => ({
      ...was,
      ...one,
    }));
    known.set(one.id, whole ?? one);
  }
  const ids = new Set(known.keys());
  for (const query of queries.getQueryCache().findAll({ queryKey: ["conversations"] })) {
    const filter = query.queryKey[1] as Filter;
    if (filter.sort !== undefined && filter.sort !== "newest") {
      again(queries, query.queryKey);
      continue;
    }
    queries.setQueryData<InfiniteData<Page<Conversation>, string | undefined>>(
      query.queryKey,
      (data) => {
        if (!data) {
          return data;
        }
        const pages = data.pages.map((page) =>
          page.items.some((c) => ids.has(c.id))
            ? { ...page, items: page.items.filter((c) => !ids.has(c.id)) }
            : page,
        );
        const was = new Set(data.pages.flatMap((page) => page.items.map((c) => c.id)));
        for (const one of known.values()) {
          // Whether a search fits only the server knows; another order than by time is asked for anew below.
          if (one.tags && holds(filter, one) && (filter.q === undefined || was.has(one.id))) {
            insert(pages, one);
          }
        }
        return { ...data, pages };
      },
    );
  }
}

let sight = 0;

/** Tells how far down the list of conversations somebody looks. */
export function lookAt(index: number): void {
  sight = index;
}

/** Asks anew for a list of conversations as far as somebody looks, and forgets what is below. */
export function again(queries: QueryClient, queryKey: readonly unknown[]): void {
  queries.setQueryData<InfiniteData<Page<Conversation>, string | undefined>>(queryKey, (data) => {
    let rows = 0;
    const last = data?.pages.findIndex((page) => (rows += page.items.length) > sight) ?? -1;
    return data && last >= 0
      ? { pages: data.pages.slice(0, last + 1), pageParams: data.pageParams.slice(0, last + 1) }
      : data;
  });
  void queries.invalidateQueries({ queryKey, exact: true });
}

function insert(pages: Page<Conversation>[], one: Conversation): void {
  for (const [index, page] of pages.entries()) {
    const at = page.items.findIndex((c) => c.lastAt <= one.lastAt);
    const last = index === pages.length - 1 && page.next === undefined;
    if (at >= 0 || last) {
      const items = page.items.slice();
      items.splice(at >= 0 ? at : items.length, 0, one);
      pages[index] = { ...page, items };
      return;
    }
  }
}
