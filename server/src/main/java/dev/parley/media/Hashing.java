package dev.parley.media;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Copies bytes and hashes them on the way, with little memory however many they are.
final class Hashing {
  private static final int BUFFER = 64 << 10;

  private Hashing() {}

  static MessageDigest sha256() {
    return digest("SHA-256");
  }

  static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }

  static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  /// Writes all bytes into a new file and forces them to disk. What reading throws comes out unchanged, what writing
  /// throws as [StorageFailure].
  static BlobStorage.Put intoFile(InputStream bytes, Path file) throws IOException {
    MessageDigest digest = sha256();
    try (ForcedFile sink = new ForcedFile(file)) {
      long size =
          bytes.transferTo(
              new OutputStream() {
                @Override
                public void write(int one) {
                  write(new byte[] {(byte) one}, 0, 1);
                }

                @Override
                public void write(byte[] from, int offset, int length) {
                  digest.update(from, offset, length);
                  sink.write(from, offset, length);
                }
              });
      sink.force();
      return new BlobStorage.Put(size, hex(digest));
    }
  }

  /// Hashes all that is left of a stream.
  static BlobStorage.Put ofAll(InputStream bytes) throws IOException {
    MessageDigest digest = sha256();
    byte[] buffer = new byte[BUFFER];
    long size = 0;
    for (int n = bytes.read(buffer); n >= 0; n = bytes.read(buffer)) {
      digest.update(buffer, 0, n);
      size += n;
    }
    return new BlobStorage.Put(size, hex(digest));
  }
}
