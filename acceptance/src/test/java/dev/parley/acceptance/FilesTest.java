package dev.parley.acceptance;

import static dev.parley.acceptance.World.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.Answer;
import dev.parley.acceptance.driver.Api;
import dev.parley.acceptance.driver.Http;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Tenant;
import dev.parley.acceptance.driver.Wait;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Files over HTTP: uploads of every form, and what is served of them.
class FilesTest {
  private static final AtomicInteger NUMBERS = new AtomicInteger();
  private static final byte[] GIF =
      Base64.getDecoder().decode("R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=");

  private final World world = World.shared();
  private final Tenant acme = world.tenants.acme();
  private final Tenant globex = world.tenants.globex();

  private static byte[] fresh(String text) {
    return (text + " " + NUMBERS.incrementAndGet()).getBytes(StandardCharsets.UTF_8);
  }

  private Answer upload(Tenant tenant, String query, @Nullable String type, byte[] bytes) {
    var headers = new HashMap<String, String>(Map.of("X-API-Key", tenant.key()));
    if (type != null) {
      headers.put("Content-Type", type);
    }
    return Http.call(
        "POST", URI.create(world.server.url() + "/api/v1/files" + query), headers, bytes);
  }

  private static Answer fetch(JsonNode file, String... headers) {
    return fetch(file.path("url").asText(), headers);
  }

  private static Answer fetch(String url, String... headers) {
    var all = new HashMap<String, String>();
    for (int i = 0; i < headers.length; i += 2) {
      all.put(headers[i], headers[i + 1]);
    }
    return Http.call("GET", URI.create(url), all, null);
  }

  @Test
  void aPlainBodyIsStoredAndServed() {
    byte[] text = fresh("hello");
    JsonNode file = upload(acme, "?name=note.txt", "text/plain", text).expect(201).json();

    assertThat(file.path("state").asText()).isEqualTo("ready");
    assertThat(file.path("kind").asText()).isEqualTo("document");
    assertThat(file.path("size").asInt()).isEqualTo(text.length);
    Answer served = fetch(file).expect(200);
    assertThat(served.text()).isEqualTo(new String(text, StandardCharsets.UTF_8));
    assertThat(served.header("Content-Type")).isEqualTo("text/plain");
    assertThat(served.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(served.header("Content-Security-Policy")).contains("sandbox", "default-src 'none'");
    assertThat(served.header("Content-Disposition"))
        .isEqualTo("attachment; filename=\"note.txt\"; filename*=UTF-8''note.txt");
    assertThat(served.header("Cache-Control"))
        .startsWith("private, max-age=")
        .contains("immutable");
    assertThat(served.header("ETag")).isEqualTo('"' + file.path("sha256").asText() + '"');
    JsonNode read = acme.api().get("/api/v1/files/" + file.path("id").asText()).ok();
    assertThat(read.path("url").asText()).isEqualTo(file.path("url").asText());
  }

  @Test
  void aFormIsStoredWithItsFields() {
    String boundary = "----x7";
    String name = "r\u00e9sum\u00e9.gif";
    byte[] begin =
        """
        --%1$s\r
        Content-Disposition: form-data; name="kind"\r
        \r
        image\r
        --%1$s\r
        Content-Disposition: form-data; name="file"; filename="%2$s"\r
        Content-Type: image/gif\r
        \r
        """
            .formatted(boundary, name)
            .getBytes(StandardCharsets.UTF_8);
    byte[] end = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8);
    byte[] body = Arrays.copyOf(begin, begin.length + GIF.length + end.length);
    System.arraycopy(GIF, 0, body, begin.length, GIF.length);
    System.arraycopy(end, 0, body, begin.length + GIF.length, end.length);
    String type = "multipart/form-data; boundary=" + boundary;

    JsonNode file = upload(acme, "", type, body).expect(201).json();

    assertThat(file.path("type").asText()).isEqualTo("image/gif");
    assertThat(file.path("name").asText()).isEqualTo(name);
    assertThat(file.path("size").asInt()).isEqualTo(GIF.length);
    assertThat(file.path("metadata").path("width").asInt()).isEqualTo(1);
    assertThat(fetch(file).header("Content-Disposition")).startsWith("inline; ");
    assertThat(upload(acme, "", type, Arrays.copyOf(body, body.length - 8)).status())
        .isEqualTo(400);
    assertThat(upload(acme, "", type, end).status()).isEqualTo(400);
    assertThat(upload(acme, "", "multipart/form-data", body).status()).isEqualTo(400);
  }

