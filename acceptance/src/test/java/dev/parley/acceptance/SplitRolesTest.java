package dev.parley.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.acceptance.driver.ExternalPostgres;
import dev.parley.acceptance.driver.Fixture;
import dev.parley.acceptance.driver.Folders;
import dev.parley.acceptance.driver.Parley;
import dev.parley.acceptance.driver.Sandbox;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/// One program, whether it is one process or one for each role.
class SplitRolesTest {
  @Test
  void allRolesInOneProcess() {
    World world = World.shared();

    MainScenario.run(world.sandbox, world.tenants.globex());
  }

  @Test
  void eachRoleAsItsOwnProcess() {
    Path folder = Folders.temporary("split");
    try (Sandbox sandbox = Sandbox.start();
        ExternalPostgres postgres = ExternalPostgres.start(folder);
        Parley api = start(folder, "api", postgres, sandbox);
        Parley ingress = start(folder, "ingress", postgres, sandbox);
        Parley realtime = start(folder, "realtime", postgres, sandbox);
        Parley worker = start(folder, "worker", postgres, sandbox)) {
      Fixture tenants = Fixture.make(api.api(), api.operatorPassword(), sandbox, ingress.url());

      MainScenario.run(sandbox, tenants.acme());

      String webhook = "/webhooks/whatsapp/" + tenants.acme().channelId();
      assertThat(api.api().get(webhook).status()).isEqualTo(404);
      assertThat(worker.api().get(webhook).status()).isEqualTo(404);
      assertThat(ingress.api().get("/api/v1/tenant").status()).isEqualTo(404);
      assertThat(worker.api().get("/api/v1/tenant").status()).isEqualTo(404);
      assertThat(realtime.api().get("/health/ready").status()).isEqualTo(200);
    } finally {
      Folders.delete(folder);
    }
  }

  private static Parley start(
      Path folder, String role, ExternalPostgres postgres, Sandbox sandbox) {
    return Parley.start(
        Parley.Options.in(folder.resolve(role))
            .roles(role)
            .database(postgres)
            .sandbox(sandbox)
            // All processes read what any of them encrypts.
            .set("crypto.keys", "k1:" + Base64.getEncoder().encodeToString(new byte[32]))
            .set("queue.poll", "100ms"));
  }
}
