package dev.parley.acceptance.driver;

/// A business number at the sandbox and the secrets that belong to it.
public record PhoneNumber(
    String id, String wabaId, String accessToken, String appSecret, String verifyToken) {
  /// The n-th number; secrets can be told apart from everything else.
  public static PhoneNumber of(int n) {
    return new PhoneNumber(
        "10654035224" + (2922 + n),
        "10229012934" + (398 + n),
        "EAAtoken%dcanary".formatted(n),
        "appsecret%dcanary0123456789".formatted(n),
        "verify-me-%d-canary".formatted(n));
  }

  /// The same with another word that proves the receiver of its webhooks.
  public PhoneNumber verifiedBy(String token) {
    return new PhoneNumber(id, wabaId, accessToken, appSecret, token);
  }

  /// As people write it.
  public String displayPhoneNumber() {
    return "+1 555-078-" + id.substring(id.length() - 4);
  }
}
