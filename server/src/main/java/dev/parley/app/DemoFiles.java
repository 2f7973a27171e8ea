package dev.parley.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// The files of the demo's conversation: that those of the customer are stored and can be fetched by their signed
/// addresses, byte for byte, and that the shop's are uploaded.
final class DemoFiles {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final DemoClient server;
  private final DemoWatch watch;
  private final List<String> missing = new ArrayList<>();

  DemoFiles(DemoClient server, DemoWatch watch) {
    this.server = server;
    this.watch = watch;
  }

  /// What did not come, or came otherwise.
  List<String> missing() {
    return missing;
  }

  /// Waits until the file of a customer's message is stored and fetches it; answers its bytes, none when it does not
  /// come.
  byte[] stored(String what, JsonNode received) throws InterruptedException {
    String message = received.at("/data/message/id").asText();
    JsonNode event =
        watch.await(
            e ->
                e.path("type").asText().equals("message.media-stored")
                    && message.equals(e.at("/data/messageId").asText()),
            PATIENCE);
    if (event == null) {
      missing.add("the file of the customer's " + what + " was not stored");
      return new byte[0];
    }
    byte[] bytes = fetched(received);
    JsonNode attachment = received.at("/data/message/content/attachment");
    if (!sha256(bytes).equals(attachment.path("sha256").asText())) {
      missing.add("the file of the customer's " + what + " is another than was sent");
    }
    return bytes;
  }

  /// The file of a message, by the signed address that the message is answered with.
  byte[] fetched(JsonNode received) throws InterruptedException {
    JsonNode message =
        server.get(
            "/api/v1/conversations/%s/messages/%s"
                .formatted(
                    received.at("/data/conversationId").asText(),
                    received.at("/data/message/id").asText()));
    JsonNode file = message.at("/content/attachment/file");
    byte[] bytes = server.bytes(file.path("url").asText());
    if (bytes.length != file.path("size").asLong()
        || !sha256(bytes).equals(file.path("sha256").asText())) {
      missing.add("what the signed address gives out is not the file");
    }
    return bytes;
  }

  /// Uploads a file of the shop's; answers the content of a message that sends it.
  ObjectNode uploaded(String type, String name, String mimeType, byte[] bytes)
      throws InterruptedException {
    String id = server.upload("/api/v1/files", name, mimeType, bytes).path("id").asText();
    ObjectNode content = DemoClient.json().put("type", type);
    content.putObject("attachment").put("fileId", id).put("filename", name);
    return content;
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
