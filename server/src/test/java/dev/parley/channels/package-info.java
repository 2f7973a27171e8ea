/// Tests of channels; [dev.parley.channels.ChannelConnectorContract] is what every connector has to pass.
@NullMarked
package dev.parley.channels;

import org.jspecify.annotations.NullMarked;
