package dev.parley.platform.limits;

class LocalLimitsTest implements RateLimitsContract {
  private final LocalLimits limits = new LocalLimits();

  @Override
  public RateLimits limits() {
    return limits;
  }
}
