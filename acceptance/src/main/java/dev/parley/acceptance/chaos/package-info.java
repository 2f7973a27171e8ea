/// The live scenario: many clients with random drops, freezes, changes of participants and roles, and deaths of servers;
/// afterwards every client's log is held against the stored conversations.
@NullMarked
package dev.parley.acceptance.chaos;

import org.jspecify.annotations.NullMarked;
