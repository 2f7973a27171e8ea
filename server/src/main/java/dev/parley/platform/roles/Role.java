package dev.parley.platform.roles;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What a process can be. One process runs all roles or some of them; every role is the same
/// program.
public enum Role {
  /// REST, documents, administration.
  API,
  /// Webhooks of providers.
  INGRESS,
  /// Sockets of agents and customers.
  REALTIME,
  /// Queues, subscriptions, timers, delivery.
  WORKER;

  /// Reads a list of role names; `all` stands for every one. Throws `IllegalArgumentException`
  /// naming what is unknown.
  public static Set<Role> parse(List<String> names) {
    var roles = EnumSet.noneOf(Role.class);
    for (String name : names) {
      if (name.equals("all")) {
        return EnumSet.allOf(Role.class);
      }
      try {
        roles.add(valueOf(name.toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "unknown role " + name + "; there are all, api, ingress, realtime, worker", e);
      }
    }
    if (roles.isEmpty()) {
      throw new IllegalArgumentException("name at least one role, or all");
    }
    return roles;
  }
}
