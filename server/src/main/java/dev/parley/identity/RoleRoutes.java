package dev.parley.identity;

import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/// What the roles permit, so that people can see it before they give one.
@Path("/api/v1/roles")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Singleton
@Tag(name = "Users")
public final class RoleRoutes {
  /// A role and what it permits in its tenant, in the order of names.
  @Schema(name = "Role")
  public record View(
      @Schema(
              examples = "agent",
              enumeration = {"admin", "manager", "agent", "read-only", "member"})
          String role,
      @Schema(examples = "conversations:write") List<String> permissions) {

    static View of(UserRole role) {
      return new View(
          role.word(), RoleTable.of(role).stream().map(Permission::scope).sorted().toList());
    }
  }

  /// All roles, the highest first.
  @Schema(name = "Roles")
  public record All(List<View> items) {}

  /// The same for every tenant.
  @GET
  @Requires(Permission.USERS_READ)
  @Operation(
      summary = "List roles",
      description = "What each role permits. The roles are the same in every tenant.")
  @APIResponse(responseCode = "200", description = "All roles, the highest first")
  public All list() {
    return new All(Arrays.stream(UserRole.values()).map(View::of).toList());
  }
}
