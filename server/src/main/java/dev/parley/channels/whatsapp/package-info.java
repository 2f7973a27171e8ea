/// WhatsApp through Meta's Cloud API: signed webhooks in, the Graph API out.
///
/// The way in: [dev.parley.channels.whatsapp.WhatsAppWebhook] checks the signature over the raw bytes and commits the
/// updates of a POST to the inbound queue before it answers; [dev.parley.channels.whatsapp.WhatsAppInbound] translates
/// them in batches. The way out: [dev.parley.channels.whatsapp.WhatsAppConnector] translates and calls.
///
/// Facts about Meta's contract are from its public documentation of the Cloud API; where pages of it contradict each
/// other the code follows the more cautious one.
@NullMarked
package dev.parley.channels.whatsapp;

import org.jspecify.annotations.NullMarked;
