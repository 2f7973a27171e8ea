import type { Query, QueryClient } from "@tanstack/react-query";
import { again, newest, put, type Stretches } from "./queries";

/** Conversations of which so many pages are there are asked for anew as a whole. */
const SHORT = 2;

/**
 * After a pause of which the server does not tell what happened: everything is asked for anew, but of long lists only what
 * is new or in sight. What nobody looks at is forgotten.
 */
export async function freshen(queries: QueryClient): Promise<void> {
  const cache = queries.getQueryCache();
  for (const list of ["conversations", "messages"]) {
    queries.removeQueries({ queryKey: [list], type: "inactive" });
  }
  const lists = cache.findAll({ queryKey: ["conversations"] });
  const long = cache
    .findAll({ queryKey: ["messages"] })
    .filter((query) => ((query.state.data as Stretches | undefined)?.pages.length ?? 0) > SHORT);
  lists.forEach((query) => again(queries, query.queryKey));
  await Promise.all([
    queries.invalidateQueries({
      predicate: (query) => !lists.includes(query) && !long.includes(query),
    }),
    ...long.map((query) => toEnd(queries, query).catch(() => undefined)),
  ]);
}

/** Brings the end of a conversation up to date; without a gap, or from the end on when too much was said meanwhile. */
async function toEnd(queries: QueryClient, query: Query): Promise<void> {
  const id = query.queryKey[1] as string;
  const [first] = (query.state.data as Stretches).pages;
  if (!first?.live) {
    // The pages between here and the end are read when somebody goes there.
    return;
  }
  const page = await newest(id);
  const known = new Set(first.items.map((message) => message.id));
  if (page.items.some((message) => known.has(message.id))) {
    put(queries, id, page.items);
  } else {
    queries.setQueryData<Stretches>(query.queryKey, {
      pages: [page],
      pageParams: [{ order: "newest" }],
    });
  }
}
