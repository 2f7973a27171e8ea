/// Code that breaks the rules, for [dev.parley.ArchitectureTest].
@NullMarked
package dev.parley.planted.channels;

import org.jspecify.annotations.NullMarked;
