package dev.parley.platform.roles;

import java.time.Duration;
import java.util.Set;

/// Something that a process starts when it has one of the roles. Parts start by their order and
/// stop in reverse.
///
/// @param name unique, for the list of parts and the log
/// @param roles any of which makes this part start; empty means every process
/// @param order lower starts sooner
/// @param doc one sentence for `parley parts`
public record Part(String name, Set<Role> roles, int order, String doc, Body body) {
  /// How it starts and stops.
  public interface Body {
    /// Returns when it works; what it throws stops the process.
    void start();

    /// Takes nothing new and waits up to `patience` for what is under way.
    void stop(Duration patience);
  }

  /// Whether a process with these roles starts it.
  public boolean isFor(Set<Role> chosen) {
    return roles.isEmpty() || roles.stream().anyMatch(chosen::contains);
  }
}
