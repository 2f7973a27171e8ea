/// Tests of Socket.IO, by raw HTTP and WebSocket; and a small server for other programs' tests and benchmarks.
@NullMarked
package dev.parley.realtime.socketio;

import org.jspecify.annotations.NullMarked;
