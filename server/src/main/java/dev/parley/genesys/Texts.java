package dev.parley.genesys;

import java.util.ArrayList;
import java.util.List;

/// Cutting and splitting of texts, by UTF-16 units as both sides count, and never through a character that takes two.
final class Texts {
  private Texts() {}

  /// At most `most` units; what is longer ends with an ellipsis.
  static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, safe(text, most - 1)) + "…";
  }

  /// Pieces of at most `most` units, parted where a line or a word ends if there is such a place in their second half.
  /// Put together they are the text but for the blanks at which it was parted.
  static List<String> split(String text, int most) {
    var pieces = new ArrayList<String>();
    String rest = text;
    while (rest.length() > most) {
      int end = place(rest, most);
      pieces.add(rest.substring(0, end).stripTrailing());
      rest = rest.substring(end).stripLeading();
    }
    if (!rest.isEmpty() || pieces.isEmpty()) {
      pieces.add(rest);
    }
    return pieces;
  }

  private static int place(String text, int most) {
    for (char at : new char[] {'\n', ' '}) {
      int end = text.lastIndexOf(at, most);
      if (end > most / 2) {
        return end;
      }
    }
    return safe(text, most);
  }

  private static int safe(String text, int end) {
    return end > 0 && Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end;
  }
}
