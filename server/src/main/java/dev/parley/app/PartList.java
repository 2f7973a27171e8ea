package dev.parley.app;

import dev.parley.platform.roles.Part;
import dev.parley.platform.roles.Role;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Every part that a process can start: what it is called, for which roles, when and why. [Parts] says how each one
/// starts and stops.
enum PartList {
  REDIS(
      5,
      "Keeps the connection to Redis, if one is configured",
      Role.API,
      Role.INGRESS,
      Role.REALTIME,
      Role.WORKER),
  CALLS(8, "Writes the log of calls", Role.API, Role.INGRESS, Role.REALTIME, Role.WORKER),
  LEASES(10, "Shares the lanes out among the worker processes", Role.WORKER),
  TAIL(20, "Tells waiting readers and sockets what happened", Role.API, Role.REALTIME),
  HINTS(
      25,
      "Tells other processes by Redis of events, and hears of theirs",
      Role.API,
      Role.INGRESS,
      Role.REALTIME,
      Role.WORKER),
  TIMERS(30, "Durable timers and housekeeping", Role.WORKER),
  INBOUND_MESSAGES(40, "Turns providers' updates into messages and receipts", Role.WORKER),
  OUTBOUND_MESSAGES(50, "Delivers messages to providers", Role.WORKER),
  SEARCH(52, "Fills the search from the event log", Role.WORKER),
  DEPARTURES(54, "Takes removed users out of the conversations they were in", Role.WORKER),
  UNASSIGNMENT(
      54, "Takes conversations out of the hands of who cannot answer any more", Role.WORKER),
  MAILS(55, "Writes mails and hands them to the mail server", Role.WORKER),
  MEDIA_DOWNLOADS(56, "Fetches customers' files from providers", Role.WORKER),
  RENDITIONS(57, "Makes thumbnails and other forms of files that are ready", Role.WORKER),
  GENESYS(57, "Takes messages to Genesys Cloud and its agents' messages back", Role.WORKER),
  CHANNEL_CALLS(58, "Notes when providers call the webhooks of channels", Role.INGRESS),
  INTAKE(60, "Commits webhooks in groups before they are answered", Role.INGRESS),
  PRESENCE(65, "Knows who is there and who is typing", Role.REALTIME),
  REALTIME(70, "Lets sockets and event streams in, and lets them go in time", Role.REALTIME),
  NODE_STATE(
      75,
      "Tells the other processes how this one is",
      Role.API,
      Role.INGRESS,
      Role.REALTIME,
      Role.WORKER);

  private final int order;
  private final String doc;

  @SuppressWarnings("ImmutableEnumChecker") // Set.of cannot be changed
  private final Set<Role> roles;

  PartList(int order, String doc, Role... roles) {
    this.order = order;
    this.doc = doc;
    this.roles = Set.of(roles);
  }

  /// The part's name, as the log and the table show it.
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// The names of what a process with these roles starts.
  static List<String> of(Set<Role> chosen) {
    return Arrays.stream(values())
        .filter(part -> part.roles.stream().anyMatch(chosen::contains))
        .sorted(Comparator.comparingInt(part -> part.order))
        .map(PartList::word)
        .toList();
  }

  /// The part with the code that starts and stops it.
  Part with(Part.Body body) {
    return new Part(word(), roles, order, doc, body);
  }

  /// The table of parts in the order of starting, a line for each.
  static List<String> table() {
    var lines = Arrays.stream(values()).sorted(Comparator.comparingInt(p -> p.order)).toList();
    return lines.stream()
        .map(
            part ->
                "%-18s %-27s %5d  %s".formatted(part.word(), part.names(), part.order, part.doc))
        .toList();
  }

  private String names() {
    return String.join(
        ",", roles.stream().sorted().map(role -> role.name().toLowerCase(Locale.ROOT)).toList());
  }
}
