/// The agents' inbox: customers' conversations in lists with everything that a row shows, what is done with them at the
/// desk, notes, and what a desk is run with: teams, tags, canned replies, saved filters.
///
/// Tables: `teams`, `team_members`, `tags`, `conversation_tags`, `conversation_notes`, `canned_replies`, `saved_filters`.
///
/// Invariants: whoever a conversation is assigned to is active and may answer, and is a member of the conversation's team
/// if it has one. When that ceases to be so, [dev.parley.inbox.Unassignment] takes unresolved conversations out of their
/// hands, and resolved ones when they open again. A note is no message: nothing that delivers reads it. A page of the list costs a number of statements that does not depend on
/// its size.
///
/// Events: [dev.parley.inbox.InboxEvent]; those of a conversation are in its lane. What changes status, priority and
/// hands is told by [dev.parley.conversations.ConversationEvent].
@NullMarked
package dev.parley.inbox;

import org.jspecify.annotations.NullMarked;
