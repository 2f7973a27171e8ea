package dev.parley.conversations;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.DiscriminatorMapping;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// What a message says. The same on the wire, in the database and in events; `type` tells which it is.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Content.Text.class, name = "text"),
  @JsonSubTypes.Type(value = Content.Image.class, name = "image"),
  @JsonSubTypes.Type(value = Content.Video.class, name = "video"),
  @JsonSubTypes.Type(value = Content.Audio.class, name = "audio"),
  @JsonSubTypes.Type(value = Content.Voice.class, name = "voice"),
  @JsonSubTypes.Type(value = Content.Document.class, name = "document"),
  @JsonSubTypes.Type(value = Content.Sticker.class, name = "sticker"),
  @JsonSubTypes.Type(value = Content.Location.class, name = "location"),
  @JsonSubTypes.Type(value = Content.Contacts.class, name = "contacts"),
  @JsonSubTypes.Type(value = Content.Buttons.class, name = "buttons"),
  @JsonSubTypes.Type(value = Content.Menu.class, name = "list"),
  @JsonSubTypes.Type(value = Content.Link.class, name = "link"),
  @JsonSubTypes.Type(value = Content.LocationRequest.class, name = "location_request"),
  @JsonSubTypes.Type(value = Content.Answer.class, name = "answer"),
  @JsonSubTypes.Type(value = Content.Order.class, name = "order"),
  @JsonSubTypes.Type(value = Content.Reaction.class, name = "reaction"),
  @JsonSubTypes.Type(value = Content.Template.class, name = "template"),
  @JsonSubTypes.Type(value = Content.Notice.class, name = "system"),
  @JsonSubTypes.Type(value = Content.Unsupported.class, name = "unsupported"),
})
@Schema(
    name = "Content",
    description = "What a message says; `type` tells which kind it is",
    oneOf = {
      Content.Text.class,
      Content.Image.class,
      Content.Video.class,
      Content.Audio.class,
      Content.Voice.class,
      Content.Document.class,
      Content.Sticker.class,
      Content.Location.class,
      Content.Contacts.class,
      Content.Buttons.class,
      Content.Menu.class,
      Content.Link.class,
      Content.LocationRequest.class,
      Content.Answer.class,
      Content.Order.class,
      Content.Reaction.class,
      Content.Template.class,
      Content.Notice.class,
      Content.Unsupported.class
    },
    discriminatorProperty = "type",
    discriminatorMapping = {
      @DiscriminatorMapping(value = "text", schema = Content.Text.class),
      @DiscriminatorMapping(value = "image", schema = Content.Image.class),
      @DiscriminatorMapping(value = "video", schema = Content.Video.class),
      @DiscriminatorMapping(value = "audio", schema = Content.Audio.class),
      @DiscriminatorMapping(value = "voice", schema = Content.Voice.class),
      @DiscriminatorMapping(value = "document", schema = Content.Document.class),
      @DiscriminatorMapping(value = "sticker", schema = Content.Sticker.class),
      @DiscriminatorMapping(value = "location", schema = Content.Location.class),
      @DiscriminatorMapping(value = "contacts", schema = Content.Contacts.class),
      @DiscriminatorMapping(value = "buttons", schema = Content.Buttons.class),
      @DiscriminatorMapping(value = "list", schema = Content.Menu.class),
      @DiscriminatorMapping(value = "link", schema = Content.Link.class),
      @DiscriminatorMapping(value = "location_request", schema = Content.LocationRequest.class),
      @DiscriminatorMapping(value = "answer", schema = Content.Answer.class),
      @DiscriminatorMapping(value = "order", schema = Content.Order.class),
      @DiscriminatorMapping(value = "reaction", schema = Content.Reaction.class),
      @DiscriminatorMapping(value = "template", schema = Content.Template.class),
      @DiscriminatorMapping(value = "system", schema = Content.Notice.class),
      @DiscriminatorMapping(value = "unsupported", schema = Content.Unsupported.class)
    })
