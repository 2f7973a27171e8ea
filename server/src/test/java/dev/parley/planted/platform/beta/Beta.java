package dev.parley.planted.platform.beta;

import dev.parley.planted.platform.alpha.Alpha;

/// Breaks: no circles.
public final class Beta {
  /// The other half of the circle.
  public Alpha alpha() {
    return new Alpha();
  }
}
