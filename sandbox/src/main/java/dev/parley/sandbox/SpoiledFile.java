package dev.parley.sandbox;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Locale;

/// A file that goes out in another way than it should.
///
/// @param millis how long it stalls or takes
public record SpoiledFile(Reply.Content file, Way way, long millis) implements Reply {
  private static final int PIECES = 20;
  private static final long ENDLESS = 6L << 30;

  /// What is wrong with it.
  public enum Way {
    /// Half of what was announced, then the connection is cut.
    TRUNCATE,
    /// Half of it, then nothing for a while, then the connection is cut.
    STALL,
    /// Whole, in small pieces.
    DRIP,
    /// As long as it should be, with one byte that is another.
    CORRUPT,
    /// Shorter than the file, and announced so.
    SHORTEN,
    /// Six gigabytes, announced as nothing.
    ENDLESS;

    /// The way of that name, in any case.
    public static Way named(String mode) {
      return valueOf(mode.toUpperCase(Locale.ROOT));
    }
  }

  /// Sends it in its way.
  void write(HttpExchange exchange) throws IOException {
    byte[] bytes = file.bytes().array();
    exchange.getResponseHeaders().set("Content-Type", file.contentType());
    switch (way) {
      case TRUNCATE, STALL -> {
        exchange.sendResponseHeaders(file.status(), bytes.length);
        exchange.getResponseBody().write(bytes, 0, bytes.length / 2);
        exchange.getResponseBody().flush();
        Pause.millis(way == Way.STALL ? millis : 0);
      }
      case DRIP -> {
        exchange.sendResponseHeaders(file.status(), bytes.length);
        int piece = bytes.length / PIECES + 1;
        for (int from = 0; from < bytes.length; from += piece) {
          exchange.getResponseBody().write(bytes, from, Math.min(piece, bytes.length - from));
          exchange.getResponseBody().flush();
          Pause.millis(millis / PIECES);
        }
      }
      case CORRUPT -> {
        byte[] other = bytes.clone();
        other[other.length / 2] ^= 1;
        exchange.sendResponseHeaders(file.status(), other.length);
        exchange.getResponseBody().write(other);
      }
      case SHORTEN -> {
        byte[] shorter = Arrays.copyOf(bytes, Math.max(1, bytes.length - 7));
        exchange.sendResponseHeaders(file.status(), shorter.length);
        exchange.getResponseBody().write(shorter);
      }
      case ENDLESS -> endless(exchange);
    }
  }

  private void endless(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(file.status(), 0);
    byte[] zeros = new byte[1 << 16];
    OutputStream out = exchange.getResponseBody();
    for (long sent = 0; sent < ENDLESS; sent += zeros.length) {
      out.write(zeros);
    }
  }
}
