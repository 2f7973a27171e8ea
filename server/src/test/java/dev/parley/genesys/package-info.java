/// Tests of the bridge to Genesys Cloud.
@NullMarked
package dev.parley.genesys;

import org.jspecify.annotations.NullMarked;
