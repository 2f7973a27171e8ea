/// The database: embedded or external, its pools by role, migrations, and the one door to a
/// tenant's rows.
@NullMarked
package dev.parley.platform.db;

import org.jspecify.annotations.NullMarked;
