/// Parley's pages in a browser: signing in, and taking their pictures.
@NullMarked
package dev.parley.acceptance.screens;

import org.jspecify.annotations.NullMarked;
