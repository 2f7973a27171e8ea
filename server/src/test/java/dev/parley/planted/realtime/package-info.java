/// Code that breaks the rules, for [dev.parley.ArchitectureTest].
@NullMarked
package dev.parley.planted.realtime;

import org.jspecify.annotations.NullMarked;
