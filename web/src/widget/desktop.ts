/**
 * Puts a text into the agent's composer: `proposeInteractionMessage` of the Genesys client-app SDK, whose messages to the
 * desktop are objects with an action and the name of the protocol. The desktop asks for it to follow a click.
 */
export function propose(desktop: string, text: string): boolean {
  if (window.parent === window) {
    return false;
  }
  window.parent.postMessage(
    {
      action: "proposeInteractionMessage",
      mode: "insert",
      message: text,
      protocol: "purecloud-client-apps",
      protocolAgentName: "parley-widget",
      protocolAgentVersion: "1",
    },
    desktop,
  );
  return true;
}
