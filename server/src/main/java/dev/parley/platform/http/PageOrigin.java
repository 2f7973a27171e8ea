package dev.parley.platform.http;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/// The `Origin` header: which page a browser's request comes from. Pages cannot write it themselves.
public final class PageOrigin {
  private PageOrigin() {}

  /// Whether the page came from this server: from the address that the request calls, or from the public one.
  ///
  /// @param origin the header; null, and the `null` of pages without an address, are not ours
  /// @param authority host and port as the request names them
  /// @param publicUrl where the installation is, when that is known
  public static boolean isOurs(
      @Nullable String origin, @Nullable String authority, @Nullable String publicUrl) {
    if (origin == null) {
      return false;
    }
    URI page = parsed(origin);
    if (page == null || page.getRawAuthority() == null) {
      return false;
    }
    URI ours = publicUrl == null ? null : parsed(publicUrl);
    return page.getRawAuthority().equalsIgnoreCase(authority)
        || (ours != null
            && origin.equalsIgnoreCase(ours.getScheme() + "://" + ours.getRawAuthority()));
  }

  /// Whether the page came by HTTPS, which the server behind a proxy does not see itself.
  public static boolean isSecure(@Nullable String origin) {
    return origin != null && origin.regionMatches(true, 0, "https:", 0, 6);
  }

  private static @Nullable URI parsed(String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
