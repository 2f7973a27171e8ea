package dev.parley.identity;

import dev.parley.platform.crypto.Secret;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Problem;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.jspecify.annotations.Nullable;

/// Turns passwords into Argon2id hashes and compares. The stored text names its own parameters, so that they can be
/// raised later: `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>`.
@Singleton
public final class Passwords {
  /// Shortest password, in characters.
  public static final int LEAST = 12;

  /// Longest password, in characters.
  public static final int MOST = 200;

  private static final int MEMORY_KIB = 19 * 1024;
  private static final int PASSES = 2;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;
  private static final int RANDOM_BYTES = 18;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Pattern STORED =
      Pattern.compile(
          "\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,2}),p=(\\d{1,2})\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{22,86})");

  // A hash takes 19 MiB and a core: more of them at once would only make each slower and the heap
  // larger.
  private final Semaphore places = new Semaphore(Runtime.getRuntime().availableProcessors(), true);
  private final SecureRandom random = new SecureRandom();
  private final AtomicLong computed = new AtomicLong();
  private final String ofNobody;

  /// Computes one hash, that of nobody's password.
  public Passwords() {
    ofNobody = hash(new Secret(random()));
  }

  /// Checks a password that somebody wants to have.
  public void check(Input input, String field, @Nullable String password) {
    int length = password == null ? 0 : password.codePointCount(0, password.length());
    input.check(
        length >= LEAST && length <= MOST,
        field,
        "must have " + LEAST + " to " + MOST + " characters");
  }

  /// A random password of 24 characters.
  public String random() {
    byte[] bytes = new byte[RANDOM_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /// The text to store. Takes about 30 ms of a core.
  public String hash(Secret password) {
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    byte[] hash = compute(password.reveal(), salt, MEMORY_KIB, PASSES, 1, HASH_BYTES);
    return "$argon2id$v=19$m=%d,t=%d,p=1$%s$%s"
        .formatted(MEMORY_KIB, PASSES, encode(salt), encode(hash));
  }

  /// Whether a password is the one of a stored hash. Without a stored hash it compares with nobody's, takes as long,
  /// and answers false. Throws a [Problem] when too many compute already.
  public boolean matches(String password, @Nullable String stored) {
    String against = stored == null ? ofNobody : stored;
    Matcher parts = STORED.matcher(against);
    if (!parts.matches()) {
      throw new IllegalStateException("a stored password hash is not of a known form");
    }
    byte[] expected = Base64.getDecoder().decode(parts.group(5));
    // Longer ones were never accepted; the cap only keeps the work bounded.
    String candidate = password.length() > 2 * MOST ? "" : password;
    byte[] actual =
        compute(
            candidate,
            Base64.getDecoder().decode(parts.group(4)),
            Integer.parseInt(parts.group(1)),
            Integer.parseInt(parts.group(2)),
            Integer.parseInt(parts.group(3)),
            expected.length);
    return MessageDigest.isEqual(expected, actual) && stored != null;
  }

  /// How many hashes were computed so far, for tests and figures.
  long computed() {
    return computed.get();
  }

  private byte[] compute(
      String password, byte[] salt, int memoryKib, int passes, int lanes, int length) {
    try {
      if (!places.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw Problem.later(
            Problem.Code.UNAVAILABLE, "Too many sign in at once; try again shortly.", PATIENCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Problem.later(Problem.Code.UNAVAILABLE, "The server is stopping.", PATIENCE);
    }
    try {
      var generator = new Argon2BytesGenerator();
      generator.init(
          new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
              .withVersion(Argon2Parameters.ARGON2_VERSION_13)
              .withMemoryAsKB(memoryKib)
              .withIterations(passes)
              .withParallelism(lanes)
              .withSalt(salt)
              .build());
      byte[] hash = new byte[length];
      // The same characters may come composed or decomposed, depending on the keyboard.
      String normal = Normalizer.normalize(password, Normalizer.Form.NFKC);
      generator.generateBytes(normal.getBytes(StandardCharsets.UTF_8), hash);
      computed.incrementAndGet();
      return hash;
    } finally {
      places.release();
    }
  }

  private static String encode(byte[] bytes) {
    return Base64.getEncoder().withoutPadding().encodeToString(bytes);
  }
}
