package dev.parley.realtime.presence;

/// What others see of a user. The order matters: of several devices the greatest counts.
public enum PresenceState {
  /// Nobody knows: the nodes cannot reach what they share. It ends by itself.
  UNKNOWN,
  /// No device is connected.
  OFFLINE,
  /// Connected, and either nobody is at a device or the user has said so.
  AWAY,
  /// Somebody is at a device.
  ONLINE
}
