package dev.parley.sandbox;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/// Makes message ids of the shape that WhatsApp uses: `wamid.` and the Base64 of the customer's
/// number, the direction and a unique part.
final class MessageIds {
  private static final int OUTBOUND = 0x11;
  private static final int INBOUND = 0x12;

  private final int run = ThreadLocalRandom.current().nextInt();
  private final AtomicLong next = new AtomicLong();

  String outbound(String customer) {
    return id(customer, OUTBOUND);
  }

  String inbound(String customer) {
    return id(customer, INBOUND);
  }

  private String id(String customer, int direction) {
    byte[] who = customer.getBytes(StandardCharsets.US_ASCII);
    byte[] unique =
        "%08X%010X".formatted(run, next.incrementAndGet()).getBytes(StandardCharsets.US_ASCII);
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(new byte[] {0x1c, 0x18, (byte) who.length});
    bytes.writeBytes(who);
    bytes.writeBytes(new byte[] {0x15, 0x02, 0x00, (byte) direction, 0x18, (byte) unique.length});
    bytes.writeBytes(unique);
    bytes.write(0);
    return "wamid." + Base64.getEncoder().encodeToString(bytes.toByteArray());
  }
}
