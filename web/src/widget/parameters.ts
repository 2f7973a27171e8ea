/** What the Genesys desktop says in the address of the widget. */
export type Parameters = {
  integration: string;
  conversation: string;
  language: string;
  /** Whether the login has to be in a window of its own. */
  popup: boolean;
};

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
export const CALLBACK = "/genesys/widget/callback";

/** The parameters of an address; null when it is none that Genesys has filled in: then the braces still stand there. */
export function parameters(path: string, search: string): Parameters | null {
  const query = new URLSearchParams(search);
  const integration = path.split("/")[3] ?? "";
  const conversation = query.get("conversation") ?? "";
  return UUID.test(integration) && UUID.test(conversation)
    ? {
        integration,
        conversation,
        language: query.get("language") ?? "",
        popup: query.get("popup") !== "false",
      }
    : null;
}
