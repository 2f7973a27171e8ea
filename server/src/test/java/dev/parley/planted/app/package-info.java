/// Code that breaks the rules, for [dev.parley.ArchitectureTest].
@NullMarked
package dev.parley.planted.app;

import org.jspecify.annotations.NullMarked;
