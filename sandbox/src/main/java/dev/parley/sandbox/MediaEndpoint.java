package dev.parley.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;

/// Upload, look-up, download and deletion of media.
final class MediaEndpoint {
  /// The path of downloads; it is no part of the Graph API.
  static final String DOWNLOAD_PATH = "/whatsapp_business/attachments/";

  private static final HexFormat HEX = HexFormat.of();

  private final World world;
  private final String linkKey = HEX.formatHex(new SecureRandom().generateSeed(16));

  MediaEndpoint(World world) {
    this.world = world;
  }

  Reply upload(BusinessNumber number, Call call) {
    Map<String, MultipartForm.Part> form =
        MultipartForm.parse(call.headers().getFirst("Content-Type"), call.body());
    MultipartForm.Part product = form.get("messaging_product");
    if (product == null || !product.bytes().text().equals("whatsapp")) {
      throw new GraphRefusal(GraphError.invalid("The parameter messaging_product is required."));
    }
    MultipartForm.Part file = form.get("file");
    if (file == null) {
      throw new GraphRefusal(GraphError.invalid("The parameter file is required."));
    }
    MultipartForm.Part type = form.get("type");
    String mimeType = file.type() != null ? file.type() : type == null ? "" : type.bytes().text();
    MediaKind kind = MediaKind.ofType(mimeType);
    if (kind == null) {
      throw new GraphRefusal(
          GraphError.invalid(
              "Param file must be a file with one of the following types: %s. Received file of type '%s'."
                  .formatted(String.join(", ", MediaKind.allTypes()), mimeType)));
    }
    int max = kind.maxBytes(file.bytes());
    if (file.bytes().length() > max || file.bytes().length() == 0) {
      String details =
          "Param file must have 1 to %d bytes, has %d.".formatted(max, file.bytes().length());
      throw new GraphRefusal(GraphError.of(131053, details));
    }
    String id = world.media().uploaded(number.id(), mimeType, file.bytes()).id();
    number.counters().uploaded();
    return Reply.ok(Json.object().put("id", id));
  }

  Reply look(MediaStore.Media media, Call call) {
    String asker = call.query().get("phone_number_id");
    if (asker != null && !asker.equals(media.ownerId())) {
      throw new GraphRefusal(GraphError.noSuchObject("GET", media.id()));
    }
    BusinessNumber owner = world.number(media.ownerId());
    if (owner != null) {
      owner.counters().lookedUp();
    }
    int seconds = (owner == null ? Behaviour.DEFAULT : owner.behaviour()).mediaUrlSeconds();
    ObjectNode json = Json.object().put("messaging_product", "whatsapp");
    json.put("url", link(media, call.callerBase(world.url()), "getMedia", seconds));
    json.put("mime_type", media.mimeType()).put("sha256", HEX.formatHex(media.bytes().sha256()));
    return Reply.ok(json.put("file_size", media.bytes().length()).put("id", media.id()));
  }

  Reply delete(MediaStore.Media media) {
    world.media().remove(media.id());
    return Reply.success();
  }

  /// The media object of an incoming message: what the customer sent, ready for download.
  ObjectNode describe(BusinessNumber number, MediaStore.Media media) {
    ObjectNode json = Json.object().put("mime_type", media.mimeType());
    json.put("sha256", Base64.getEncoder().encodeToString(media.bytes().sha256()))
        .put("id", media.id());
    int seconds = number.behaviour().mediaUrlSeconds();
    return json.put("url", link(media, number.mediaBase(), "webhook", seconds));
  }

  /// Gives the file out when the address is intact and fresh and the token is the owner's.
  Reply download(Call call) {
    String id = call.query().getOrDefault("mid", "");
    String expiry = call.query().getOrDefault("ext", "");
    MediaStore.Media media = world.file(id);
    BusinessNumber owner = media == null ? null : world.number(media.ownerId());
    if (media == null || owner == null || !hash(id, expiry).equals(call.query().get("hash"))) {
      return plain(404, "Not Found");
    }
    if (!owner.settings().accessToken().equals(call.token())) {
      return plain(401, "Unauthorized");
    }
    if (Long.parseLong(expiry) <= Instant.now().getEpochSecond()) {
      return plain(404, "URL signature expired");
    }
    owner.counters().downloadBegun();
    return owner
        .faults()
        .around(
            "download",
            owner::chance,
            error -> {},
            () -> {
              owner.counters().downloaded();
              return new Reply.Content(200, media.mimeType(), media.bytes());
            });
  }

  private static Reply plain(int status, String text) {
    return new Reply.Content(status, "text/plain", Bytes.of(text));
  }

  private String link(MediaStore.Media media, String base, String source, int seconds) {
    String expiry = Long.toString(Instant.now().getEpochSecond() + seconds);
    return "%s%s?mid=%s&source=%s&ext=%s&hash=%s"
        .formatted(base, DOWNLOAD_PATH, media.id(), source, expiry, hash(media.id(), expiry));
  }

  private String hash(String id, String expiry) {
    String text = linkKey + ":" + id + ":" + expiry;
    byte[] hash = Bytes.of(text).sha256();
    return HEX.formatHex(hash, 0, 16);
  }
}