  @Test
  void whatIsNotAsSaidIsRefused() {
    assertThat(upload(acme, "", "image/png", GIF).expect(422).code()).isEqualTo("wrong-type");
    assertThat(upload(acme, "", "text/plain", new byte[0]).expect(422).code()).isEqualTo("damaged");
    assertThat(upload(acme, "?kind=nonsense", "text/plain", fresh("x")).expect(400).code())
        .isEqualTo("invalid");
    byte[] bomb = GIF.clone();
    Arrays.fill(bomb, 6, 10, (byte) 0xff);
    assertThat(upload(acme, "", "image/gif", bomb).expect(422).code()).isEqualTo("damaged");
    assertThat(acme.as("read-only").call("POST", "/api/v1/files", "x").status()).isEqualTo(403);
  }

  @Test
  void whatBrowsersCouldRunIsSavedAndNeverShown() {
    Map<String, String> evil =
        Map.of(
            "text/html", "<!DOCTYPE html><html><script>alert(1)</script></html>",
            "image/svg+xml",
                "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>",
            "application/pdf", "%PDF-1.7\n1 0 obj\n");
    evil.forEach(
        (type, text) -> {
          JsonNode file = upload(acme, "", null, fresh(text)).expect(201).json();
          assertThat(file.path("type").asText()).isEqualTo(type);
          Answer served = fetch(file).expect(200);
          assertThat(served.header("Content-Disposition")).startsWith("attachment");
          assertThat(served.header("Content-Security-Policy")).contains("sandbox");
          assertThat(served.header("X-Content-Type-Options")).isEqualTo("nosniff");
        });
    byte[] polyglot = Arrays.copyOf(GIF, GIF.length + 60);
    System.arraycopy(fresh("<script>alert(1)</script>"), 0, polyglot, GIF.length, 27);
    assertThat(fetch(upload(acme, "", null, polyglot).expect(201).json()).header("Content-Type"))
        .isEqualTo("image/gif");
  }

  @Test
  void rangesAndTagsAreHonoured() {
    JsonNode file =
        upload(acme, "", "text/plain", "0123456789".getBytes(StandardCharsets.US_ASCII))
            .expect(201)
            .json();
    String etag = '"' + file.path("sha256").asText() + '"';

    Answer part = fetch(file, "Range", "bytes=2-4").expect(206);
    assertThat(part.text()).isEqualTo("234");
    assertThat(part.header("Content-Range")).isEqualTo("bytes 2-4/10");
    assertThat(fetch(file, "Range", "bytes=-3").expect(206).text()).isEqualTo("789");
    assertThat(fetch(file, "Range", "bytes=8-").expect(206).text()).isEqualTo("89");
    Answer beyond = fetch(file, "Range", "bytes=10-").expect(416);
    assertThat(beyond.header("Content-Range")).isEqualTo("bytes */10");
    assertThat(fetch(file, "Range", "bytes=0-1,4-5").expect(200).text()).isEqualTo("0123456789");
    assertThat(fetch(file, "If-None-Match", etag).expect(304).text()).isEmpty();
    assertThat(fetch(file, "Range", "bytes=0-0", "If-Range", "\"other\"").status()).isEqualTo(200);
    assertThat(fetch(file, "Range", "bytes=0-0", "If-Range", etag).status()).isEqualTo(206);
    Answer head = Http.call("HEAD", URI.create(file.path("url").asText()), Map.of(), null);
    assertThat(head.expect(200).header("Content-Length")).isEqualTo("10");
    assertThat(Http.call("POST", URI.create(file.path("url").asText()), Map.of(), null).status())
        .isEqualTo(405);
  }

  @Test
  void aLinkOpensOneThingForATime() {
    JsonNode mine = upload(acme, "", null, GIF).expect(201).json();
    String id = mine.path("id").asText();
    String links = "/api/v1/files/" + id + "/links";
    JsonNode brief = acme.api().post(links, Json.of("seconds", 1, "download", true)).ok();
    String url = brief.path("url").asText();

    assertThat(fetch(url).expect(200).header("Content-Disposition")).startsWith("attachment");
    assertThat(fetch(url.substring(0, url.length() - 1)).status()).isEqualTo(404);
    Wait.until("its time is over", SOON, () -> fetch(url).status() == 404);
    assertThat(globex.api().post(links, Json.of()).status()).isEqualTo(404);
    assertThat(acme.api().post(links, Json.of("seconds", 604_801)).status()).isEqualTo(400);
    assertThat(acme.api().post(links, Json.of("rendition", "none")).status()).isEqualTo(400);
    acme.api().delete("/api/v1/files/" + id).expect(204);
    assertThat(fetch(mine).status()).isEqualTo(404);
    assertThat(acme.api().get("/api/v1/files/" + id).status()).isEqualTo(404);
  }

