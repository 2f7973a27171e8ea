/// Channels: connected accounts, the connectors that speak to their providers, and delivery.
///
/// Tables: `channels`, `channel_notices`, `channel_media`.
///
/// Invariants: credentials are encrypted and never leave the server; a message is claimed before it is on the wire; a
/// send whose outcome is unknown is never silently repeated; files are with the provider before the message that shows
/// them is claimed; fetching a file holds up no message.
///
/// Events: [dev.parley.channels.ChannelEvent].
@NullMarked
package dev.parley.channels;

import org.jspecify.annotations.NullMarked;
