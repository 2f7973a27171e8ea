@NullMarked
package dev.parley.admin;

import org.jspecify.annotations.NullMarked;
