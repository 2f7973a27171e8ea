import { type InfiniteData, type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Conversation } from "../api/client";
import type { Page } from "./queries";

const PACE_MS = 500;

/** Unread messages of the conversations that are at hand, each counted once. */
export function useUnread(): number {
  const queries = useQueryClient();
  const [total, setTotal] = useState(0);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const count = () => {
      timer = undefined;
      setTotal(sum(queries));
    };
    const stop = queries.getQueryCache().subscribe((event) => {
      if (event.type === "updated" && event.query.queryKey[0] === "conversations") {
        timer ??= setTimeout(count, PACE_MS);
      }
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [queries]);
  return total;
}

function sum(queries: QueryClient): number {
  const counts = new Map<string, number>();
  for (const [, data] of queries.getQueriesData<InfiniteData<Page<Conversation>>>({
    queryKey: ["conversations"],
  })) {
    data?.pages.forEach((page) => page.items.forEach((c) => counts.set(c.id, c.unread)));
  }
  return [...counts.values()].reduce((all, n) => all + n, 0);
}
