package dev.parley.planted.realtime;

import dev.parley.planted.channels.Channel;

/// Breaks: the sockets do not use channels.
public final class Stream {
  /// A module that it may not use.
  public void channel(Channel channel) {
    System.out.println(channel.hashCode());
  }
}
