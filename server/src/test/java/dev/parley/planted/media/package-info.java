/// Code that breaks the rules, for [dev.parley.ArchitectureTest].
@NullMarked
package dev.parley.planted.media;

import org.jspecify.annotations.NullMarked;
