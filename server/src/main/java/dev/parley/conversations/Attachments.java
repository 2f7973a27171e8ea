package dev.parley.conversations;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The files of a content: of a file itself, or in the header of something interactive.
public final class Attachments {
  private Attachments() {}

  /// The content with another attachment in the place of each.
  public static Content changed(Content content, UnaryOperator<Content.Attachment> change) {
    return switch (content) {
      case Content.Image(var file, var caption) -> new Content.Image(change.apply(file), caption);
      case Content.Video(var file, var caption) -> new Content.Video(change.apply(file), caption);
      case Content.Audio(var file) -> new Content.Audio(change.apply(file));
      case Content.Voice(var file) -> new Content.Voice(change.apply(file));
      case Content.Document(var file, var caption) ->
          new Content.Document(change.apply(file), caption);
      case Content.Sticker(var file, var animated) ->
          new Content.Sticker(change.apply(file), animated);
      case Content.Buttons(var body, var buttons, var header, var footer) ->
          new Content.Buttons(body, buttons, changed(header, change), footer);
      case Content.Menu(var body, var button, var sections, var header, var footer) ->
          new Content.Menu(body, button, sections, changed(header, change), footer);
      case Content.Link(var body, var label, var url, var header, var footer) ->
          new Content.Link(body, label, url, changed(header, change), footer);
      case Content.Text _,
          Content.Location _,
          Content.Contacts _,
          Content.LocationRequest _,
          Content.Answer _,
          Content.Order _,
          Content.Reaction _,
          Content.Template _,
          Content.Notice _,
          Content.Unsupported _ ->
          content;
    };
  }

  private static Content.@Nullable Header changed(
      Content.@Nullable Header header, UnaryOperator<Content.Attachment> change) {
    return header == null
        ? null
        : new Content.Header(
            header.text(),
            header.image() == null ? null : change.apply(header.image()),
            header.video() == null ? null : change.apply(header.video()),
            header.document() == null ? null : change.apply(header.document()));
  }

  /// All of them.
  public static List<Content.Attachment> of(Content content) {
    var all = new ArrayList<Content.Attachment>();
    changed(
        content,
        attachment -> {
          all.add(attachment);
          return attachment;
        });
    return all;
  }
}
