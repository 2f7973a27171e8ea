package dev.parley.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.platform.access.TenantId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every storage does.
interface BlobStorageContract {
  /// The storage under test; always the same one.
  BlobStorage storage();

  /// One tenant.
  TenantId ACME = new TenantId(UUID.fromString("0199d9a0-0000-7000-8000-00000000000a"));

  /// Another.
  TenantId GLOBEX = new TenantId(UUID.fromString("0199d9a0-0000-7000-8000-00000000000b"));

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private UUID put(TenantId tenant, byte[] bytes) throws IOException {
    UUID id = UUID.randomUUID();
    BlobStorage.Put put = storage().put(tenant, id, new ByteArrayInputStream(bytes));
    assertThat(put.size()).isEqualTo(bytes.length);
    return id;
  }

  private List<UUID> listed(TenantId tenant) {
    var ids = new ArrayList<UUID>();
    storage().list(tenant, listed -> ids.add(listed.id()));
    return ids;
  }

  @BeforeEach
  default void empty() {
    for (TenantId tenant : List.of(ACME, GLOBEX)) {
      listed(tenant).forEach(id -> storage().delete(tenant, id));
    }
  }

  @Test
  default void itCanBeReached() {
    storage().check();
  }

  @Test
  default void whatIsPutIsReadWholeAndInPart() throws IOException {
    byte[] bytes = random(300_000);
    UUID id = put(ACME, bytes);

    assertThat(storage().size(ACME, id)).hasValue(300_000);
    assertThat(read(ACME, id, 0, 300_000)).isEqualTo(bytes);
    assertThat(read(ACME, id, 299_990, 10)).isEqualTo(Arrays.copyOfRange(bytes, 299_990, 300_000));
    assertThat(read(ACME, id, 1000, 1)).containsExactly(bytes[1000]);
    assertThat(read(ACME, id, 5, 0)).isEmpty();
  }

  private byte[] read(TenantId tenant, UUID id, long offset, long length) throws IOException {
    try (InputStream stream = storage().open(tenant, id, offset, length).orElseThrow()) {
      return stream.readAllBytes();
    }
  }

  @Test
  default void theHashIsThatOfTheBytes() throws IOException {
    BlobStorage.Put put =
        storage()
            .put(
                ACME,
                UUID.randomUUID(),
                new ByteArrayInputStream("abc".getBytes(StandardCharsets.US_ASCII)));

    // FIPS 180-2, appendix B.1.
    assertThat(put.sha256())
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assertThat(put.size()).isEqualTo(3);
  }

  @Test
  default void anEmptyObjectIsAnObject() throws IOException {
    UUID id = put(ACME, new byte[0]);

    assertThat(storage().size(ACME, id)).hasValue(0);
    assertThat(read(ACME, id, 0, 0)).isEmpty();
  }

  @Test
  default void aLargeObjectComesBackUnchanged() throws IOException {
    byte[] bytes = random(37 << 20);
    UUID id = put(ACME, bytes);

    try (InputStream stream = storage().open(ACME, id, 0, bytes.length).orElseThrow()) {
      assertThat(Hashing.ofAll(stream)).isEqualTo(Hashing.ofAll(new ByteArrayInputStream(bytes)));
    }
    assertThat(read(ACME, id, 17 << 20, 3))
        .isEqualTo(Arrays.copyOfRange(bytes, 17 << 20, (17 << 20) + 3));
  }

  @Test
  default void aStreamThatBreaksLeavesNothing() {
    UUID id = UUID.randomUUID();
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("cut");
          }

          @Override
          public int read(byte[] into, int offset, int length) throws IOException {
            return read();
          }
        };
    var half = new SequenceInputStream(new ByteArrayInputStream(random(200_000)), broken);

    assertThatThrownBy(() -> storage().put(ACME, id, half))
        .isInstanceOf(IOException.class)
        .hasMessage("cut");
    assertThat(storage().size(ACME, id)).isEmpty();
    assertThat(listed(ACME)).isEmpty();
  }

  @Test
  default void whatIsNotThereIsNotThere() {
    UUID id = UUID.randomUUID();

    assertThat(storage().size(ACME, id)).isEmpty();
    assertThat(storage().open(ACME, id, 0, 1)).isEmpty();
    assertThat(storage().open(ACME, id, 0, 0)).isEmpty();
    storage().delete(ACME, id);
  }

  @Test
  default void whatIsDeletedIsGone() throws IOException {
    UUID id = put(ACME, random(10));
    storage().delete(ACME, id);
    storage().delete(ACME, id);

    assertThat(storage().size(ACME, id)).isEmpty();
    assertThat(listed(ACME)).isEmpty();
  }

  @Test
  default void tenantsDoNotMeet() throws IOException {
    UUID id = put(ACME, random(10));

    assertThat(storage().size(GLOBEX, id)).isEmpty();
    assertThat(storage().open(GLOBEX, id, 0, 10)).isEmpty();
    storage().delete(GLOBEX, id);
    assertThat(listed(ACME)).containsExactly(id);
    assertThat(listed(GLOBEX)).isEmpty();
    put(GLOBEX, random(10));
    assertThat(storage().tenants()).contains(ACME, GLOBEX);
  }

  @Test
  default void everyObjectIsListedOnce() throws IOException {
    var ids = new ArrayList<UUID>();
    for (int i = 0; i < 30; i++) {
      ids.add(put(ACME, random(i)));
    }

    assertThat(listed(ACME)).containsExactlyInAnyOrderElementsOf(ids);
  }

  @Test
  default void manyAtOnceDoNotDisturbEachOther() throws Exception {
    var all = new ArrayList<Future<Boolean>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 20; i++) {
        byte[] bytes = random(50_000 + i);
        all.add(
            threads.submit(
                () -> {
                  UUID id = put(ACME, bytes);
                  return Arrays.equals(read(ACME, id, 0, bytes.length), bytes);
                }));
      }
    }
    for (Future<Boolean> one : all) {
      assertThat(one.get()).isTrue();
    }
  }
}
