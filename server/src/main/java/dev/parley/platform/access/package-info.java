/// Who acts and for whom: the tenant, the caller, the permissions. No tables.
@NullMarked
package dev.parley.platform.access;

import org.jspecify.annotations.NullMarked;