  @Test
  void theListIsNarrowedAndPaged() {
    String newest = "";
    for (int i = 0; i < 3; i++) {
      newest = upload(acme, "", "text/plain", fresh("listed")).json().path("id").asText();
    }
    JsonNode page = acme.api().get("/api/v1/files?limit=2&state=ready&kind=document").ok();

    assertThat(page.path("items").get(0).path("id").asText()).isEqualTo(newest);
    String next = page.path("next").asText();
    assertThat(next).isNotEmpty();
    List<JsonNode> more = acme.list("/api/v1/files?limit=2&after=" + next);
    assertThat(more)
        .noneMatch(item -> page.path("items").toString().contains(item.path("id").asText()));
    assertThat(globex.api().get("/api/v1/files?limit=200").ok().toString()).doesNotContain(newest);
    assertThat(acme.api().get("/api/v1/files?state=nonsense").status()).isEqualTo(400);
  }

  @Test
  void theSameUploadUnderTheSameKeyIsOneFile() {
    byte[] text = fresh("once");
    Api caller =
        acme.api()
            .with("Idempotency-Key", "upload-" + NUMBERS.incrementAndGet())
            .with("Content-Type", "text/plain");
    String body = new String(text, StandardCharsets.UTF_8);
    Answer first = caller.call("POST", "/api/v1/files", body).expect(201);
    Answer second = caller.call("POST", "/api/v1/files", body).expect(201);

    assertThat(second.json().path("id")).isEqualTo(first.json().path("id"));
    assertThat(second.header("Idempotent-Replayed")).isEqualTo("true");
  }

  @Test
  void aLargeFileGoesThroughAndOtherRoutesTakeNoLargeBodies() {
    byte[] bytes = new byte[9 << 20];
    new Random(NUMBERS.incrementAndGet()).nextBytes(bytes);
    JsonNode file = upload(acme, "", "application/octet-stream", bytes).expect(201).json();

    assertThat(fetch(file).expect(200).header("Content-Length"))
        .isEqualTo(Integer.toString(bytes.length));
    Answer other =
        Http.call(
            "POST",
            URI.create(world.server.url() + "/api/v1/contacts"),
            Map.of("X-API-Key", acme.key(), "Content-Type", "application/json"),
            bytes);
    assertThat(other.status()).isEqualTo(413);
    assertThat(other.code()).isEqualTo("too-large");
  }

  @Test
  void aTenantsOwnLimitsHold() {
    JsonNode settings =
        Json.of(
            "settings",
            Json.of("media", Json.of("maxBytes", Json.of("image", 10), "quotaBytes", 1)));
    JsonNode none = Json.read("{\"settings\":{\"media\":null}}");
    globex.as("admin").patch("/api/v1/tenant", settings).ok();
    try {
      assertThat(upload(globex, "", "image/gif", GIF).expect(413).code()).isEqualTo("too-large");
      assertThat(upload(globex, "", "text/plain", fresh("x")).expect(422).code())
          .isEqualTo("quota-exceeded");
    } finally {
      globex.as("admin").patch("/api/v1/tenant", none).ok();
    }
    upload(globex, "", "image/gif", GIF).expect(201);
  }

