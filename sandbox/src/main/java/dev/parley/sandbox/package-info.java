/// Emulators of the outside services that Parley talks to, each good enough to be the other side in
/// a demo, a test, a fault test or a benchmark.
///
/// What all of them listen with and keep things in is here, and WhatsApp; Genesys Cloud is in
/// [dev.parley.sandbox.genesys].
///
/// [dev.parley.sandbox.WhatsAppSandbox] speaks Meta's WhatsApp Cloud API. It is driven over HTTP
/// alone: the Graph API under `/v23.0/...` (any version) for the system under test, and a control
/// API under `/sandbox/...` for whoever runs the demo or the test. All state is in memory.
///
/// This package knows nothing of the server.
@NullMarked
package dev.parley.sandbox;

import org.jspecify.annotations.NullMarked;
