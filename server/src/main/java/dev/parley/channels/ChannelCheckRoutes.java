package dev.parley.channels;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.contacts.PhoneNumbers;
import dev.parley.conversations.Failure;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.http.Access;
import dev.parley.platform.http.Input;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// REST for the set-up of a channel.
@Path("/api/v1/channels/{channel}/checks")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Singleton
@Tag(name = "Channels")
public final class ChannelCheckRoutes {
  private final ChannelSetup setup;

  ChannelCheckRoutes(ChannelSetup setup) {
    this.setup = setup;
  }

  /// What was found about one part.
  @Schema(name = "ChannelCheck")
  public record View(
      @Schema(
              examples = "token",
              description =
                  "For whatsapp: `token`, `phone-number`, `account`, `subscription`, `app-secret`, `webhook`")
          String name,
      @Schema(
              enumeration = {"ok", "warning", "failed", "unknown"},
              description = "`unknown` where something before it does not work")
          String state,
      String detail,
      @Schema(description = "What to do; empty when nothing") String mend,
      @Schema(description = "When it was first seen so") Instant since,
      Instant checkedAt) {

    static View of(SetupCheck check) {
      return new View(
          check.name(),
          Input.word(check.state()),
          check.detail(),
          check.mend(),
          check.since(),
          check.checkedAt());
    }
  }

  /// To whom a test message goes.
  @Schema(name = "TestMessageInput")
  public record TestMessage(
      @Schema(description = "A phone number with its country code", examples = "+16505551234")
          @Nullable String to,
      @Schema(description = "A template; hello_world when absent", examples = "hello_world")
          @Nullable String template,
      @Schema(description = "Its language; en_US when absent", examples = "en_US")
          @Nullable String language,
      @Schema(implementation = Map[].class, description = "Values for its variables")
          @Nullable List<JsonNode> components) {}

  /// How the provider took it.
  @Schema(name = "TestMessageResult")
  public record Result(
      @Schema(
              enumeration = {"sent", "refused", "unknown"},
              description = "`unknown` when no answer came: it may have been sent")
          String state,
      @Nullable String providerMessageId,
      @Nullable Failure failure) {}

  @GET
  @Requires(Permission.CHANNELS_READ)
  @Operation(
      summary = "Read the checks of a channel",
      description =
          "What the last look has found; empty when nobody has looked. Active channels are looked at every six hours.")
  @APIResponse(responseCode = "200", description = "One for each part")
  @APIResponse(responseCode = "404", description = "There is no such channel")
  public List<View> list(@Context SecurityContext security, @PathParam("channel") String channel) {
    return setup.last(Access.caller(security).inTenant(), Input.id(channel, "channel")).stream()
        .map(View::of)
        .toList();
  }

  @POST
  @Requires(Permission.CHANNELS_MANAGE)
  @Operation(
      summary = "Check a channel",
      description =
          "Looks at each part of the set-up at the provider: token and its rights, phone number, business account,"
              + " subscription of the app, app secret, address of the webhooks. Sends nothing to a customer and shows no"
              + " credentials.")
  @APIResponse(responseCode = "200", description = "One for each part, in the order of setting up")
  @APIResponse(responseCode = "404", description = "There is no such channel")
  public List<View> look(@Context SecurityContext security, @PathParam("channel") String channel) {
    return setup.look(Access.caller(security).inTenant(), Input.id(channel, "channel")).stream()
        .map(View::of)
        .toList();
  }

  @POST
  @Path("/message")
  @Requires(Permission.CHANNELS_MANAGE)
  @Operation(
      summary = "Send a test message",
      description =
          "Sends one template to a phone number, outside any conversation. It reaches a real person and may cost money.")
  @RequestBody(
      content =
          @Content(
              schema = @Schema(implementation = TestMessage.class),
              examples = @ExampleObject(name = "hello", value = "{\"to\":\"+16505551234\"}")))
  @APIResponse(
      responseCode = "200",
      description = "How the provider took it",
      content = @Content(schema = @Schema(implementation = Result.class)))
  @APIResponse(responseCode = "400", description = "The number or template is not valid")
  @APIResponse(responseCode = "404", description = "There is no such channel")
  public Result send(
      @Context SecurityContext security,
      @PathParam("channel") String channel,
      @Nullable TestMessage body) {
    Caller caller = Access.caller(security);
    UUID id = Input.id(channel, "channel");
    TestMessage wanted = Input.body(body);
    var input = new Input();
    String to = input.text("to", wanted.to(), 40);
    String template = input.optional("template", wanted.template(), 512);
    String language = input.optional("language", wanted.language(), 20);
    List<JsonNode> components = wanted.components();
    input.check(
        components == null
            || (components.size() <= 20 && components.stream().noneMatch(Objects::isNull)),
        "components",
        "must be at most 20 objects");
    String phone = PhoneNumbers.digits(to).orElse("");
    input.check(!phone.isEmpty(), "to", "must be a phone number with its country code");
    input.done();
    ChannelConnector.Delivery delivery =
        setup.send(
            caller,
            id,
            phone,
            new dev.parley.conversations.Content.Template(
                template == null ? "hello_world" : template,
                language == null ? "en_US" : language,
                components == null ? List.of() : components));
    return switch (delivery) {
      case ChannelConnector.Delivery.Delivered(String messageId, _) ->
          new Result("sent", messageId, null);
      case ChannelConnector.Delivery.Unknown(Failure failure) ->
          new Result("unknown", null, failure);
      case ChannelConnector.Delivery.Refused(Failure failure, _) ->
          new Result("refused", null, failure);
      case ChannelConnector.Delivery.RetryAfter(_, Failure failure, _) ->
          new Result("refused", null, failure);
    };
  }
}
