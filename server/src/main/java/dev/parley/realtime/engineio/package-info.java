/// Engine.IO, protocol version 4: sessions over HTTP long-polling and WebSocket, for the clients of Socket.IO 3 and 4.
/// Knows nothing of what the messages mean.
///
/// A session is used from any thread: what is sent goes into its queue, and the event loop of its connection writes it.
/// What comes in is handed over on an event loop, one message at a time for each session. Nothing here blocks.
/// Heartbeats are kept by one wheel for each event loop, so an idle session has no timer.
///
/// Long-polling needs all requests of a session to reach the process that holds it; a session that begins as
/// WebSocket is one connection and does not care.
///
/// The rules are those of the public protocol description; where it leaves a choice, the Node implementation was
/// followed, and the tests say which.
@NullMarked
package dev.parley.realtime.engineio;

import org.jspecify.annotations.NullMarked;
