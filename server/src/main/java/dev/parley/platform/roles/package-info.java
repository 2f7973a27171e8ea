/// Roles and parts: what a process starts, in which order.
@NullMarked
package dev.parley.platform.roles;

import org.jspecify.annotations.NullMarked;