  @Test
  void aCutUploadLeavesNothing() throws IOException {
    // Files of other tests come and get their renditions meanwhile; none is plain text of this
    // name.
    String files = "SELECT count(*) FROM files WHERE name = 'cut.txt'";
    for (int i = 0; i < 3; i++) {
      try (var socket =
          new Socket(InetAddress.getLoopbackAddress(), world.server.url().getPort())) {
        OutputStream out = socket.getOutputStream();
        out.write(
            """
            POST /api/v1/files?name=cut.txt HTTP/1.1\r
            Host: x\r
            X-API-Key: %s\r
            Content-Type: text/plain\r
            Content-Length: 1000000\r
            \r
            """
                .formatted(acme.key())
                .getBytes(StandardCharsets.US_ASCII));
        out.write(new byte[300_000]);
        out.flush();
        Wait.until(
            "it is being written",
            SOON,
            () ->
                world.server.sql().number("SELECT count(*) FROM blobs WHERE state = 'storing'")
                    > 0);
      }
      Wait.until(
          "nothing is left",
          SOON,
          () ->
              world.server.sql().number("SELECT count(*) FROM blobs WHERE state = 'storing'") == 0);
    }
    assertThat(world.server.sql().number(files)).isZero();
    JsonNode found = acme.api().post("/api/v1/files/verification", Json.of("hashes", true)).ok();
    assertThat(found.path("missing").asInt()).isZero();
    assertThat(found.path("orphans").asInt()).isZero();
    assertThat(world.server.sql().number("SELECT count(*) FROM blobs WHERE state = 'storing'"))
        .isZero();
  }

  @Test
  void aResumableUploadGoesOnWhereItWas() {
    byte[] text = fresh("in two pieces");
    Api caller = acme.api().with("Tus-Resumable", "1.0.0");
    Answer made =
        caller
            .with("Upload-Length", Integer.toString(text.length))
            .with(
                "Upload-Metadata",
                "filename " + base64("a.txt") + ",filetype " + base64("text/plain"))
            .call("POST", "/api/v1/files/uploads", null)
            .expect(201);
    String path = String.valueOf(made.header("Location")).replaceFirst("^https?://[^/]+", "");
    String whole = new String(text, StandardCharsets.UTF_8);
    Api sender = caller.with("Content-Type", "application/offset+octet-stream");
    Answer first =
        sender.with("Upload-Offset", "0").call("PATCH", path, whole.substring(0, 5)).expect(204);

    assertThat(first.header("Upload-Offset")).isEqualTo("5");
    assertThat(first.header("Tus-Resumable")).isEqualTo("1.0.0");
    assertThat(first.header("Upload-Expires")).endsWith("GMT");
    Answer head = caller.call("HEAD", path, null).expect(200);
    assertThat(head.header("Upload-Offset")).isEqualTo("5");
    assertThat(head.header("Upload-Length")).isEqualTo(Integer.toString(text.length));
    sender.with("Upload-Offset", "3").call("PATCH", path, "x").expect(409);
    sender
        .with("Upload-Offset", "5")
        .with("Upload-Checksum", "md5 AAAA")
        .call("PATCH", path, "x")
        .expect(460);
    acme.api()
        .with("Content-Type", "application/offset+octet-stream")
        .with("Upload-Offset", "5")
        .call("PATCH", path, "x")
        .expect(412);
    caller.with("Upload-Offset", "5").call("PATCH", path, "{}").expect(415);
    Answer last =
        sender.with("Upload-Offset", "5").call("PATCH", path, whole.substring(5)).expect(204);
    JsonNode file = acme.api().get(String.valueOf(last.header("Content-Location"))).ok();
    assertThat(fetch(file).text()).isEqualTo(whole);
    assertThat(file.path("name").asText()).isEqualTo("a.txt");
    caller.call("HEAD", path, null).expect(404);
  }

  @Test
  void aResumableUploadCanBeGivenUp() {
    Api caller = acme.api().with("Tus-Resumable", "1.0.0");
    Answer options = caller.call("OPTIONS", "/api/v1/files/uploads", null).expect(204);
    assertThat(options.header("Tus-Extension"))
        .isEqualTo("creation,termination,expiration,checksum");
    Answer made =
        caller.with("Upload-Length", "10").call("POST", "/api/v1/files/uploads", null).expect(201);
    String path = String.valueOf(made.header("Location")).replaceFirst("^https?://[^/]+", "");

    caller.call("DELETE", path, null).expect(204);
    caller.call("DELETE", path, null).expect(404);
    caller
        .with("Upload-Length", "999999999999")
        .call("POST", "/api/v1/files/uploads", null)
        .expect(413);
    caller.with("Upload-Length", "x").call("POST", "/api/v1/files/uploads", null).expect(400);
  }

  @Test
  void aFolderTakesNothingFromClients() {
    Answer answer = acme.api().post("/api/v1/files/presigned", Json.of("size", 10));

    assertThat(answer.expect(409).code()).isEqualTo("wrong-state");
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
