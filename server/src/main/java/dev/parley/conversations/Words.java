package dev.parley.conversations;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Texts as words for searching, the same for every language: without case, accents and punctuation. What is written
/// without blanks between words (Chinese, Japanese, Thai and their like) is cut into overlapping pairs of characters.
final class Words {
  /// Most words of a text that are searched.
  static final int MOST = 2_000;

  /// Longest word, in characters; what is longer is cut.
  static final int LONGEST = 64;

  private static final Set<Character.UnicodeScript> WITHOUT_BLANKS =
      Set.of(
          Character.UnicodeScript.HAN,
          Character.UnicodeScript.HIRAGANA,
          Character.UnicodeScript.KATAKANA,
          Character.UnicodeScript.THAI,
          Character.UnicodeScript.LAO,
          Character.UnicodeScript.KHMER,
          Character.UnicodeScript.MYANMAR);

  // Letters that are no letter with an accent to Unicode, but to those who type.
  private static final Map<Integer, String> PLAIN =
      Map.ofEntries(
          Map.entry((int) 'ß', "ss"),
          Map.entry((int) 'æ', "ae"),
          Map.entry((int) 'œ', "oe"),
          Map.entry((int) 'ø', "o"),
          Map.entry((int) 'ł', "l"),
          Map.entry((int) 'đ', "d"),
          Map.entry((int) 'ð', "d"),
          Map.entry((int) 'þ', "th"),
          Map.entry((int) 'ı', "i"));

  /// A word of a text.
  ///
  /// @param text as it is searched
  /// @param start where it begins in the original
  /// @param end where it ends
  record Word(String text, int start, int end) {}

  private Words() {}

  /// The words of a text in their order, at most [#MOST].
  static List<Word> of(String text) {
    var words = new ArrayList<Word>();
    int at = 0;
    while (at < text.length() && words.size() < MOST) {
      int first = text.codePointAt(at);
      if (!belongs(first)) {
        at += Character.charCount(first);
        continue;
      }
      boolean dense = isDense(first);
      int end = at;
      while (end < text.length()) {
        int next = text.codePointAt(end);
        if (!isMark(next) && (!belongs(next) || isDense(next) != dense)) {
          break;
        }
        end += Character.charCount(next);
      }
      if (dense) {
        pairs(words, text, at, end);
      } else {
        add(words, text, at, end);
      }
      at = end;
    }
    return words;
  }

  private static void pairs(List<Word> words, String text, int start, int end) {
    int before = start;
    int at = start;
    while (at < end) {
      int next = at + Character.charCount(text.codePointAt(at));
      while (next < end && isMark(text.codePointAt(next))) {
        next += Character.charCount(text.codePointAt(next));
      }
      // The first character alone only where it is the only one.
      if ((at > start || next == end) && words.size() < MOST) {
        add(words, text, before, next);
      }
      before = at;
      at = next;
    }
  }

  private static void add(List<Word> words, String text, int start, int end) {
    String plain = plain(text.substring(start, end));
    if (!plain.isEmpty()) {
      words.add(new Word(plain, start, end));
    }
  }

  /// Without case and accents, and cut to [#LONGEST]; blanks and punctuation stay.
  static String plain(String text) {
    String apart = Normalizer.normalize(text, Normalizer.Form.NFKD).toLowerCase(Locale.ROOT);
    var plain = new StringBuilder(apart.length());
    apart
        .codePoints()
        .filter(c -> !isMark(c))
        .forEach(
            c -> {
              String other = PLAIN.get(c);
              if (other == null) {
                plain.appendCodePoint(c);
              } else {
                plain.append(other);
              }
            });
    String whole = Normalizer.normalize(plain, Normalizer.Form.NFC);
    if (whole.length() <= LONGEST) {
      return whole;
    }
    return whole.substring(
        0, Character.isHighSurrogate(whole.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST);
  }

  /// A whole name without case and accents, with one blank between its words.
  static String name(String name) {
    var words = new ArrayList<String>();
    for (String part : name.split("[^\\p{L}\\p{N}\\p{M}]+")) {
      String plain = plain(part);
      if (!plain.isEmpty()) {
        words.add(plain);
      }
    }
    return String.join(" ", words);
  }

  /// The text form of a `tsvector` with these words at their places.
  static String vector(List<Word> words) {
    var places = new LinkedHashMap<String, StringBuilder>();
    for (int i = 0; i < words.size(); i++) {
      StringBuilder at = places.computeIfAbsent(words.get(i).text(), _ -> new StringBuilder());
      at.append(at.isEmpty() ? "" : ",").append(i + 1);
    }
    var vector = new StringBuilder();
    places.forEach((word, at) -> vector.append(quoted(word)).append(':').append(at).append(' '));
    return vector.toString();
  }

  /// A word as a part of a `tsvector` or `tsquery`. Words hold letters and digits alone; this is the second wall.
  static String quoted(String word) {
    return "'" + word.replace("\\", "").replace("'", "''") + "'";
  }

  private static boolean belongs(int c) {
    return Character.isLetterOrDigit(c);
  }

  private static boolean isMark(int c) {
    int type = Character.getType(c);
    return type == Character.NON_SPACING_MARK
        || type == Character.COMBINING_SPACING_MARK
        || type == Character.ENCLOSING_MARK;
  }

  private static boolean isDense(int c) {
    return WITHOUT_BLANKS.contains(Character.UnicodeScript.of(c));
  }
}
