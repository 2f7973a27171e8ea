import { queryOptions } from "@tanstack/react-query";
import { api, body } from "../api/client";
import type { components } from "../api/schema";

export type Integration = components["schemas"]["GenesysIntegration"];
export type DeskHealth = components["schemas"]["GenesysDeskHealth"];

/** How often the health of a desk is asked for while somebody looks at it. */
const LOOK_MS = 10_000;

/** The connections with Genesys Cloud; most tenants have none. */
export const integrations = queryOptions({
  queryKey: ["genesys", "integrations"],
  staleTime: 5 * 60_000,
  queryFn: async () =>
    (
      await body(
        api.GET("/api/v1/genesys/integrations", { params: { query: { limit: 100 } } }),
      )
    ).items ?? [],
});

/** Whether the connections work, and how much waits for them. */
export const genesysHealth = queryOptions({
  queryKey: ["genesys", "health"],
  refetchInterval: LOOK_MS,
  queryFn: () => body(api.GET("/api/v1/genesys/health")),
});

/** Where a conversation is answered. */
export const deskOf = (conversation: string) =>
  queryOptions({
    queryKey: ["conversation-desk", conversation],
    queryFn: () =>
      body(
        api.GET("/api/v1/conversations/{conversation}/desk", {
          params: { path: { conversation } },
        }),
      ),
  });

/** Where a channel's conversations go. */
export const channelDesk = (channel: string) =>
  queryOptions({
    queryKey: ["channel-desk", channel],
    queryFn: () =>
      body(api.GET("/api/v1/channels/{channel}/desk", { params: { path: { channel } } })),
  });

/** Whether conversations can be handed over to it. */
export function takes(one: Integration): boolean {
  return one.state === "active" && !!one.genesysId && (one.createStatus ?? "completed") === "completed";
}
