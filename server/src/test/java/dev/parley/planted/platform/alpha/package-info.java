/// Code that breaks the rules, for [dev.parley.ArchitectureTest].
@NullMarked
package dev.parley.planted.platform.alpha;

import org.jspecify.annotations.NullMarked;
