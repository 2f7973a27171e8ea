/// Tests of Engine.IO, by raw HTTP and WebSocket.
@NullMarked
package dev.parley.realtime.engineio;

import org.jspecify.annotations.NullMarked;
