/// Code that breaks the rules, for [dev.parley.ArchitectureTest].
@NullMarked
package dev.parley.planted.platform.beta;

import org.jspecify.annotations.NullMarked;
