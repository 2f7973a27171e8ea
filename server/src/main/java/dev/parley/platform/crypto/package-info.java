/// Secrets: redacted in text, encrypted at rest with key ids, compared in constant time.
@NullMarked
package dev.parley.platform.crypto;

import org.jspecify.annotations.NullMarked;
