package dev.parley.app;

import dev.parley.platform.crypto.FieldCipher;
import dev.parley.tenants.Tenant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `keys`: the keys that encrypt fields at rest.
@Command(
    name = "keys",
    mixinStandardHelpOptions = true,
    description = "Makes field encryption keys and re-encrypts with the active one.")
final class KeysCommand {
  @Command(
      name = "generate",
      mixinStandardHelpOptions = true,
      description = "Prints a new key, to be put first in crypto.keys or the key file.")
  int generate(
      @Option(
              names = "--id",
              required = true,
              description = "A name not used before: letters, digits, hyphens; at most 32")
          String id) {
    if (!id.matches("[a-zA-Z0-9-]{1,32}")) {
      throw new IllegalArgumentException("--id: letters, digits and hyphens, at most 32");
    }
    Console.line(FieldCipher.generate(id));
    return 0;
  }

  @Command(
      name = "rotate",
      mixinStandardHelpOptions = true,
      description =
          "Encrypts the credentials of all channels and connections with Genesys and all signing keys with the active key, the first in crypto.keys.")
  int rotate(@Mixin Settings settings) {
    return Serving.errand(
        settings.load(),
        faces -> {
          int tenants = 0;
          int credentials = 0;
          for (Tenant tenant : faces.allTenants()) {
            tenants++;
            credentials += faces.channels().rotateKeys(tenant.id());
            credentials += faces.integrations().rotateKeys(tenant.id());
            credentials += faces.widgets().rotateKeys(tenant.id());
          }
          int signing = faces.signingKeys().reencrypt();
          Console.line("active key            " + Boot.current().cipher().activeKey());
          Console.line("tenants looked at     " + tenants);
          Console.line("credentials encrypted " + credentials);
          Console.line("signing keys encrypted " + signing);
          return 0;
        });
  }
}
