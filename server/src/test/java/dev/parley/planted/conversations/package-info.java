/// Code that breaks the rules, for [dev.parley.ArchitectureTest].
@NullMarked
package dev.parley.planted.conversations;

import org.jspecify.annotations.NullMarked;
