package dev.parley.app;

import dev.parley.identity.UserRole;
import dev.parley.identity.Users;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.http.Input;
import dev.parley.tenants.Tenant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tenant`: the organisations of the installation.
@Command(
    name = "tenant",
    mixinStandardHelpOptions = true,
    description = "Creates, lists, suspends and resumes tenants.")
final class TenantCommand {
  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = "Creates a tenant, with its first administrator when --admin names one.")
  int create(
      @Mixin Settings settings,
      @Parameters(paramLabel = "SLUG") String slug,
      @Parameters(paramLabel = "NAME") String name,
      @Option(names = "--admin", paramLabel = "E-MAIL") @Nullable String email) {
    return Serving.errand(
        settings.load(),
        faces -> {
          var input = new Input();
          Users.Draft draft =
              email == null
                  ? null
                  : faces.users().check(input, "", email, "Administrator", UserRole.ADMIN, null);
          input.done();
          Tenant tenant = faces.tenants().create(Errand.commandLine(null), slug, name);
          Console.line("tenant %s (%s) created".formatted(tenant.slug(), tenant.id()));
          if (draft != null) {
            UserCommand.show(faces.users().create(Errand.commandLine(tenant.id()), draft));
          }
          return 0;
        });
  }

  @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists all tenants.")
  int list(@Mixin Settings settings) {
    return Serving.errand(
        settings.load(),
        faces -> {
          faces.allTenants().forEach(tenant -> Console.line(line(tenant)));
          return 0;
        });
  }

  @Command(
      name = "suspend",
      mixinStandardHelpOptions = true,
      description = "Lets nobody of a tenant in.")
  int suspend(@Mixin Settings settings, @Parameters(paramLabel = "SLUG") String slug) {
    return Serving.errand(
        settings.load(),
        faces -> {
          Tenant tenant = faces.tenant(slug);
          Console.line(line(faces.tenants().suspend(Errand.commandLine(tenant.id()), tenant.id())));
          return 0;
        });
  }

  @Command(
      name = "resume",
      mixinStandardHelpOptions = true,
      description = "Lets a suspended tenant in again.")
  int resume(@Mixin Settings settings, @Parameters(paramLabel = "SLUG") String slug) {
    return Serving.errand(
        settings.load(),
        faces -> {
          Tenant tenant = faces.tenant(slug);
          Console.line(line(faces.tenants().resume(Errand.commandLine(tenant.id()), tenant.id())));
          return 0;
        });
  }

  private static String line(Tenant tenant) {
    return "%-40s %s  %-10s %s"
        .formatted(
            tenant.slug(),
            tenant.id(),
            tenant.state().name().toLowerCase(Locale.ROOT),
            tenant.name());
  }

  /// A password that is shown this once.
  static void password(Secret password) {
    Console.line("password  " + password.reveal() + "  (shown once)");
  }
}
