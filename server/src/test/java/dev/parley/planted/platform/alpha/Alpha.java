package dev.parley.planted.platform.alpha;

import dev.parley.planted.platform.beta.Beta;
import dev.parley.planted.tenants.PlantedDTO;

/// Breaks: the platform uses nobody; no circles.
public final class Alpha {
  /// A circle.
  public Beta beta = new Beta();

  /// The platform uses a module.
  public PlantedDTO tenant = new PlantedDTO();
}
