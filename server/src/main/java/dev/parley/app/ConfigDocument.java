package dev.parley.app;

import dev.parley.platform.config.Key;
import dev.parley.platform.config.Keys;

/// `docs/config.md`, made from [Keys].
final class ConfigDocument {
  private ConfigDocument() {}

  static String text() {
    var text =
        new StringBuilder(
            """
            # Configuration

            Made from the code by `bin/docs`; do not edit. `./parley config` shows what a process would use.

            A key comes from, later ones winning: the file `parley.properties` in the working folder (or `--config FILE`),
            the environment, and `--set KEY=VALUE`. Unknown keys and values that are not valid are all reported at once, and
            nothing starts. Spans of time are written as `250ms`, `30s`, `15m`, `24h` or `7d`.

            | Key | Environment | Default | Meaning |
            |---|---|---|---|
            """);
    for (Key<?> key : Keys.ALL) {
      String fallback = key.fallback();
      text.append("| `")
          .append(key.name())
          .append("` | `")
          .append(key.variable())
          .append("` | ")
          .append(fallback == null || fallback.isEmpty() ? "none" : "`" + fallback + "`")
          .append(" | ")
          .append(key.doc().replace("|", "\\|"))
          .append(key.secret() ? " (secret, never shown)" : "")
          .append(" |\n");
    }
    return text.toString();
  }
}
