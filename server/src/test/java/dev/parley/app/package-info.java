/// Tests of the commands and of the documents that are made from the code.
@NullMarked
package dev.parley.app;

import org.jspecify.annotations.NullMarked;
