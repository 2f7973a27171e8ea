/// Code that breaks the rules, for [dev.parley.ArchitectureTest].
@NullMarked
package dev.parley.planted.tenants;

import org.jspecify.annotations.NullMarked;
