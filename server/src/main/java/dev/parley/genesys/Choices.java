package dev.parley.genesys;

import dev.parley.conversations.Content;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Choices as WhatsApp can show them: up to three short ones as buttons, up to ten as a list, all others as a numbered
/// text. Lengths are WhatsApp's, in UTF-16 units. Titles are never cut: two that are cut may look the same.
final class Choices {
  static final int BODY = 1024;
  static final int TEXT = 4096;

  private static final int BUTTONS = 3;
  private static final int LABEL = 20;
  private static final int BUTTON_ID = 256;
  private static final int ROWS = 10;
  private static final int ROW_TITLE = 24;
  private static final int ROW_TEXT = 72;
  private static final int ROW_ID = 200;
  private static final String ASK = "Please choose:";
  private static final String OPEN = "Choose";

  private Choices() {}

  /// A choice with what stands below it in a list.
  ///
  /// @param description null where there is none
  record Row(Part.Option option, @Nullable String description) {}

  /// A group of choices.
  record Group(@Nullable String title, List<Row> rows) {}

  /// The best that can be done with a text and choices.
  ///
  /// @param header what stands above buttons; null where nothing does
  static List<Step> of(String body, List<Part.Option> options, Content.@Nullable Header header) {
    if (options.isEmpty()) {
      return text(body);
    }
    List<Row> rows = options.stream().map(option -> new Row(option, null)).toList();
    boolean buttons =
        options.size() <= BUTTONS
            && options.stream().allMatch(option -> fits(option.text(), LABEL))
            && options.stream().map(Part.Option::text).distinct().count() == options.size();
    if (!buttons) {
      return list(body, List.of(new Group(null, rows)), false);
    }
    var steps = new ArrayList<Step>(introduction(body));
    var ids = new LinkedHashMap<String, Part.Option>();
    var list = new ArrayList<Content.Button>();
    for (Part.Option option : options) {
      String id = id(option, ids.keySet(), BUTTON_ID);
      ids.put(id, option);
      list.add(new Content.Button(id, option.text()));
    }
    steps.add(new Step.Say(new Content.Buttons(question(body), list, header, null), ids, false));
    return steps;
  }

  /// Choices in groups, as a list where they fit, else as a numbered text.
  ///
  /// @param several whether more than one may be chosen, which a list cannot
  static List<Step> list(String body, List<Group> groups, boolean several) {
    List<Row> rows = groups.stream().flatMap(group -> group.rows().stream()).toList();
    if (rows.isEmpty()) {
      return text(body);
    }
    boolean titled =
        groups.size() == 1
            || groups.stream().allMatch(g -> g.title() != null && fits(g.title(), ROW_TITLE));
    boolean fits =
        !several
            && titled
            && rows.size() <= ROWS
            && rows.stream().allMatch(row -> fits(row.option().text(), ROW_TITLE));
    if (!fits) {
      return numbered(body, groups, several);
    }
    var ids = new LinkedHashMap<String, Part.Option>();
    var sections = new ArrayList<Content.Section>();
    for (Group group : groups) {
      var shown = new ArrayList<Content.Row>();
      for (Row row : group.rows()) {
        String id = id(row.option(), ids.keySet(), ROW_ID);
        ids.put(id, row.option());
        String description = row.description();
        shown.add(
            new Content.Row(
                id,
                row.option().text(),
                description == null || description.isBlank()
                    ? null
                    : Texts.cut(description, ROW_TEXT)));
      }
      String title = group.title();
      sections.add(
          new Content.Section(
              title == null || title.isBlank() ? null : Texts.cut(title, ROW_TITLE), shown));
    }
    var steps = new ArrayList<Step>(introduction(body));
    steps.add(
        new Step.Say(new Content.Menu(question(body), OPEN, sections, null, null), ids, false));
    return steps;
  }

  private static List<Step> numbered(String body, List<Group> groups, boolean several) {
    var text = new StringBuilder(body.isBlank() ? ASK : body);
    var options = new LinkedHashMap<String, Part.Option>();
    for (Group group : groups) {
      if (group.title() != null && !group.title().isBlank()) {
        text.append('\n').append(group.title()).append(':');
      }
      for (Row row : group.rows()) {
        options.put(Integer.toString(options.size() + 1), row.option());
        text.append('\n').append(options.size()).append(") ").append(row.option().text());
        if (row.description() != null && !row.description().isBlank()) {
          text.append(" - ").append(row.description());
        }
      }
    }
    text.append(
        several ? "\nReply with the number of your first choice." : "\nReply with a number.");
    List<String> pieces = Texts.split(text.toString(), TEXT);
    var steps = new ArrayList<Step>();
    pieces.subList(0, pieces.size() - 1).forEach(piece -> steps.add(Step.Say.text(piece)));
    steps.add(new Step.Say(new Content.Text(pieces.getLast(), null), options, true));
    return steps;
  }

  /// A text in as many messages as it needs; none when it is blank.
  static List<Step> text(String text) {
    return text.isBlank()
        ? List.of()
        : Texts.split(text, TEXT).stream().<Step>map(Step.Say::text).toList();
  }

  /// What is too long to stand with the choices goes before them.
  private static List<Step> introduction(String body) {
    return fits(body, BODY) ? List.of() : text(body);
  }

  private static String question(String body) {
    return body.isBlank() || !fits(body, BODY) ? ASK : body;
  }

  static boolean fits(String text, int most) {
    return !text.isBlank() && text.length() <= most;
  }

  /// The payload where it can be an id, so that logs can be read; else something as unique.
  private static String id(Part.Option option, Set<String> taken, int most) {
    String payload = option.payload();
    return fits(payload, most) && !taken.contains(payload)
        ? payload
        : UUID.nameUUIDFromBytes((taken.size() + ":" + payload).getBytes(StandardCharsets.UTF_8))
            .toString();
  }

  /// What a text chooses of numbered choices: by number, or by the words. Null when it is neither.
  static Part.@Nullable Option chosen(Map<String, Part.Option> options, String text) {
    String said = text.strip().replaceFirst("[.)]$", "");
    Part.Option byNumber = options.get(said);
    if (byNumber != null) {
      return byNumber;
    }
    var matching = new HashSet<Part.Option>();
    options.values().stream()
        .filter(option -> option.text().strip().equalsIgnoreCase(text.strip()))
        .forEach(matching::add);
    return matching.size() == 1 ? matching.iterator().next() : null;
  }
}
