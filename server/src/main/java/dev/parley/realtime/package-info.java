/// What happens, live: one stream of events behind three doors, plain WebSocket, server-sent events and Socket.IO.
///
/// A door turns its protocol into a [dev.parley.realtime.Connection] and its clients' requests into
/// [dev.parley.realtime.Command]s; everything else is the same for all of them. No tables of its own.
///
/// Invariants: a client gets each event that it may see once, those of a conversation in their order; after it was
/// taken out of a conversation nothing of that conversation; after a pause, from the cursor that it kept, exactly what
/// it missed. What waits for a client is bounded, and a client that does not read is closed and never waited for.
@NullMarked
package dev.parley.realtime;

import org.jspecify.annotations.NullMarked;
