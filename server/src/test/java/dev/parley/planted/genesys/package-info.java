/// Code that breaks the rules, for [dev.parley.ArchitectureTest].
@NullMarked
package dev.parley.planted.genesys;

import org.jspecify.annotations.NullMarked;
