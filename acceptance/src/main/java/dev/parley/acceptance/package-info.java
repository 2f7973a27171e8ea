/// Black-box checks of a running Parley. They start the program as anybody would, talk to it by HTTP alone, and use SQL
/// only to count afterwards what is really there.
@NullMarked
package dev.parley.acceptance;

import org.jspecify.annotations.NullMarked;
