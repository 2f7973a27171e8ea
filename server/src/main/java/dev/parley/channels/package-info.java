/// Channels: connected accounts, the connectors that speak to their providers, and delivery.
///
/// Tables: `channels`, `channel_notices`.
///
/// Invariants: credentials are encrypted and never leave the server; a message is claimed before it is on the wire; a
/// send whose outcome is unknown is never silently repeated.
///
/// Events: [dev.parley.channels.ChannelEvent].
@NullMarked
package dev.parley.channels;

import org.jspecify.annotations.NullMarked;
