package dev.parley.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.Answer;
import dev.parley.acceptance.driver.Api;
import dev.parley.acceptance.driver.Http;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Tenant;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Files of who takes part in conversations among users and sees nothing else.
class MemberFilesTest {
  private final World world = World.shared();
  private final Tenant acme = world.tenants.acme();
  private final Tenant globex = world.tenants.globex();
  private final Api member = member();
  private final String chat =
      member
          .post(
              "/api/v1/chats",
              Json.of("kind", "direct", "userId", String.valueOf(acme.userIds().get("agent"))))
          .ok()
          .path("id")
          .asText();

  private Api member() {
    String email = "member-" + UUID.randomUUID() + "@acme.example";
    acme.as("admin").createUser(email, "A member", "member", Tenant.password("acme"));
    return world.server.api().login(email, Tenant.password("acme"), "acme");
  }

  private static String file(Api who) {
    byte[] bytes = "who reads this?".getBytes(StandardCharsets.UTF_8);
    return who.upload("notes.txt", "text/plain", bytes).path("id").asText();
  }

  private Answer send(String file) {
    return member.post(
        "/api/v1/conversations/" + chat + "/messages",
        Json.of("content", Json.of("type", "document", "attachment", Json.of("fileId", file))));
  }

  @Test
  void aMemberSendsAFileAndTheOtherOneReadsIt() {
    String file = file(member);
    send(file).expect(201, 202, 200);
    for (Api who : List.of(member, acme.as("agent"))) {
      JsonNode message =
          Api.items(who.get("/api/v1/conversations/" + chat + "/messages").ok()).getFirst();
      JsonNode sent = message.path("content").path("attachment");
      assertThat(sent.path("filename").asText()).isEqualTo("notes.txt");
      String url = sent.path("file").path("url").asText();
      assertThat(new String(Http.bytes(URI.create(url)), StandardCharsets.UTF_8))
          .isEqualTo("who reads this?");
    }
    assertThat(member.delete("/api/v1/files/" + file).status()).isEqualTo(409);
  }

  @Test
  void filesOfOthersAreNoneForAMember() {
    for (String theirs :
        List.of(file(acme.as("agent")), file(globex.as("agent")), file(acme.api()))) {
      Answer refused = send(theirs).expect(400);
      assertThat(refused.text()).contains("content.attachment.fileId");
      assertThat(member.delete("/api/v1/files/" + theirs).status()).isEqualTo(404);
      member.patch("/api/v1/me", Json.of("avatarFileId", theirs)).expect(400);
    }
    assertThat(member.get("/api/v1/files").status()).isEqualTo(403);
    String own = file(member);
    assertThat(member.get("/api/v1/files/" + own).status()).isEqualTo(403);
    member.delete("/api/v1/files/" + own).expect(204);
  }
}
