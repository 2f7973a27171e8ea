/// What tests share: a real database for each test class, two tenants in every fixture, waiting
/// with a deadline.
@NullMarked
package dev.parley.testing;

import org.jspecify.annotations.NullMarked;
