package dev.parley.planted.admin;

import dev.parley.planted.app.App;

/// Breaks: nobody uses `app`.
public final class Admin {
  /// The module above all.
  public void app(App app) {
    System.out.println(app);
  }
}
