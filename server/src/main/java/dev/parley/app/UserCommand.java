package dev.parley.app;

import dev.parley.identity.UserRole;
import dev.parley.identity.Users;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.http.Input;
import dev.parley.tenants.Tenant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `user`: those who may sign in to a tenant.
@Command(name = "user", mixinStandardHelpOptions = true, description = "Creates users.")
final class UserCommand {
  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = "Creates a user with a random password.")
  int create(
      @Mixin Settings settings,
      @Option(names = "--tenant", required = true, paramLabel = "SLUG") String slug,
      @Option(names = "--email", required = true) String email,
      @Option(names = "--name", required = true) String name,
      @Option(
              names = "--role",
              defaultValue = "agent",
              description =
                  "admin, manager, agent, read-only or member (default: ${DEFAULT-VALUE})")
          String role) {
    UserRole wanted = Errand.role(role);
    return Serving.errand(
        settings.load(),
        faces -> {
          Tenant tenant = faces.tenant(slug);
          var input = new Input();
          Users.Draft draft = faces.users().check(input, "", email, name, wanted, null);
          input.done();
          show(faces.users().create(Errand.commandLine(tenant.id()), draft));
          return 0;
        });
  }

  static void show(Users.Created created) {
    Console.line(
        "user %s (%s) created, role %s"
            .formatted(created.user().email(), created.user().id(), created.user().role().word()));
    Secret password = created.password();
    if (password != null) {
      TenantCommand.password(password);
    }
  }
}
