/// The emulator of Genesys Cloud, as far as a bridge by Open Messaging and its agents' widget meet
/// it.
///
/// [dev.parley.sandbox.genesys.GenesysSandbox] is driven over HTTP alone: `/oauth/...` and
/// `/api/v2/...` for the system under test, and a control API under `/sandbox/...` for whoever runs
/// the demo or the test. Each organisation in it has clients, integrations, conversations, an agent
/// that answers by script, and faults of its own. All state is in memory.
///
/// This package knows nothing of the server.
@NullMarked
package dev.parley.sandbox.genesys;

import org.jspecify.annotations.NullMarked;
