/// What those who run a tenant look at: the event log and dead letters. Owns no table.
@NullMarked
package dev.parley.admin;

import org.jspecify.annotations.NullMarked;
