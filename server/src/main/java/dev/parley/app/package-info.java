/// The program: its command line, its wiring, and the list of parts by role. The only package that sees everything.
@NullMarked
package dev.parley.app;

import org.jspecify.annotations.NullMarked;
