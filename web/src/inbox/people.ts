import { queryOptions } from "@tanstack/react-query";
import { api, body } from "../api/client";
import { session } from "../api/session";

export type Colleague = { id: string; name: string; email: string };

/** Who works here, by id; empty for who may not see that. */
export const colleagues = queryOptions({
  queryKey: ["colleagues"],
  staleTime: 5 * 60_000,
  queryFn: async () => {
    const all = new Map<string, Colleague>();
    if (!session.may("users:read")) {
      return all;
    }
    let after: string | undefined;
    do {
      const page = await body(
        api.GET("/api/v1/users", { params: { query: { limit: 200, after } } }),
      );
      (page.items ?? []).forEach((user) => all.set(user.id, user as Colleague));
      after = page.next;
    } while (after && all.size < 2000);
    return all;
  },
});

/** All pages of a list, up to a thousand things. */
async function whole<T>(page: (after?: string) => Promise<{ items?: T[]; next?: string }>) {
  const all: T[] = [];
  let after: string | undefined;
  do {
    const found = await page(after);
    all.push(...(found.items ?? []));
    after = found.next;
  } while (after && all.length < 1000);
  return all;
}

/** The teams that conversations can be given to. */
export const teams = queryOptions({
  queryKey: ["teams"],
  staleTime: 5 * 60_000,
  queryFn: () =>
    whole((after) => body(api.GET("/api/v1/teams", { params: { query: { limit: 200, after } } }))),
});

/** The words that conversations can be given. */
export const tags = queryOptions({
  queryKey: ["tags"],
  staleTime: 5 * 60_000,
  queryFn: () =>
    whole((after) => body(api.GET("/api/v1/tags", { params: { query: { limit: 200, after } } }))),
});
