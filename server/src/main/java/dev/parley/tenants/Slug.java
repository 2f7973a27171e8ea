package dev.parley.tenants;

import dev.parley.platform.http.Input;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The rule for tenants' names in addresses.
final class Slug {
  private static final Pattern FORM = Pattern.compile("[a-z0-9](?:[a-z0-9-]{1,38})[a-z0-9]");
  // Names that an installation's own hosts are likely to have, or that could pass for them.
  private static final Set<String> RESERVED =
      Set.of(
          "admin",
          "api",
          "app",
          "auth",
          "docs",
          "help",
          "localhost",
          "login",
          "mail",
          "operator",
          "parley",
          "root",
          "static",
          "status",
          "support",
          "system",
          "webhooks",
          "www");

  private Slug() {}

  static String check(Input input, @Nullable String value) {
    String slug = input.text("slug", value, 40).toLowerCase(Locale.ROOT);
    if (!slug.isEmpty()) {
      input.check(
          FORM.matcher(slug).matches() && !slug.contains("--"),
          "slug",
          "must be 3 to 40 letters a-z, digits and single inner dashes");
      input.check(!RESERVED.contains(slug), "slug", "is reserved");
    }
    return slug;
  }
}