public sealed interface Content {

  /// One line for lists and notifications, at most 200 characters; no markup.
  @JsonIgnore
  String preview();

  /// Whether it is a file.
  sealed interface Media extends Content {
    /// Where the file is.
    Attachment attachment();
  }

  /// A file of a message. Inbound it has the provider's id; outbound one of `fileId`, `providerId` and `link`.
  ///
  /// @param providerId the provider's id of an uploaded file
  /// @param link https address from which the provider fetches the file
  /// @param mimeType as the provider tells it
  /// @param sha256 in lower-case hexadecimal digits
  /// @param url the provider's address, which needs the channel's token and is short-lived
  /// @param filename for documents
  /// @param error why the provider could not hand the file over, or null
  /// @param fileId the file in our own storage; of an inbound message as soon as it is there
  /// @param file what became of it on our side; not read from requests
  record Attachment(
      @Nullable String providerId,
      @Nullable String link,
      @Nullable String mimeType,
      @Nullable String sha256,
      @Nullable String url,
      @Nullable String filename,
      @Nullable String error,
      @Nullable UUID fileId,
      @Nullable MessageFile file) {
    /// A file that our storage has nothing of.
    public Attachment(
        @Nullable String providerId,
        @Nullable String link,
        @Nullable String mimeType,
        @Nullable String sha256,
        @Nullable String url,
        @Nullable String filename,
        @Nullable String error) {
      this(providerId, link, mimeType, sha256, url, filename, error, null, null);
    }

    /// The same with another file of ours.
    public Attachment with(@Nullable UUID id, @Nullable MessageFile state) {
      return new Attachment(providerId, link, mimeType, sha256, url, filename, error, id, state);
    }
  }

  /// Text. WhatsApp's own formatting marks are kept as they are.
  @Schema(name = "TextContent")
  record Text(String body, @Nullable Boolean previewUrl) implements Content {
    @Override
    public String preview() {
      return cut(body);
    }
  }

  /// A picture.
  @Schema(name = "ImageContent")
  record Image(Attachment attachment, @Nullable String caption) implements Media {
    @Override
    public String preview() {
      return caption == null ? "[image]" : cut(caption);
    }
  }

  /// A film.
  @Schema(name = "VideoContent")
  record Video(Attachment attachment, @Nullable String caption) implements Media {
    @Override
    public String preview() {
      return caption == null ? "[video]" : cut(caption);
    }
  }

  /// A sound file.
  @Schema(name = "AudioContent")
  record Audio(Attachment attachment) implements Media {
    @Override
    public String preview() {
      return "[audio]";
    }
  }

  /// A recorded voice note.
  @Schema(name = "VoiceContent")
  record Voice(Attachment attachment) implements Media {
    @Override
    public String preview() {
      return "[voice note]";
    }
  }

  /// Any other file.
  @Schema(name = "DocumentContent")
  record Document(Attachment attachment, @Nullable String caption) implements Media {
    @Override
    public String preview() {
      String name = attachment.filename();
      return name == null ? "[document]" : cut(name);
    }
  }

  /// A sticker.
  @Schema(name = "StickerContent")
  record Sticker(Attachment attachment, @Nullable Boolean animated) implements Media {
    @Override
    public String preview() {
      return "[sticker]";
    }
  }

  /// A place on the map; degrees.
  @Schema(name = "LocationContent")
  record Location(
      double latitude,
      double longitude,
      @Nullable String name,
      @Nullable String address,
      @Nullable String url)
      implements Content {
    @Override
    public String preview() {
      return name == null ? "[location]" : cut(name);
    }
  }

  /// Address cards, in WhatsApp's form: `name.formatted_name`, `phones[]`, `emails[]`, `org` and so on.
  @Schema(name = "ContactsContent")
  record Contacts(List<JsonNode> cards) implements Content {
    @Override
    public String preview() {
      return "[contacts]";
    }
  }

