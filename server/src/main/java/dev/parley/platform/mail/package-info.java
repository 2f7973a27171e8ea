/// Mails: queued in the transaction of what they tell of, written and sent later by a worker, never inside a request.
/// No tables of its own; mails that wait are items of the queue `mails`.
///
/// Invariants: a mail that was queued is sent at least once or becomes a dead letter with its cause; what is queued
/// names things by their ids or by an address and holds no secret and no link; nothing that people typed reaches a
/// header as more than one line.
@NullMarked
package dev.parley.platform.mail;

import org.jspecify.annotations.NullMarked;
