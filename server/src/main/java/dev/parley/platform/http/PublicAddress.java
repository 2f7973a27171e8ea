package dev.parley.platform.http;

import java.net.Inet4Address;
import java.net.InetAddress;

/// Tells public addresses from those that lead inside: IANA's special-purpose registries for IPv4 and IPv6.
final class PublicAddress {
  private PublicAddress() {}

  static boolean isPublic(InetAddress address) {
    if (address.isAnyLocalAddress()
        || address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()) {
      return false;
    }
    byte[] bytes = address.getAddress();
    return address instanceof Inet4Address ? isPublic4(bytes) : isPublic6(bytes);
  }

  private static boolean isPublic4(byte[] bytes) {
    int a = bytes[0] & 0xff;
    int b = bytes[1] & 0xff;
    int c = bytes[2] & 0xff;
    boolean special =
        a == 0
            || a == 10
            || a >= 224
            || (a == 100 && b >= 64 && b <= 127)
            || (a == 192 && b == 0 && (c == 0 || c == 2))
            || (a == 192 && b == 88 && c == 99)
            || (a == 198 && (b == 18 || b == 19))
            || (a == 198 && b == 51 && c == 100)
            || (a == 203 && b == 0 && c == 113);
    return !special;
  }

  private static boolean isPublic6(byte[] bytes) {
    int first = (bytes[0] & 0xff) << 8 | (bytes[1] & 0xff);
    int second = (bytes[2] & 0xff) << 8 | (bytes[3] & 0xff);
    // Only 2000::/3 is given out; inside it: Teredo, documentation, and 6to4, which wraps any IPv4
    // address. NAT64 (64:ff9b::/96), unique local and mapped addresses are outside it.
    boolean global = (first & 0xe000) == 0x2000;
    boolean special =
        (first == 0x2001 && (second < 0x0200 || second == 0x0db8))
            || first == 0x2002
            || first == 0x3fff;
    return global && !special;
  }
}
