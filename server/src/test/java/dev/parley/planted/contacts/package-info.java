/// Code that breaks the rules, for [dev.parley.ArchitectureTest].
@NullMarked
package dev.parley.planted.contacts;

import org.jspecify.annotations.NullMarked;
