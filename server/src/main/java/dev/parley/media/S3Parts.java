package dev.parley.media;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/// Large objects on their way into a bucket, in parts: one that fails can be sent again alone.
final class S3Parts {
  /// The length of each but the last, in bytes.
  static final long LENGTH = 16L << 20;

  private final S3Client s3;
  private final String bucket;

  S3Parts(S3Client s3, String bucket) {
    this.s3 = s3;
    this.bucket = bucket;
  }

  /// Makes an object of a file's first `size` bytes; nothing is left when that fails.
  String send(String key, Path file, long size) {
    String upload = s3.createMultipartUpload(request -> request.bucket(bucket).key(key)).uploadId();
    boolean complete = false;
    try {
      var parts = new ArrayList<CompletedPart>();
      for (long from = 0; from < size; from += LENGTH) {
        long length = Math.min(LENGTH, size - from);
        long start = from;
        int number = parts.size() + 1;
        ContentStreamProvider piece = () -> slice(file, start, length);
        String etag =
            s3.uploadPart(
                    request -> request.bucket(bucket).key(key).uploadId(upload).partNumber(number),
                    RequestBody.fromContentProvider(piece, length, "application/octet-stream"))
                .eTag();
        parts.add(CompletedPart.builder().partNumber(number).eTag(etag).build());
      }
      String etag =
          s3.completeMultipartUpload(
                  request ->
                      request
                          .bucket(bucket)
                          .key(key)
                          .uploadId(upload)
                          .multipartUpload(all -> all.parts(parts)))
              .eTag();
      complete = true;
      return etag;
    } finally {
      if (!complete) {
        abort(key, upload);
      }
    }
  }

  private static InputStream slice(Path file, long from, long length) {
    try {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      channel.position(from);
      return new Limited(Channels.newInputStream(channel), length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Gives up what was begun.
  void abort(String key, String upload) {
    s3.abortMultipartUpload(request -> request.bucket(bucket).key(key).uploadId(upload));
  }
}
