/// Socket.IO, protocol version 5, on top of [dev.parley.realtime.engineio]: namespaces, events, acknowledgements both
/// ways, binary attachments, rooms, and what clients need to resume. Knows nothing of what the events mean: a
/// [dev.parley.realtime.socketio.NamespaceHandler] does.
///
/// A broadcast is encoded once, and its bytes are shared by all receivers. After a socket has left a room nothing of
/// that room reaches its queue any more. What breaks the protocol ends the connection, as in the Node implementation.
@NullMarked
package dev.parley.realtime.socketio;

import org.jspecify.annotations.NullMarked;
