import { useQuery } from "@tanstack/react-query";
import { counts } from "./queries";

/** How many open conversations have messages that nobody has read; the server stops counting at a thousand. */
export function useUnread(): number {
  return useQuery(counts({ status: "open" })).data?.unread ?? 0;
}
