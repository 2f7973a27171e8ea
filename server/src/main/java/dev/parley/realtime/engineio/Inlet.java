package dev.parley.realtime.engineio;

import java.util.Base64;
import org.jboss.logging.Logger;

/// Reads what a client sends: packets one at a time, and not too many in a second. With the listener's monitor held.
final class Inlet {
  private static final Logger LOG = Logger.getLogger(Inlet.class);

  private final EngineSocket session;
  private int second;
  private int inSecond;

  Inlet(EngineSocket session) {
    this.session = session;
  }

  /// Counts a packet; ends the session when it is one too many.
  boolean admit(int perSecond) {
    // About a second, by a shift.
    int now = (int) (System.nanoTime() >> 30);
    if (now != second) {
      second = now;
      inSecond = 0;
    }
    if (++inSecond > perSecond) {
      session.close(CloseReason.TOO_MANY);
      return false;
    }
    return true;
  }

  /// A packet in its text form.
  void take(String packet, EngineListener hears) {
    switch (packet.isEmpty() ? ' ' : packet.charAt(0)) {
      case '4' -> hand(() -> hears.text(packet.substring(1)));
      case 'b' -> {
        byte[] bytes;
        try {
          bytes = Base64.getDecoder().decode(packet.substring(1));
        } catch (IllegalArgumentException e) {
          session.close(CloseReason.PARSE_ERROR);
          return;
        }
        hand(() -> hears.binary(bytes));
      }
      case '3' -> session.pong();
      case '1' -> session.close(CloseReason.TRANSPORT_CLOSE);
      // Only servers ping.
      case '2' -> session.close(CloseReason.TRANSPORT_ERROR);
      case '0', '5', '6' -> {
        // Valid packets that mean nothing here.
      }
      default -> session.close(CloseReason.PARSE_ERROR);
    }
  }

  /// A binary message.
  void take(byte[] message, EngineListener hears) {
    hand(() -> hears.binary(message));
  }

  private void hand(Runnable message) {
    try {
      message.run();
    } catch (RuntimeException e) {
      LOG.errorf(e, "engine.io: a listener failed");
      session.close(CloseReason.FORCED_CLOSE);
    }
  }
}
