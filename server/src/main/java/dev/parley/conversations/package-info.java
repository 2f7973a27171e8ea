/// Conversations and their messages: what customers write, what is answered, and what became of it; what users write to
/// each other; and how all of it is found.
///
/// How a customer's conversation stands and whose it is changes here, in [dev.parley.conversations.DeskStates]; who may be
/// given one, and the lists that agents see, are matters of the inbox above.
///
/// Tables: `conversations`, `conversation_changes`, `participants`, `messages`, `message_reactions`, `message_edits`, `pending_receipts`; of
/// conversations among users also `message_mentions`, `message_threads`, `user_reactions`, `message_pins`; of the search
/// `message_search`, `name_search`.
///
/// Invariants: a message's number is one more than the one before it in the conversation; a provider's message id is
/// stored once per channel, a client's key once per conversation, both by unique keys; a delivery state only moves
/// forward, whatever order receipts come in; a conversation is snoozed exactly as long as it has a moment to wake at; a receipt for a message that is not known yet waits for it. A pair of users
/// has one direct conversation, by a unique key; a group or channel has one owner while somebody is in it; a
/// participant's reading mark only moves forward, and their unread count is what counting would give. A conversation
/// among users is open to its participants alone. A message's
/// file goes from `pending` to one end, with one event, and as soon as it is here the message uses it.
///
/// Events: [dev.parley.conversations.ConversationEvent], all in the conversation's lane.
@NullMarked
package dev.parley.conversations;

import org.jspecify.annotations.NullMarked;
