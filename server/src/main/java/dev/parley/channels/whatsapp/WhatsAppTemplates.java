package dev.parley.channels.whatsapp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.channels.ChannelAccount;
import dev.parley.channels.MessageTemplate;
import dev.parley.channels.ProviderTemplates;
import dev.parley.conversations.Content;
import dev.parley.conversations.Failure;
import dev.parley.platform.http.OutboundHttp;
import dev.parley.platform.http.Problem;
import dev.parley.platform.json.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Message templates of a WhatsApp business account: the edges `message_templates` of Meta's Business Management API,
/// and the webhooks `message_template_status_update`, `message_template_quality_update`, `template_category_update` and
/// `message_template_components_update`.
final class WhatsAppTemplates implements ProviderTemplates {
  private static final int PAGE = 100;
  private static final String FIELDS =
      "name,language,category,status,components,parameter_format,quality_score,rejected_reason";
  private static final Duration SOON = Duration.ofSeconds(5);

  private final WhatsAppClient client;

  WhatsAppTemplates(WhatsAppClient client) {
    this.client = client;
  }

  @Override
  public Listed list(ChannelAccount account, @Nullable String after) {
    String path =
        account.setting("wabaId")
            + "/message_templates?fields="
            + FIELDS
            + "&limit="
            + PAGE
            + (after == null ? "" : "&after=" + encoded(after));
    JsonNode answer = good(() -> client.get(account, path));
    var templates = new ArrayList<MessageTemplate.Told>();
    for (JsonNode template : answer.path("data")) {
      if (template.hasNonNull("id") && template.hasNonNull("name")) {
        templates.add(told(template));
      }
    }
    JsonNode paging = answer.path("paging");
    String next = paging.path("cursors").path("after").asText("");
    // The cursor of the last page leads nowhere; only `next` says that there is more.
    return new Listed(templates, paging.has("next") && !next.isEmpty() ? next : null);
  }

  private static MessageTemplate.Told told(JsonNode template) {
    String reason = template.path("rejected_reason").asText("NONE");
    String quality = template.path("quality_score").path("score").asText("");
    return new MessageTemplate.Told(
        template.path("id").asText(),
        template.path("name").asText(),
        template.path("language").asText(),
        word(template.path("category").asText("")),
        word(template.path("status").asText("")),
        quality.isEmpty() ? null : word(quality),
        reason.equals("NONE") ? null : word(reason),
        template.path("parameter_format").asText("").equals("NAMED"),
        template.path("components").isArray()
            ? template.path("components")
            : Json.MAPPER.createArrayNode());
  }

  private static String word(String theirs) {
    return theirs.toLowerCase(Locale.ROOT);
  }

  @Override
  public List<Problem.FieldError> check(MessageTemplate.Draft draft) {
    return new WhatsAppTemplateRules(draft).errors();
  }

  @Override
  public MessageTemplate.Told create(ChannelAccount account, MessageTemplate.Draft draft) {
    ObjectNode body = Json.MAPPER.createObjectNode();
    body.put("name", draft.name());
    body.put("language", draft.language());
    body.put("category", draft.category().toUpperCase(Locale.ROOT));
    body.put("parameter_format", draft.named() ? "NAMED" : "POSITIONAL");
    body.set("components", draft.components());
    String path = account.setting("wabaId") + "/message_templates";
    JsonNode answer = good(() -> client.change(account, "POST", path, body));
    return new MessageTemplate.Told(
        answer.path("id").asText(),
        draft.name(),
        draft.language(),
        word(answer.path("category").asText(draft.category())),
        word(answer.path("status").asText("PENDING")),
        null,
        null,
        draft.named(),
        draft.components());
  }

  @Override
  public void edit(ChannelAccount account, MessageTemplate template, MessageTemplate.Draft draft) {
    ObjectNode body = Json.MAPPER.createObjectNode();
    if (!draft.category().equals(template.category())) {
      // An approved template's category cannot be changed; Meta refuses it even unchanged.
      body.put("category", draft.category().toUpperCase(Locale.ROOT));
    }
    body.set("components", draft.components());
    good(() -> client.change(account, "POST", encoded(template.providerId()), body));
  }

  @Override
  public void delete(ChannelAccount account, MessageTemplate template) {
    String path =
        "%s/message_templates?hsm_id=%s&name=%s"
            .formatted(
                account.setting("wabaId"),
                encoded(template.providerId()),
                encoded(template.name()));
    try {
      good(() -> client.change(account, "DELETE", path, null));
    } catch (Gone e) {
      // It was deleted there before; that is what was wanted.
      return;
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private interface Call {
    OutboundHttp.Reply make() throws OutboundHttp.NotMade, OutboundHttp.Unanswered;
  }

  /// The provider has no such template.
  private static final class Gone extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  // Meta's subcode for a template that is not there, by its page on template management.
  private static final int NOT_THERE = 2593002;

  private static JsonNode good(Call call) {
    OutboundHttp.Reply reply;
    try {
      reply = call.make();
    } catch (OutboundHttp.NotMade | OutboundHttp.Unanswered e) {
      throw Problem.later(
          Problem.Code.UPSTREAM, "WhatsApp does not answer; try again in a moment.", SOON);
    }
    JsonNode answer = WhatsAppClient.json(reply);
    JsonNode error = answer.path("error");
    if (reply.status() / 100 == 2 && error.isMissingNode()) {
      return answer;
    }
    if (error.path("error_subcode").asInt() == NOT_THERE) {
      throw new Gone();
    }
    Failure failure = WhatsAppErrors.of(error);
    // What Meta says to users is about the very thing that is wrong.
    String words = error.path("error_user_msg").asText("");
    String told = words.isEmpty() ? failure.providerMessage() : words;
    throw new Problem(
        Problem.Code.CHANNEL_UNABLE,
        (told == null || told.isBlank())
            ? failure.cause() + " " + failure.wayOut()
            : "WhatsApp refused it: " + told);
  }

  @Override
  public Optional<News> news(String field, JsonNode data) {
    String id = data.path("message_template_id").asText("");
    if (id.isEmpty()) {
      return Optional.empty();
    }
    return switch (field) {
      case "message_template_status_update" -> Optional.of(status(id, data));
      case "message_template_quality_update" ->
          Optional.of(
              new News(id, null, null, text(data.path("new_quality_score").asText("")), null));
      case "template_category_update" -> {
        // The first form only warns: `new_category` is what it is, `correct_category` what it will
        // be.
        String category = data.path("new_category").asText("");
        yield category.isEmpty()
            ? Optional.empty()
            : Optional.of(new News(id, null, word(category), null, null));
      }
      default -> Optional.empty();
    };
  }

  private static News status(String id, JsonNode data) {
    String event = word(data.path("event").asText(""));
    String reason = data.path("reason").asText("NONE");
    String told =
        !reason.equals("NONE") && !reason.isEmpty() && !reason.equals("null")
            ? word(reason)
            : text(data.path("other_info").path("title").asText(""));
    String status =
        switch (event) {
          case "" -> null;
          case "reinstated" -> MessageTemplate.APPROVED;
          default -> event;
        };
    String category = data.path("message_template_category").asText("");
    return new News(id, status, text(category), null, told);
  }

  private static @Nullable String text(String theirs) {
    return theirs.isEmpty() ? null : word(theirs);
  }

  @Override
  public List<Problem.FieldError> check(MessageTemplate template, Content.Template sent) {
    return new WhatsAppVariables(template, sent).errors();
  }

  @Override
  public Shown show(MessageTemplate template, Content.Template sent) {
    return new WhatsAppVariables(template, sent).shown();
  }
}
