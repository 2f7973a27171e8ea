package dev.parley.identity;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.http.Access;
import dev.parley.platform.http.Input;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// The caller's own profile and devices.
@Path("/api/v1/me")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Singleton
@Tag(name = "Me", description = "The own profile, and where one is signed in.")
public final class MeRoutes {
  private final Profiles profiles;
  private final SignIn signIn;

  /// Reads and changes through these faces.
  public MeRoutes(Profiles profiles, SignIn signIn) {
    this.profiles = profiles;
    this.signIn = signIn;
  }

  /// What is to change; what is absent stays.
  @Schema(name = "ProfileChange")
  public record Change(
      @Schema(maxLength = 200) @Nullable String name,
      @Schema(maxLength = 500, description = "An empty text removes it") @Nullable String bio,
      @Schema(description = "A picture of this tenant that is ready; an empty text removes it")
          @Nullable String avatarFileId,
      @Schema(examples = "pt-BR", description = "A language tag; an empty text removes it")
          @Nullable String locale,
      @Schema(
              examples = "Europe/Lisbon",
              description = "A name of the time zone database; an empty text removes it")
          @Nullable String timeZone) {}

  /// A sign-in on the wire.
  @Schema(name = "Device")
  public record DeviceView(
      @Schema(description = "The sign-in's id") UUID id,
      @Schema(description = "What its owner called the device when they signed in")
          @Nullable String name,
      @Schema(description = "What the program called itself then") @Nullable String userAgent,
      @Schema(description = "Network address of the sign-in") @Nullable String ip,
      @Schema(description = "Network address of the last request") @Nullable String lastIp,
      Instant signedInAt,
      @Schema(description = "To within a minute") Instant lastSeenAt,
      @Schema(description = "When it is over at the latest") Instant expiresAt,
      @Schema(description = "Whether this request comes from it") boolean current) {

    static DeviceView of(Device device, Caller caller) {
      return new DeviceView(
          device.id(),
          device.name(),
          device.userAgent(),
          device.ip(),
          device.lastIp(),
          device.signedInAt(),
          device.lastSeenAt(),
          device.expiresAt(),
          device.id().equals(caller.sessionId()));
    }
  }

  /// All open sign-ins.
  @Schema(name = "Devices")
  public record Devices(
      @Schema(description = "At most 200, the one that was seen last first")
          List<DeviceView> items) {}

  @GET
  @Requires(Permission.SELF)
  @Operation(
      summary = "Read the own profile",
      description = "Of a user; GET /api/v1/auth/me tells of any caller who they are.")
  @APIResponse(
      responseCode = "200",
      description = "The profile",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = UserRoutes.View.class)))
  public UserRoutes.View get(@Context SecurityContext security) {
    return UserRoutes.View.of(profiles.own(Access.caller(security)), null);
  }

  @PATCH
  @Requires(Permission.SELF)
  @Operation(
      summary = "Change the own profile",
      description = "Name, bio, picture, language and time zone. Mails come in that language.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = Change.class),
              examples =
                  @ExampleObject(
                      name = "language",
                      value =
                          """
                          {"locale": "pt-BR", "timeZone": "America/Sao_Paulo"}\
                          """)))
  @APIResponse(
      responseCode = "200",
      description = "Changed",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = UserRoutes.View.class)))
  public UserRoutes.View change(@Context SecurityContext security, @Nullable Change body) {
    Change given = Input.body(body);
    return UserRoutes.View.of(
        profiles.change(
            Access.caller(security),
            new Profiles.Change(
                given.name(), given.bio(), given.avatarFileId(), given.locale(), given.timeZone())),
        null);
  }

  @GET
  @Path("/devices")
  @Requires(Permission.SELF)
  @Operation(
      summary = "List where one is signed in",
      description =
          "Every open sign-in of the caller, at most 200. To end all of them: POST /api/v1/auth/logout-everywhere.")
  @APIResponse(
      responseCode = "200",
      description = "The sign-ins",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = Devices.class)))
  public Devices devices(@Context SecurityContext security) {
    Caller caller = Access.caller(security);
    return new Devices(
        signIn.devices(caller).stream().map(device -> DeviceView.of(device, caller)).toList());
  }

  @DELETE
  @Path("/devices/{id}")
  @Requires(Permission.SELF)
  @Operation(
      summary = "Sign out of one device",
      description =
          "Ends one of the caller's own sign-ins; its tokens are refused, its sockets close.")
  @APIResponse(responseCode = "204", description = "Signed out")
  public void logout(@Context SecurityContext security, @PathParam("id") String id) {
    signIn.logout(Access.caller(security), Input.id(id, "device"));
  }
}