  /// What stands above an interactive message: a text or a file.
  record Header(
      @Nullable String text,
      @Nullable Attachment image,
      @Nullable Attachment video,
      @Nullable Attachment document) {}

  /// One choice of [Buttons].
  record Button(String id, String title) {}

  /// A text with up to three buttons.
  @Schema(name = "ButtonsContent")
  record Buttons(
      String body, List<Button> buttons, @Nullable Header header, @Nullable String footer)
      implements Content {
    @Override
    public String preview() {
      return cut(body);
    }
  }

  /// One choice of a [Menu].
  record Row(String id, String title, @Nullable String description) {}

  /// A group of choices of a [Menu].
  record Section(@Nullable String title, List<Row> rows) {}

  /// A text with a button that opens a list.
  @Schema(name = "MenuContent")
  record Menu(
      String body,
      String button,
      List<Section> sections,
      @Nullable Header header,
      @Nullable String footer)
      implements Content {
    @Override
    public String preview() {
      return cut(body);
    }
  }

  /// A text with a button that opens a page.
  @Schema(name = "LinkContent")
  record Link(
      String body, String label, String url, @Nullable Header header, @Nullable String footer)
      implements Content {
    @Override
    public String preview() {
      return cut(body);
    }
  }

  /// Asks the customer for a place.
  @Schema(name = "LocationRequestContent")
  record LocationRequest(String body) implements Content {
    @Override
    public String preview() {
      return cut(body);
    }
  }

  /// What the customer chose or filled in.
  ///
  /// @param kind `button`, `list`, `template_button`, `flow`, `address`, `call_permission`
  /// @param id the choice's id or payload as we sent it
  /// @param title the words that the customer saw
  /// @param data what a form holds
  @Schema(name = "AnswerContent")
  record Answer(
      String kind,
      @Nullable String id,
      @Nullable String title,
      @Nullable String description,
      @Nullable JsonNode data)
      implements Content {
    @Override
    public String preview() {
      return title == null ? "[" + kind + "]" : cut(title);
    }
  }

  /// A basket from the catalogue.
  @Schema(name = "OrderContent")
  record Order(@Nullable String catalogId, @Nullable String text, List<JsonNode> items)
      implements Content {
    @Override
    public String preview() {
      return text == null || text.isEmpty() ? "[order]" : cut(text);
    }
  }

  /// An emoji on another message; without emoji it takes the reaction back.
  ///
  /// @param messageId our id of that message; null when we do not know it
  /// @param providerMessageId the provider's id of it
  @Schema(name = "ReactionContent")
  record Reaction(
      @Nullable UUID messageId, @Nullable String providerMessageId, @Nullable String emoji)
      implements Content {
    @Override
    public String preview() {
      return emoji == null || emoji.isEmpty() ? "[reaction removed]" : emoji;
    }
  }

  /// An approved template with the values for its variables, in WhatsApp's `components` form.
  @Schema(name = "TemplateContent")
  record Template(String name, String language, List<JsonNode> components) implements Content {
    @Override
    public String preview() {
      return cut("[" + name + "]");
    }
  }

  /// Something that the provider says about the conversation itself.
  @Schema(name = "NoticeContent")
  record Notice(String kind, @Nullable String text, @Nullable JsonNode data) implements Content {
    @Override
    public String preview() {
      return text == null ? "[" + kind + "]" : cut(text);
    }
  }

  /// What we do not understand yet, kept as it came.
  @Schema(name = "UnsupportedContent")
  record Unsupported(String kind, @Nullable String reason, JsonNode raw) implements Content {
    @Override
    public String preview() {
      return "[unsupported: " + cut(kind) + "]";
    }
  }

  private static String cut(String text) {
    if (text.length() <= 200) {
      return text;
    }
    // Never through the middle of a character that takes two.
    int end = Character.isHighSurrogate(text.charAt(198)) ? 198 : 199;
    return text.substring(0, end) + "…";
  }
}
