package dev.parley.conversations;

import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What of a message's content is searched.
final class SearchableText {
  private SearchableText() {}

  static String of(Content content) {
    return switch (content) {
      case Content.Text text -> text.body();
      case Content.Image image -> join(image.caption(), image.attachment().filename());
      case Content.Video video -> join(video.caption(), video.attachment().filename());
      case Content.Document document -> join(document.caption(), document.attachment().filename());
      case Content.Audio audio -> join(audio.attachment().filename());
      case Content.Voice _, Content.Sticker _, Content.Reaction _, Content.Unsupported _ -> "";
      case Content.Location place -> join(place.name(), place.address());
      case Content.Contacts contacts ->
          contacts.cards().stream()
              .map(card -> card.at("/name/formatted_name").asText())
              .collect(Collectors.joining("\n"));
      case Content.Buttons buttons ->
          join(
              buttons.body(),
              buttons.buttons().stream()
                  .map(Content.Button::title)
                  .collect(Collectors.joining("\n")));
      case Content.Menu menu -> join(menu.body(), menu.button());
      case Content.Link link -> join(link.body(), link.label(), link.url());
      case Content.LocationRequest request -> request.body();
      case Content.Answer answer -> join(answer.title(), answer.description());
      case Content.Order order -> join(order.text());
      case Content.Template template -> template.name();
      case Content.Notice notice -> join(notice.text());
    };
  }

  static boolean hasFile(Content content) {
    return content instanceof Content.Media;
  }

  private static String join(@Nullable String... parts) {
    return Arrays.stream(parts).filter(Objects::nonNull).collect(Collectors.joining("\n"));
  }
}
