package dev.parley.conversations;

import dev.parley.platform.http.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What somebody looks for: all words, in any order; words in double quotes one after the other; a word after a minus
/// not at all; the last word may be the beginning of one, unless a blank or a quote follows it.
final class SearchQuery {
  /// Longest query, in characters.
  static final int LONGEST = 200;

  /// Most words of a query.
  static final int MOST = 20;

  private static final int AROUND = 80;
  private static final Pattern PARTS = Pattern.compile("(-?)(?:\"([^\"]*)\"|(\\S+))");

  private record Term(boolean excluded, List<String> words, boolean beginning) {
    String text() {
      String phrase =
          words.stream().map(Words::quoted).collect(Collectors.joining(" <-> "))
              + (beginning ? ":*" : "");
      return (excluded ? "!" : "") + "(" + phrase + ")";
    }
  }

  private final List<Term> terms;

  private SearchQuery(List<Term> terms) {
    this.terms = terms;
  }

  /// Reads what was typed; throws a [Problem] when there is nothing to look for.
  static SearchQuery parse(String text) {
    var terms = new ArrayList<Term>();
    int count = 0;
    Matcher parts = PARTS.matcher(text);
    while (parts.find()) {
      boolean phrase = parts.group(2) != null;
      String part = phrase ? parts.group(2) : parts.group(3);
      List<String> words = Words.of(part).stream().map(Words.Word::text).toList();
      count += words.size();
      if (count > MOST) {
        throw Problem.invalid("q", "must have at most " + MOST + " words");
      }
      if (!words.isEmpty()) {
        boolean last = !phrase && parts.end() == text.length();
        terms.add(new Term(!parts.group(1).isEmpty(), words, last));
      }
    }
    if (terms.stream().allMatch(Term::excluded)) {
      throw Problem.invalid("q", "must have a word to look for");
    }
    return new SearchQuery(terms);
  }

  /// The text form of a `tsquery`.
  String text() {
    return terms.stream().map(Term::text).collect(Collectors.joining(" & "));
  }

  /// The piece of a text around the first word that was looked for, and where in the piece such words are.
  MessageSearch.Highlight highlight(String text) {
    List<Words.Word> found = Words.of(text).stream().filter(this::matches).toList();
    int first = found.isEmpty() ? 0 : found.getFirst().start();
    int start = whole(text, Math.max(0, first - AROUND));
    int end = whole(text, Math.min(text.length(), first + 2 * AROUND));
    var marks = new ArrayList<MessageSearch.Mark>();
    for (Words.Word word : found) {
      if (word.start() >= start && word.end() <= end) {
        int from = word.start() - start;
        int to = word.end() - start;
        if (!marks.isEmpty() && marks.getLast().end() > from) {
          from = marks.removeLast().start();
        }
        marks.add(new MessageSearch.Mark(from, to));
      }
    }
    return new MessageSearch.Highlight(text.substring(start, end), marks);
  }

  // Never through the middle of a character that takes two.
  private static int whole(String text, int at) {
    return at > 0 && at < text.length() && Character.isLowSurrogate(text.charAt(at)) ? at - 1 : at;
  }

  private boolean matches(Words.Word word) {
    for (Term term : terms) {
      if (!term.excluded()) {
        for (int i = 0; i < term.words().size(); i++) {
          String wanted = term.words().get(i);
          boolean open = term.beginning() && i == term.words().size() - 1;
          if (open ? word.text().startsWith(wanted) : word.text().equals(wanted)) {
            return true;
          }
        }
      }
    }
    return false;
  }
}
