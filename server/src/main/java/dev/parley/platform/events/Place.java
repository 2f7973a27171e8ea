package dev.parley.platform.events;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.lanes.Lanes;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.CRC32C;

/// A place in a tenant's event log: for each lane the number of the last event before it. Immutable.
public final class Place {
  /// The beginning of every log.
  public static final Place START = new Place(new long[Lanes.COUNT]);

  private static final byte FORM = 1;
  private static final int LONGEST = 1 + 4 + Lanes.COUNT * 9;

  private final long[] seqs;

  private Place(long[] seqs) {
    this.seqs = seqs;
  }

  /// The place with these last numbers, one for each lane, none negative.
  public static Place of(long[] seqs) {
    if (seqs.length != Lanes.COUNT || Arrays.stream(seqs).anyMatch(seq -> seq < 0)) {
      throw new IllegalArgumentException("a place has " + Lanes.COUNT + " numbers from 0");
    }
    return new Place(seqs.clone());
  }

  /// The number of the last event before this place in a lane.
  public long seq(int lane) {
    return seqs[lane];
  }

  /// The numbers of all lanes; the caller may change the array.
  public long[] seqs() {
    return seqs.clone();
  }

  /// This place moved over an event.
  public Place after(StoredEvent event) {
    return with(event.lane(), event.seq());
  }

  /// This place moved to a number in one lane.
  public Place with(int lane, long seq) {
    long[] moved = seqs.clone();
    moved[lane] = seq;
    return new Place(moved);
  }

  /// Whether the event lies before this place.
  public boolean isPast(StoredEvent event) {
    return event.seq() <= seqs[event.lane()];
  }

  /// Whether no lane is behind the other place.
  public boolean reaches(Place other) {
    for (int lane = 0; lane < seqs.length; lane++) {
      if (seqs[lane] < other.seqs[lane]) {
        return false;
      }
    }
    return true;
  }

  /// In each lane the further one of both.
  public Place furthest(Place other) {
    if (reaches(other)) {
      return this;
    }
    long[] most = seqs.clone();
    for (int lane = 0; lane < most.length; lane++) {
      most[lane] = Math.max(most[lane], other.seqs[lane]);
    }
    return new Place(most);
  }

  /// In each lane the nearer one of both.
  public Place least(Place other) {
    long[] least = seqs.clone();
    for (int lane = 0; lane < least.length; lane++) {
      least[lane] = Math.min(least[lane], other.seqs[lane]);
    }
    return new Place(least);
  }

  /// How many events lie between this place and another; lanes in which this one is further count nothing.
  public long distanceTo(Place other) {
    long events = 0;
    for (int lane = 0; lane < seqs.length; lane++) {
      events += Math.max(0, other.seqs[lane] - seqs[lane]);
    }
    return events;
  }

  /// The opaque text that clients keep. It is good for this tenant alone, at every door and in every process.
  public String cursor(TenantId tenant) {
    ByteBuffer bytes = ByteBuffer.allocate(LONGEST);
    bytes.put(FORM).putInt(mark(tenant));
    for (long seq : seqs) {
      long rest = seq;
      while (rest >= 0x80) {
        bytes.put((byte) (rest | 0x80));
        rest >>>= 7;
      }
      bytes.put((byte) rest);
    }
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Arrays.copyOf(bytes.array(), bytes.position()));
  }

  /// The place of a tenant's cursor; throws `IllegalArgumentException` for what is none, or another tenant's.
  public static Place parse(TenantId tenant, String cursor) {
    if (cursor.length() > 2 * LONGEST) {
      throw new IllegalArgumentException("too long");
    }
    ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(cursor));
    try {
      if (bytes.get() != FORM || bytes.getInt() != mark(tenant)) {
        throw new IllegalArgumentException("not a cursor of this tenant");
      }
      long[] seqs = new long[Lanes.COUNT];
      for (int lane = 0; lane < seqs.length; lane++) {
        seqs[lane] = number(bytes);
      }
      if (bytes.hasRemaining()) {
        throw new IllegalArgumentException("too much");
      }
      return new Place(seqs);
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("too little", e);
    }
  }

  private static long number(ByteBuffer bytes) {
    long value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      byte next = bytes.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("not a number");
  }

  /// Tells one tenant's cursors from another's, so that a mix-up is noticed. It is no protection; none is needed, since
  /// a cursor says where to read and never what may be read.
  private static int mark(TenantId tenant) {
    var crc = new CRC32C();
    ByteBuffer id = ByteBuffer.allocate(16);
    id.putLong(tenant.value().getMostSignificantBits());
    id.putLong(tenant.value().getLeastSignificantBits());
    crc.update(id.array());
    return (int) crc.getValue();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Place place && Arrays.equals(seqs, place.seqs);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(seqs);
  }

  @Override
  public String toString() {
    return Arrays.toString(seqs);
  }
}
