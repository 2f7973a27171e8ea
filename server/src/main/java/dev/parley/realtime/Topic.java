package dev.parley.realtime;

import dev.parley.platform.http.Problem;
import java.util.UUID;

/// What a client can follow.
public sealed interface Topic {
  /// One conversation, with a customer or among people.
  record Conversation(UUID id) implements Topic {
    @Override
    public String toString() {
      return "conversation:" + id;
    }
  }

  /// All conversations among people in which the user takes part, now and later.
  record Mine() implements Topic {
    @Override
    public String toString() {
      return "mine";
    }
  }

  /// All conversations with customers, contacts, channels and what the inbox is run with, as far as the caller may read.
  record Inbox() implements Topic {
    @Override
    public String toString() {
      return "inbox";
    }
  }

  /// Everything in the event log that the caller may read.
  record Log() implements Topic {
    @Override
    public String toString() {
      return "events";
    }
  }

  /// The topic of that name: `mine`, `inbox`, `events` or `conversation:{id}`. Throws a [Problem] when there is none.
  static Topic parse(String text) {
    return switch (text) {
      case "mine" -> new Mine();
      case "inbox" -> new Inbox();
      case "events" -> new Log();
      default -> {
        String prefix = "conversation:";
        try {
          if (text.startsWith(prefix)) {
            yield new Conversation(UUID.fromString(text.substring(prefix.length())));
          }
        } catch (IllegalArgumentException e) {
          throw unknown();
        }
        throw unknown();
      }
    };
  }

  private static Problem unknown() {
    return Problem.invalid("topics", "must be mine, inbox, events or conversation:{id}");
  }
}
