@NullMarked
package dev.parley.platform.mail;

import org.jspecify.annotations.NullMarked;
