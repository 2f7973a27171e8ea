/// Conversations and their messages: what customers write, what is answered, and what became of it.
///
/// Tables: `conversations`, `participants`, `messages`, `message_reactions`, `message_edits`, `pending_receipts`.
///
/// Invariants: a message's number is one more than the one before it in the conversation; a provider's message id is
/// stored once per channel, a client's key once per conversation, both by unique keys; a delivery state only moves
/// forward, whatever order receipts come in; a receipt for a message that is not known yet waits for it.
///
/// Events: [dev.parley.conversations.ConversationEvent], all in the conversation's lane.
@NullMarked
package dev.parley.conversations;

import org.jspecify.annotations.NullMarked;
