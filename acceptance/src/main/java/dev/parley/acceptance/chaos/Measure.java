package dev.parley.acceptance.chaos;

import java.time.Duration;
import java.util.List;

/// How much of everything.
///
/// @param nodes processes on one database: with one it is the embedded one
/// @param redis whether they share a Redis, which dies now and then too
/// @param doors by which clients come, in turn
/// @param clients connections, of a fifth as many users
/// @param time of chaos, beside what starting, connecting and comparing take
/// @param pause between two messages
/// @param kill from one death of a node to the next
public record Measure(
    int nodes,
    boolean redis,
    List<String> doors,
    int clients,
    Duration time,
    Duration pause,
    Duration kill) {
  /// For the tests.
  public static final Measure BRIEF =
      new Measure(
          1,
          false,
          List.of("ws", "sse"),
          24,
          Duration.ofSeconds(10),
          Duration.ofMillis(40),
          Duration.ofSeconds(4));

  /// For `bin/bench chaos`.
  public static final Measure FULL =
      new Measure(
          1,
          false,
          List.of("ws", "ws", "sse"),
          200,
          Duration.ofMinutes(2),
          Duration.ofMillis(15),
          Duration.ofSeconds(12));

  /// Throws `IllegalArgumentException` when there is no door of a name.
  public Measure {
    doors = List.copyOf(doors);
    doors.forEach(Door::of);
  }

  /// On so many nodes.
  public Measure nodes(int count) {
    return new Measure(count, redis, doors, clients, time, pause, kill);
  }

  /// With or without a Redis.
  public Measure redis(boolean shared) {
    return new Measure(nodes, shared, doors, clients, time, pause, kill);
  }

  /// By these doors in turn; a name may stand there twice.
  public Measure doors(List<String> names) {
    return new Measure(nodes, redis, names, clients, time, pause, kill);
  }

  /// With so many clients.
  public Measure clients(int count) {
    return new Measure(nodes, redis, doors, count, time, pause, kill);
  }

  /// For so long.
  public Measure time(Duration longer) {
    return new Measure(nodes, redis, doors, clients, longer, pause, kill);
  }

  int users() {
    return Math.max(6, clients / 5);
  }

  /// Conversations, each of which a third of the users is in, and some more.
  int groups() {
    return Math.clamp(clients / 16, 4, 20);
  }

  @Override
  public String toString() {
    return "%d node%s, %s Redis, %s, %d clients, %d s"
        .formatted(
            nodes,
            nodes == 1 ? "" : "s",
            redis ? "with" : "without",
            String.join("+", doors.stream().distinct().toList()),
            clients,
            time.toSeconds());
  }
}
