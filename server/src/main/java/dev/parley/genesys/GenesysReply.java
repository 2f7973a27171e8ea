package dev.parley.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;

/// What became of a call of Genesys Cloud.
sealed interface GenesysReply {
  /// It was done.
  ///
  /// @param body an empty object where there was none
  record Done(JsonNode body) implements GenesysReply {}

  /// It was refused, and the same will be refused again.
  ///
  /// @param status of HTTP; 401 and 403 mean the client rather than this call
  /// @param detail Genesys' words, for people
  record Refused(int status, String detail) implements GenesysReply {}

  /// Certainly not done; it may be after a pause.
  ///
  /// @param limited whether it was too much at once rather than a fault
  record Later(Duration pause, String detail, boolean limited) implements GenesysReply {}

  /// No answer, or one that leaves open whether it was done.
  record Unknown(String detail) implements GenesysReply {}

  /// For people: why it was not done; empty when it was.
  default String cause() {
    return switch (this) {
      case Done _ -> "";
      case Refused(int status, String detail) ->
          "Genesys Cloud refuses it (%d): %s".formatted(status, detail);
      case Later(_, String detail, _) -> "Genesys Cloud does not take it now: " + detail;
      case Unknown(String detail) -> "Genesys Cloud gave no clear answer: " + detail;
    };
  }
}
