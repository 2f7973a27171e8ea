package dev.parley.tenants;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// JSON Merge Patch (RFC 7396).
final class MergePatch {
  private MergePatch() {}

  /// Changes `target`. Depth is bounded by the reader's limit on nesting.
  static void apply(ObjectNode target, ObjectNode patch) {
    patch
        .properties()
        .forEach(
            field -> {
              var value = field.getValue();
              if (value.isNull()) {
                target.remove(field.getKey());
              } else if (value instanceof ObjectNode changes) {
                ObjectNode into =
                    target.get(field.getKey()) instanceof ObjectNode known
                        ? known
                        : target.putObject(field.getKey());
                apply(into, changes);
              } else {
                target.set(field.getKey(), value);
              }
            });
  }
}
