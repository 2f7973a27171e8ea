package dev.parley.genesys;

import dev.parley.conversations.Message;
import java.util.List;

/// What was said in a conversation, as one text for whoever goes on with it: Genesys takes nothing said by agents or
/// bots before.
final class Transcript {
  private static final int LINE = 200;

  private Transcript() {}

  /// @param by who hands over
  /// @param note what they say about it; may be empty
  /// @param newestFirst the last messages
  /// @param most characters; the oldest are left out when there are more
  static String of(String by, String note, List<Message> newestFirst, int most) {
    var head = new StringBuilder("[Handed over by ").append(by).append(']');
    if (!note.isBlank()) {
      head.append('\n').append(Texts.cut(note.strip(), 1000));
    }
    var lines = new StringBuilder();
    for (Message message : newestFirst) {
      String who =
          switch (message.sender().kind()) {
            case "contact" -> "Customer";
            case "system" -> "Automatic";
            default -> message.sender().name() == null ? "Agent" : message.sender().name();
          };
      String line = "\n" + who + ": " + Texts.cut(ToGenesys.text(message.content()).strip(), LINE);
      if (head.length() + lines.length() + line.length() > most) {
        break;
      }
      lines.insert(0, line);
    }
    return head.append(lines).toString();
  }
}
