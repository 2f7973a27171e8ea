/// Code that breaks the rules, for [dev.parley.ArchitectureTest].
@NullMarked
package dev.parley.planted.inbox;

import org.jspecify.annotations.NullMarked;
