package dev.parley.identity;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.Ids;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.http.Problem;
import dev.parley.tenants.Tenant;
import dev.parley.tenants.Tenants;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/// Tickets for a page that opens a socket or a stream of events and can send no header with it: good once, for half a
/// minute, so that what ends up in an address and in the logs of proxies is worth nothing.
@Singleton
public final class Tickets {
  /// How long a ticket is good.
  public static final Duration LIFE = Duration.ofSeconds(30);

  private static final int SECRET_BYTES = 24;

  private final TenantDb db;
  private final SignInRegister register;
  private final Tenants tenants;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();

  /// A ticket and until when it can be shown.
  public record Issued(String ticket, Instant expiresAt) {}

  Tickets(TenantDb db, SignInRegister register, Tenants tenants, InstantSource clock) {
    this.db = db;
    this.register = register;
    this.tenants = tenants;
    this.clock = clock;
  }

  /// A ticket for a user; what is opened with it ends when the access token does. Throws a [Problem] for callers that
  /// are no users of the tenant: programs can send headers.
  public Issued issue(Caller caller, Instant tokenExpiresAt) {
    UUID signIn = caller.sessionId();
    if (caller.kind() != Caller.Kind.USER || signIn == null) {
      throw new Problem(
          Problem.Code.FORBIDDEN, "Tickets are for signed-in users; send an API key as X-API-Key.");
    }
    TenantId tenant = caller.inTenant();
    UUID id = Ids.next();
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    Instant until = clock.instant().plus(LIFE);
    var row = new TicketStore.Row(hash(secret), caller.id(), signIn, tokenExpiresAt);
    db.runInTenant(tenant, tx -> TicketStore.insert(tx.sql(), tenant, id, row, until));
    ByteBuffer text = ByteBuffer.allocate(32 + SECRET_BYTES);
    put(text, tenant.value());
    put(text, id);
    text.put(secret);
    return new Issued(Base64.getUrlEncoder().withoutPadding().encodeToString(text.array()), until);
  }

  /// Lets in whoever shows a ticket, once. Throws a [Problem] when it is not good, or when what it was got with is no
  /// longer.
  public Callers.Pass redeem(String ticket) {
    return find(ticket)
        .orElseThrow(
            () ->
                new Problem(
                    Problem.Code.UNAUTHENTICATED,
                    "The ticket is not good: it can be used once, within "
                        + LIFE.toSeconds()
                        + " seconds. Get another one."));
  }

  private Optional<Callers.Pass> find(String ticket) {
    if (ticket.length() > 100) {
      return Optional.empty();
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(ticket);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    if (bytes.length != 32 + SECRET_BYTES) {
      return Optional.empty();
    }
    ByteBuffer parts = ByteBuffer.wrap(bytes);
    var tenant = new TenantId(new UUID(parts.getLong(), parts.getLong()));
    UUID id = new UUID(parts.getLong(), parts.getLong());
    String hash = hash(Arrays.copyOfRange(bytes, 32, bytes.length));
    Instant now = clock.instant();
    return db.inTenant(tenant, tx -> TicketStore.take(tx.sql(), tenant, id, hash, now))
        .filter(_ -> tenants.state(tenant).filter(Tenant.State.ACTIVE::equals).isPresent())
        .filter(row -> now.isBefore(row.expiresAt()))
        .flatMap(
            row ->
                register
                    .account(tenant, row.signIn())
                    .filter(account -> account.id().equals(row.user()))
                    .map(
                        account ->
                            new Callers.Pass(account.caller(row.signIn()), row.expiresAt())));
  }

  /// Forgets tickets that nobody used; answers how many.
  public int deleteBefore(TenantId tenant, Instant time) {
    return db.inTenant(tenant, tx -> TicketStore.deleteBefore(tx.sql(), tenant, time));
  }

  private static String hash(byte[] secret) {
    return Hashes.sha256(Base64.getEncoder().encodeToString(secret));
  }

  private static void put(ByteBuffer bytes, UUID id) {
    bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
  }
}
