package dev.parley.media;

import dev.parley.platform.access.TenantId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/// Objects in a bucket of an S3 server, named `<prefix><tenant>/<id>`.
///
/// An object is first written to a file of this machine, hashed on the way, and then sent: so nothing of it is in memory,
/// its length is known, and a piece can be sent again. Large ones go in parts.
public final class S3Storage implements BlobStorage, AutoCloseable {
  private final S3Client s3;
  private final S3Parts parts;
  private final S3Presigner presigner;
  private final Settings settings;

  /// Where and how.
  ///
  /// @param endpoint null for AWS
  /// @param prefix begins all names; empty, or ending in a slash
  /// @param accessKey null for what the SDK finds by itself
  /// @param spool a folder of this machine for objects on their way
  /// @param redirect whether readers are sent to the S3 server
  public record Settings(
      @Nullable URI endpoint,
      String region,
      String bucket,
      String prefix,
      @Nullable String accessKey,
      @Nullable String secretKey,
      boolean pathStyle,
      Path spool,
      boolean redirect) {}

  /// Connects when first used.
  public S3Storage(Settings settings) {
    this.settings = settings;
    String id = settings.accessKey();
    String secret = settings.secretKey();
    AwsCredentialsProvider credentials =
        id == null || secret == null
            ? DefaultCredentialsProvider.builder().build()
            : StaticCredentialsProvider.create(AwsBasicCredentials.create(id, secret));
    var style = S3Configuration.builder().pathStyleAccessEnabled(settings.pathStyle()).build();
    var client =
        S3Client.builder()
            .region(Region.of(settings.region()))
            .credentialsProvider(credentials)
            .serviceConfiguration(style)
            // Other servers than AWS do not know the newer checksums; TLS and our SHA-256 stand for
            // them.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .httpClientBuilder(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(Duration.ofSeconds(5))
                    .socketTimeout(Duration.ofSeconds(30)));
    var signer =
        S3Presigner.builder()
            .region(Region.of(settings.region()))
            .credentialsProvider(credentials)
            .serviceConfiguration(style);
    URI endpoint = settings.endpoint();
    if (endpoint != null) {
      client.endpointOverride(endpoint);
      signer.endpointOverride(endpoint);
    }
    this.s3 = client.build();
    this.parts = new S3Parts(s3, settings.bucket());
    this.presigner = signer.build();
  }

  private static <T> T attempt(String what, Supplier<T> work) {
    try {
      return work.get();
    } catch (SdkException | UncheckedIOException e) {
      throw new StorageFailure("S3: cannot " + what + ": " + e.getMessage(), e);
    }
  }

  private String prefix(TenantId tenant) {
    return settings.prefix() + tenant + "/";
  }

  private String key(TenantId tenant, UUID id) {
    return prefix(tenant) + id;
  }

  @Override
  public Put put(TenantId tenant, UUID id, InputStream bytes) throws IOException {
    Path spooled = spool().resolve(id.toString());
    try {
      Put put = Hashing.intoFile(bytes, spooled);
      String key = key(tenant, id);
      if (put.size() <= S3Parts.LENGTH) {
        attempt(
            "put " + key,
            () ->
                s3.putObject(
                    request -> request.bucket(settings.bucket()).key(key),
                    RequestBody.fromFile(spooled)));
      } else {
        attempt("put " + key, () -> parts.send(key, spooled, put.size()));
      }
      return put;
    } finally {
      delete(spooled);
    }
  }

  private Path spool() {
    try {
      return Files.createDirectories(settings.spool());
    } catch (IOException e) {
      throw new StorageFailure("cannot make " + settings.spool() + ": " + e, e);
    }
  }

  private static void delete(Path spooled) {
    try {
      Files.deleteIfExists(spooled);
    } catch (IOException e) {
      throw new StorageFailure("cannot delete " + spooled + ": " + e, e);
    }
  }

  @Override
  public Optional<InputStream> open(TenantId tenant, UUID id, long offset, long length) {
    String key = key(tenant, id);
    if (length == 0) {
      return size(tenant, id).isPresent()
          ? Optional.of(InputStream.nullInputStream())
          : Optional.empty();
    }
    return attempt(
        "read " + key,
        () -> {
          try {
            return Optional.of(
                s3.getObject(
                    request ->
                        request
                            .bucket(settings.bucket())
                            .key(key)
                            .range("bytes=%d-%d".formatted(offset, offset + length - 1))));
          } catch (NoSuchKeyException e) {
            return Optional.empty();
          }
        });
  }

  @Override
  public OptionalLong size(TenantId tenant, UUID id) {
    String key = key(tenant, id);
    return attempt(
        "look at " + key,
        () -> {
          try {
            return OptionalLong.of(
                s3.headObject(request -> request.bucket(settings.bucket()).key(key))
                    .contentLength());
          } catch (NoSuchKeyException e) {
            return OptionalLong.empty();
          } catch (S3Exception e) {
            if (e.statusCode() == 404) {
              return OptionalLong.empty();
            }
            throw e;
          }
        });
  }

  @Override
  public void delete(TenantId tenant, UUID id) {
    String key = key(tenant, id);
    attempt(
        "delete " + key,
        () -> {
          for (MultipartUpload upload : unfinished(key)) {
            parts.abort(upload.key(), upload.uploadId());
          }
          return s3.deleteObject(request -> request.bucket(settings.bucket()).key(key));
        });
    delete(settings.spool().resolve(id.toString()));
  }

  private List<MultipartUpload> unfinished(String prefix) {
    var all = new ArrayList<MultipartUpload>();
    s3.listMultipartUploadsPaginator(request -> request.bucket(settings.bucket()).prefix(prefix))
        .uploads()
        .forEach(all::add);
    return all;
  }

  @Override
  public void list(TenantId tenant, Consumer<Listed> listener) {
    String prefix = prefix(tenant);
    attempt(
        "list " + prefix,
        () -> {
          for (S3Object object :
              s3.listObjectsV2Paginator(request -> request.bucket(settings.bucket()).prefix(prefix))
                  .contents()) {
            tell(object.key(), prefix, object.size(), object.lastModified(), listener);
          }
          for (MultipartUpload upload : unfinished(prefix)) {
            tell(upload.key(), prefix, 0, upload.initiated(), listener);
          }
          return prefix;
        });
  }

  private static void tell(
      String key, String prefix, long size, Instant time, Consumer<Listed> listener) {
    try {
      listener.accept(new Listed(UUID.fromString(key.substring(prefix.length())), size, time));
    } catch (IllegalArgumentException e) {
      // Somebody else's object.
      return;
    }
  }

  @Override
  public List<TenantId> tenants() {
    return attempt(
        "list tenants",
        () -> {
          var tenants = new ArrayList<TenantId>();
          for (CommonPrefix common :
              s3.listObjectsV2Paginator(
                      request ->
                          request
                              .bucket(settings.bucket())
                              .prefix(settings.prefix())
                              .delimiter("/"))
                  .commonPrefixes()) {
            String name = common.prefix().substring(settings.prefix().length());
            if (name.matches("[0-9a-f-]{36}/")) {
              tenants.add(TenantId.parse(name.substring(0, 36)));
            }
          }
          return tenants;
        });
  }

  @Override
  public Optional<Presigned> presignPut(TenantId tenant, UUID id, long size, Duration life) {
    var signed =
        presigner.presignPutObject(
            request ->
                request
                    .signatureDuration(life)
                    .putObjectRequest(
                        put ->
                            put.bucket(settings.bucket())
                                .key(key(tenant, id))
                                .contentLength(size)));
    return Optional.of(new Presigned(URI.create(signed.url().toString()), signed.expiration()));
  }

  @Override
  public Optional<URI> presignGet(
      TenantId tenant, UUID id, String type, String disposition, Duration life) {
    if (!settings.redirect()) {
      return Optional.empty();
    }
    var signed =
        presigner.presignGetObject(
            request ->
                request
                    .signatureDuration(life)
                    .getObjectRequest(
                        get ->
                            get.bucket(settings.bucket())
                                .key(key(tenant, id))
                                .responseContentType(type)
                                .responseContentDisposition(disposition)));
    return Optional.of(URI.create(signed.url().toString()));
  }

  @Override
  public void check() {
    attempt(
        "use the bucket " + settings.bucket(),
        () -> s3.headBucket(request -> request.bucket(settings.bucket())));
  }

  @Override
  public void close() {
    s3.close();
    presigner.close();
  }
}
