package dev.parley.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.Api;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The operations of the API document of a running server.
record Operations(List<Operation> all) {
  /// Who may do what, written down a second time: the document and the program are held against this.
  static final Map<String, Set<String>> PERMISSIONS =
      Map.ofEntries(
          Map.entry("tenants:manage", Set.of()),
          Map.entry("settings:manage", Set.of("admin")),
          Map.entry("settings:read", Set.of("admin", "manager", "agent", "read-only")),
          Map.entry("users:manage", Set.of("admin", "manager")),
          Map.entry("users:read", Set.of("admin", "manager", "agent", "read-only")),
          Map.entry("api-keys:manage", Set.of("admin")),
          Map.entry("audit:read", Set.of("admin", "manager")),
          Map.entry("channels:manage", Set.of("admin")),
          Map.entry("templates:manage", Set.of("admin", "manager")),
          Map.entry("channels:read", Set.of("admin", "manager", "agent", "read-only")),
          Map.entry("contacts:write", Set.of("admin", "manager", "agent")),
          Map.entry("contacts:read", Set.of("admin", "manager", "agent", "read-only")),
          Map.entry("conversations:write", Set.of("admin", "manager", "agent")),
          Map.entry("conversations:read", Set.of("admin", "manager", "agent", "read-only")),
          Map.entry("inbox:manage", Set.of("admin", "manager")),
          Map.entry("chat", Set.of("admin", "manager", "agent")),
          Map.entry("files:write", Set.of("admin", "manager", "agent")),
          Map.entry("files:read", Set.of("admin", "manager", "agent", "read-only")),
          Map.entry("files:manage", Set.of("admin", "manager")),
          Map.entry("events:read", Set.of("admin", "manager", "read-only")),
          Map.entry("api-log:read", Set.of("admin")),
          Map.entry("health:read", Set.of("admin")),
          Map.entry("dead-letters:manage", Set.of("admin", "manager")),
          Map.entry("genesys:widget", Set.of()),
          Map.entry("self", Set.of("admin", "manager", "agent", "read-only")));

  /// One operation.
  ///
  /// @param permission its `x-permission`, or null where that says `none`: anybody may call
  record Operation(String method, String path, @Nullable String permission, JsonNode document) {
    String name() {
      return method + " " + path;
    }

    boolean allows(String role) {
      return permission == null || holds(role, permission) || anyOther(role);
    }

    private boolean anyOther(String role) {
      for (JsonNode other : document.path("x-permission-or")) {
        if (holds(role, other.asText())) {
          return true;
        }
      }
      return false;
    }

    private static boolean holds(String role, String permission) {
      return PERMISSIONS.getOrDefault(permission, Set.of()).contains(role);
    }

    boolean hasBody() {
      return document.has("requestBody");
    }

    @Override
    public String toString() {
      return name();
    }
  }

  static Operations of(Api server) {
    JsonNode document = server.with("Accept", "application/json").get("/openapi").ok();
    var all = new ArrayList<Operation>();
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        method -> {
                          String verb = method.getKey().toUpperCase(Locale.ROOT);
                          if (Set.of("GET", "POST", "PUT", "PATCH", "DELETE").contains(verb)) {
                            JsonNode permission = method.getValue().path("x-permission");
                            all.add(
                                new Operation(
                                    verb,
                                    path.getKey(),
                                    permission.asText().equals("none") ? null : permission.asText(),
                                    method.getValue()));
                          }
                        }));
    return new Operations(all);
  }
}
