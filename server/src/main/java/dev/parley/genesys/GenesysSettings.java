package dev.parley.genesys;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.parley.platform.http.Input;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// How an integration behaves; what is null is as the methods say.
///
/// @param outsideWindow what becomes of an agent's text when the channel's window is closed
/// @param template the template that carries it with [OutsideWindow#TEMPLATE]
/// @param reactions whether agents hear of customers' reactions, as texts
/// @param edits whether agents hear of edited and deleted messages, as texts
/// @param sentReceipts whether Genesys is told too when a message was merely sent
/// @param supportedContentId the content profile of an integration that Parley creates
/// @param messagingSettingId the platform configuration of an integration that Parley creates
@Schema(name = "GenesysSettings")
public record GenesysSettings(
    @Schema(
            description =
                "reject (the default): the agent gets a failed receipt; template: sent in `template`")
        @Nullable OutsideWindow outsideWindow,
    @Schema(
            description =
                "An approved template with one variable, the agent's text; with outsideWindow template")
        @Nullable WrapTemplate template,
    @Schema(description = "Whether agents read of reactions; yes when absent")
        @Nullable Boolean reactions,
    @Schema(description = "Whether agents read of edits and deletions; yes when absent")
        @Nullable Boolean edits,
    @Schema(
            description =
                "Whether Genesys hears of messages that are sent and not delivered yet; no when absent")
        @Nullable Boolean sentReceipts,
    @Schema(description = "Id of a supported content profile") @Nullable String supportedContentId,
    @Schema(description = "Id of a platform configuration") @Nullable String messagingSettingId) {

  /// Nothing said.
  static final GenesysSettings NONE = new GenesysSettings(null, null, null, null, null, null, null);

  /// What becomes of an agent's text when the channel takes only templates.
  @Schema(name = "GenesysOutsideWindow")
  public enum OutsideWindow {
    /// A failed receipt, so that the agent sees it.
    @JsonProperty("reject")
    REJECT,
    /// It goes as the variable of a template.
    @JsonProperty("template")
    TEMPLATE
  }

  /// A template with one variable in its body.
  @Schema(name = "GenesysWrapTemplate")
  public record WrapTemplate(@Nullable String name, @Nullable String language) {}

  /// The template to wrap texts in, or null when they are to be refused.
  @Nullable WrapTemplate wrap() {
    return outsideWindow == OutsideWindow.TEMPLATE ? template : null;
  }

  boolean tellsReactions() {
    return !Boolean.FALSE.equals(reactions);
  }

  boolean tellsEdits() {
    return !Boolean.FALSE.equals(edits);
  }

  boolean tellsSent() {
    return Boolean.TRUE.equals(sentReceipts);
  }

  void check(Input input) {
    if (outsideWindow == OutsideWindow.TEMPLATE) {
      input.text("settings.template.name", template == null ? null : template.name(), 512);
      input.text("settings.template.language", template == null ? null : template.language(), 20);
    }
    input.optional("settings.supportedContentId", supportedContentId, 100);
    input.optional("settings.messagingSettingId", messagingSettingId, 100);
  }
}
