package dev.parley.app;

import dev.parley.media.renditions.Program;
import dev.parley.media.renditions.Programs;
import dev.parley.platform.cache.RedisClient;
import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import dev.parley.platform.crypto.FieldCipher;
import dev.parley.platform.http.OutboundHttp;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Examines configuration, machine, database and provider. Changes nothing but what a start changes too: it makes the
/// data folder, and starts and stops the embedded database that lies in it.
final class Doctor {
  private static final long LITTLE_DISK = 1L << 30;
  private static final long NO_DISK = 100L << 20;
  private static final int MAIL_PATIENCE_MILLIS = 5000;

  private Doctor() {}

  static List<Finding> examine(Config config) {
    var findings = new ArrayList<Finding>();
    findings.add(folder(config));
    findings.add(port(config));
    findings.add(publicUrl(config));
    Finding keys = keys(config);
    findings.add(keys);
    findings.add(provider(config));
    config.find(Keys.REDIS_URL).ifPresent(url -> findings.add(redis(config, url)));
    findings.add(programs(Programs.ofSystem()));
    findings.add(mail(config));
    findings.addAll(DatabaseCheck.examine(config, keys.grade() != Finding.Grade.FAIL));
    return findings;
  }

  static Finding folder(Config config) {
    Path folder = Path.of(config.get(Keys.DATA_DIR)).toAbsolutePath();
    try {
      Files.createDirectories(folder);
      Files.delete(Files.createTempFile(folder, "doctor", ""));
      long free = Files.getFileStore(folder).getUsableSpace();
      String seen = "%s, %d MB free".formatted(folder, free >> 20);
      if (free < NO_DISK) {
        return Finding.fail("data folder", seen, "make room, or name another folder by data.dir");
      }
      return free < LITTLE_DISK
          ? Finding.warn("data folder", seen, "make room before it is full")
          : Finding.ok("data folder", seen);
    } catch (IOException e) {
      return Finding.fail(
          "data folder",
          folder + " cannot be written: " + e.getMessage(),
          "give this user the right to, or name another folder by data.dir");
    }
  }

  static Finding port(Config config) {
    String host = config.get(Keys.HTTP_HOST);
    int port = config.get(Keys.HTTP_PORT);
    return Ports.isFree(host, port)
        ? Finding.ok("port", "%d on %s is free".formatted(port, host))
        : Finding.warn(
            "port",
            "%d on %s is taken or not allowed".formatted(port, host),
            "nothing to do when Parley runs there already; else choose another by http.port");
  }

  static Finding publicUrl(Config config) {
    String mend = "set public.url to the https address under which providers reach this server";
    String url = config.find(Keys.PUBLIC_URL).orElse("");
    if (url.isEmpty()) {
      return Finding.warn("public.url", "not set; channels show " + config.publicUrl(), mend);
    }
    URI uri;
    try {
      uri = URI.create(url);
    } catch (IllegalArgumentException e) {
      return Finding.fail("public.url", url + " is no address", mend);
    }
    String scheme = uri.getScheme();
    if (uri.getHost() == null || scheme == null || !scheme.startsWith("http")) {
      return Finding.fail("public.url", url + " is no http address", mend);
    }
    if (url.endsWith("/")) {
      return Finding.fail("public.url", url + " ends with a slash", "leave the slash out");
    }
    return scheme.equals("https")
        ? Finding.ok("public.url", url)
        : Finding.warn("public.url", url + " is not https; WhatsApp calls no other", mend);
  }

  static Finding keys(Config config) {
    try {
      if (config.find(Keys.CRYPTO_KEYS).isEmpty() && !Files.exists(Boot.keyPath(config))) {
        return Finding.ok("keys", Boot.keyPath(config) + " will be made at the first start");
      }
      FieldCipher cipher = Boot.cipher(config);
      String from =
          config.find(Keys.CRYPTO_KEYS).isPresent()
              ? "crypto.keys"
              : Boot.keyPath(config).toString();
      return Finding.ok("keys", "active key %s of %s".formatted(cipher.activeKey(), from));
    } catch (RuntimeException e) {
      return Finding.fail(
          "keys",
          String.valueOf(e.getMessage()),
          "`parley keys generate --id k2` prints a key of the right form; put lost ones back from the backup");
    }
  }

  static Finding redis(Config config, String url) {
    String mend =
        "start it, or correct redis.url and redis.password; until then each process goes on by itself";
    Vertx vertx = Vertx.vertx();
    var settings =
        new RedisClient.Settings(
            url, config.find(Keys.REDIS_PASSWORD).orElse(null), Duration.ofSeconds(2));
    try (RedisClient redis = RedisClient.to(vertx, settings)) {
      redis.tryOnce();
      return Finding.ok("redis", "it answers");
    } catch (RedisClient.Away | IllegalArgumentException e) {
      return Finding.fail("redis", String.valueOf(e.getMessage()), mend);
    } finally {
      vertx.close();
    }
  }

  static Finding programs(Programs programs) {
    List<Program> missing = programs.missing();
    if (missing.isEmpty()) {
      return Finding.ok("programs", "those that make renditions of files are installed");
    }
    return Finding.warn(
        "programs",
        missing.stream()
            .map(program -> "no %s: %s".formatted(program.word(), program.without()))
            .collect(Collectors.joining("; ")),
        "apt-get install "
            + missing.stream().map(Program::debian).distinct().collect(Collectors.joining(" ")));
  }

  static Finding mail(Config config) {
    if (config.get(Keys.MAIL_PRINT)) {
      return Finding.ok("mail", "printed, not sent");
    }
    String host = config.find(Keys.MAIL_HOST).orElse("");
    if (host.isEmpty()) {
      return Finding.warn(
          "mail",
          "mail.host is not set: registration, invitations and password resets by mail are refused",
          "set mail.host and mail.from when people shall come in by themselves");
    }
    if (config.find(Keys.MAIL_FROM).isEmpty()) {
      return Finding.fail("mail", "mail.from is not set", "set it to the sender of mails");
    }
    int port = config.get(Keys.MAIL_PORT);
    String server = host + ":" + port;
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), MAIL_PATIENCE_MILLIS);
      return config.find(Keys.MAIL_LINKS).or(() -> config.find(Keys.PUBLIC_URL)).isEmpty()
          ? Finding.warn(
              "mail",
              server + " answers; links in mails begin with " + config.linksUrl(),
              "set public.url or mail.links to an address that people reach")
          : Finding.ok("mail", server + " answers");
    } catch (IOException e) {
      return Finding.fail(
          "mail",
          server + " is not reached: " + e.getMessage(),
          "correct mail.host and mail.port, or open the way there");
    }
  }

  static Finding provider(Config config) {
    String url = config.get(Keys.GRAPH_URL);
    String mend =
        "open the way out to "
            + url
            + ", or correct whatsapp.graph.url; a private address has to stand in http.allow";
    try (var http = new OutboundHttp(config.get(Keys.HTTP_ALLOW))) {
      OutboundHttp.Reply reply =
          http.send(
              new OutboundHttp.Request(
                  "GET",
                  URI.create(url + "/" + config.get(Keys.GRAPH_VERSION) + "/"),
                  Map.of(),
                  null,
                  Duration.ofSeconds(5),
                  1 << 20));
      // Without a token every answer is a refusal; that somebody answers is the point.
      return Finding.ok("provider", "%s answers (%d)".formatted(url, reply.status()));
    } catch (OutboundHttp.NotMade | OutboundHttp.Unanswered | IllegalArgumentException e) {
      return Finding.fail("provider", String.valueOf(e.getMessage()), mend);
    }
  }
}
