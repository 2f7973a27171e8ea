/// What scenarios, fault tests and benchmarks drive Parley with: its process, its REST API, the sandbox, the database.
@NullMarked
package dev.parley.acceptance.driver;

import org.jspecify.annotations.NullMarked;
