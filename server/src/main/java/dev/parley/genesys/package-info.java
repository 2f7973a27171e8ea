/// The bridge to Genesys Cloud: customers write on a channel of Parley, agents answer in the Genesys Cloud desktop,
/// through Genesys' Open Messaging.
///
/// The way there: [dev.parley.genesys.GenesysForwarding] reads the event log, decides which desk answers and queues;
/// [dev.parley.genesys.SendToGenesys] makes messages of Open Messaging by [dev.parley.genesys.ToGenesys] and posts them
/// through [dev.parley.genesys.GenesysClient]. The way back: [dev.parley.genesys.GenesysWebhook] checks the signature
/// over the raw bytes and commits before it answers; [dev.parley.genesys.ReceiveFromGenesys] makes messages by
/// [dev.parley.genesys.FromGenesys] and sends them, and hands what has to wait for a file to
/// [dev.parley.genesys.ReceiveSlowly]. [dev.parley.genesys.SendReceipts] tells what became of those.
///
/// [dev.parley.genesys.Counterparts] remembers which conversation and message is which, in memory and in Redis; nothing is
/// decided by it. [dev.parley.genesys.TenantIntegrations] knows who uses the bridge at all.
///
/// The agents' widget: [dev.parley.genesys.WidgetSignIn] lets an agent of Genesys in who is on a conversation,
/// [dev.parley.genesys.WidgetSessions] sees that they still are, [dev.parley.genesys.WidgetViewRoutes] shows that one
/// conversation.
///
/// Tables: `genesys_integrations`, `genesys_checks`, `channel_desks`, `conversation_desks`, `genesys_customers`,
/// `genesys_conversations`, `genesys_forwarded`, `genesys_received`, `genesys_answers`, `genesys_budgets`,
/// `genesys_widgets`, `genesys_widget_sessions`.
///
/// Invariants: credentials are stored encrypted and bound to their row; an OAuth token is fetched once however many
/// threads want it; a customer has one name at an integration, which never changes; a part of a message is settled at
/// Genesys once, a webhook's message handled once, both by primary keys; a message of Genesys gets one final receipt; the
/// order of a conversation is that of the event log on the way there; a widget's session shows one conversation, to an
/// agent of whom Genesys has said within the last minutes that they are on it.
///
/// Events: [dev.parley.genesys.GenesysEvent].
///
/// Facts about the contract are from Genesys' public SDK and documentation of Open Messaging.
@NullMarked
package dev.parley.genesys;

import org.jspecify.annotations.NullMarked;
