package dev.parley.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Optional;

/// The demo's desk at the emulated Genesys Cloud: an organisation there, and a connection with it. The emulator forgets
/// everything between two runs, so each run connects anew.
final class DemoDesk {
  static final String ORGANIZATION = "demo";

  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final String CONNECTION = "genesysIntegrationId";

  private final DemoClient server;
  private final DemoSecrets secrets;

  DemoDesk(DemoClient server, DemoSecrets secrets) {
    this.server = server;
    this.secrets = secrets;
  }

  /// Where an organisation of the emulator is steered.
  static String path(String what) {
    return "/sandbox/organizations/" + ORGANIZATION + what;
  }

  /// Lets the channel be answered in the inbox, also after a run with Genesys.
  void inbox(String channel) throws InterruptedException {
    if (secrets.find(CONNECTION).isPresent()) {
      server.put(desk(channel), DemoClient.json().put("desk", "inbox"));
    }
  }

  /// Lets the channel be answered in Genesys.
  void genesys(String channel, DemoClient genesys) throws InterruptedException {
    String secret = secrets.orRandom("genesysClientSecret");
    genesys.put(
        path(""),
        DemoClient.json()
            .put("name", "Demo shop")
            .put("clientId", "demo")
            .put("clientSecret", secret));
    Optional<String> former = secrets.find(CONNECTION);
    ObjectNode draft = DemoClient.json().put("name", "Genesys sandbox");
    draft.put("region", "genesys.example").put("clientId", "demo").put("clientSecret", secret);
    String id = server.post("/api/v1/genesys/integrations", draft).path("id").asText();
    secrets.keep(CONNECTION, id);
    server.post("/api/v1/genesys/integrations/" + id + "/provision", DemoClient.json());
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    String status = "";
    while (!status.equals("completed")) {
      JsonNode made = server.get("/api/v1/genesys/integrations/" + id);
      status = made.path("createStatus").asText();
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("the integration is not created: " + made);
      }
      Thread.sleep(Duration.ofMillis(100));
    }
    server.put(desk(channel), DemoClient.json().put("desk", "genesys").put("integrationId", id));
    widget(id, genesys);
    if (former.isPresent()) {
      server.send("DELETE", "/api/v1/genesys/integrations/" + former.get(), null);
    }
  }

  /// Lets the emulated desktop show the agents' widget beside a conversation.
  private void widget(String integration, DemoClient genesys) throws InterruptedException {
    JsonNode widget =
        server.put(
            "/api/v1/genesys/integrations/" + integration + "/widget",
            DemoClient.json().put("clientId", "demo-widget"));
    ObjectNode there = DemoClient.json().put("widgetClientId", "demo-widget");
    there.put("widgetUrl", widget.path("url").asText());
    there.putArray("redirectUris").add(widget.path("redirectUri").asText());
    genesys.put(path(""), there);
  }

  private static String desk(String channel) {
    return "/api/v1/channels/" + channel + "/desk";
  }
}
