package dev.parley.app;

import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import dev.parley.platform.crypto.Secret;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `operator`: those who run the installation.
@Command(
    name = "operator",
    mixinStandardHelpOptions = true,
    description = "Gives an operator a new password.")
final class OperatorCommand {
  @Command(
      name = "reset-password",
      mixinStandardHelpOptions = true,
      description = "Gives the operator a new random password and ends their sign-ins.")
  int resetPassword(
      @Mixin Settings settings,
      @Option(names = "--email", description = "Default: the key operator.email")
          @Nullable String email) {
    Config config = settings.load();
    String address = email == null ? config.get(Keys.OPERATOR_EMAIL) : email;
    return Serving.errand(
        config,
        faces -> {
          Optional<Secret> password = faces.operators().resetPassword(address);
          if (password.isEmpty()) {
            throw new IllegalStateException(
                "there is no operator " + address + "; the first start of the server makes one");
          }
          Console.line("operator  " + address);
          TenantCommand.password(password.get());
          return 0;
        });
  }
}
