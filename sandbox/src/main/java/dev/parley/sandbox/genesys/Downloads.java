package dev.parley.sandbox.genesys;

import dev.parley.sandbox.BoundedMap;
import dev.parley.sandbox.Bytes;
import dev.parley.sandbox.Reply;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// The files that agents send, at addresses that whoever knows them may fetch for a while.
final class Downloads {
  private static final int KEPT = 10_000;

  private record Download(
      Organization organization, String contentType, Bytes bytes, Instant since) {}

  private final BoundedMap<String, Download> files = new BoundedMap<>(KEPT);

  /// Keeps a file and answers its address.
  String add(Organization organization, String name, String contentType, Bytes bytes) {
    String id = Tokens.random(24);
    files.put(id, new Download(organization, contentType, bytes, Instant.now()));
    String path = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    return organization.cloud().url() + "/api/v2/downloads/" + id + "/" + path;
  }

  /// Answers a call to `/api/v2/downloads/{id}/{name}`.
  Reply answer(List<String> path) {
    String correlationId = UUID.randomUUID().toString();
    Download file = path.size() > 3 ? files.get(path.get(3)) : null;
    if (file == null) {
      return gone(correlationId);
    }
    Organization organization = file.organization();
    return organization
        .faults()
        .around(
            "download",
            organization::chance,
            correlationId,
            () -> {
              organization.counts().downloaded();
              long seconds = organization.behaviour().get(Knob.DOWNLOAD_SECONDS);
              return Instant.now().isAfter(file.since().plusSeconds(seconds))
                  ? gone(correlationId)
                  : new Reply.Content(200, file.contentType(), file.bytes());
            });
  }

  void clear() {
    files.clear();
  }

  private static Reply gone(String correlationId) {
    return Reply.json(404, ApiError.notFound().body(correlationId));
  }
}
