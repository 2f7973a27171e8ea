package dev.parley.realtime.engineio;

/// The heartbeat of one session: when it is due, and what is due then.
final class Pulse {
  private final HeartbeatWheel wheel;
  private volatile int due;
  private volatile boolean pinged;
  private volatile boolean putOff;

  Pulse(HeartbeatWheel wheel) {
    this.wheel = wheel;
    this.due = wheel.nextPing();
  }

  int due() {
    return due;
  }

  /// It is due: answers true when a ping must go out now, false when the pong to the last one is overdue.
  boolean beat() {
    if (pinged) {
      return false;
    }
    pinged = true;
    putOff = false;
    due = wheel.pongDue();
    return true;
  }

  /// The client has answered.
  void pong() {
    pinged = false;
    due = wheel.nextPing();
  }

  /// Something has come: the client is there, if busy, and its pong may take a little longer, once.
  void heard() {
    if (pinged && !putOff) {
      putOff = true;
      due = wheel.pongDue();
    }
  }
}
