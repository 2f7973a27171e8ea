package dev.parley.identity;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import dev.parley.platform.http.Problem;
import dev.parley.tenants.Tenant;
import dev.parley.tenants.Tenants;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Turns what a client shows into a [Caller], whatever the door: REST, sockets, server-sent events.
@Singleton
public final class Callers {
  private final ApiKeys keys;
  private final Tokens tokens;
  private final SignInRegister register;
  private final Tenants tenants;
  private final Config config;

  /// What a client shows; null for what it does not.
  ///
  /// @param apiKey an API key
  /// @param token an access token
  /// @param host the address it called, possibly with a port; a subdomain of `base.domain` names a tenant
  /// @param tenant slug or id of the tenant that an operator wants to act in
  public record Shown(
      @Nullable String apiKey,
      @Nullable String token,
      @Nullable String host,
      @Nullable String tenant) {}

  Callers(ApiKeys keys, Tokens tokens, SignInRegister register, Tenants tenants, Config config) {
    this.keys = keys;
    this.tokens = tokens;
    this.register = register;
    this.tenants = tenants;
    this.config = config;
  }

  /// The caller; empty when neither key nor token is shown. Throws a [Problem] when either is not good, when they and
  /// the address name different tenants, or when the tenant is suspended.
  public Optional<Caller> resolve(Shown shown) {
    Optional<Caller> byKey = Optional.ofNullable(shown.apiKey()).map(this::ofApiKey);
    Optional<Caller> byToken = Optional.ofNullable(shown.token()).map(this::ofToken);
    if (byKey.isPresent() && byToken.isPresent()) {
      // A person who shows a key as well gets the person's permissions, if both are of one tenant.
      refuseUnlessSame(byKey.get().tenant(), byToken.get().tenant());
    }
    return byToken.or(() -> byKey).map(caller -> place(caller, shown));
  }

  /// Somebody who was let in for longer than one request.
  ///
  /// @param expiresAt when what they showed is no longer good; null when it does not expire by itself
  public record Pass(Caller caller, @Nullable Instant expiresAt) {}

  /// [#resolve] for what outlives a request, such as a socket.
  public Optional<Pass> admit(Shown shown) {
    String token = shown.token();
    return resolve(shown)
        .map(
            caller ->
                new Pass(
                    caller,
                    token == null || caller.kind() == Caller.Kind.API_KEY
                        ? null
                        : Tokens.expiry(token)));
  }

  /// When an access token expires that was found good before.
  public Instant expiry(String goodToken) {
    return Tokens.expiry(goodToken);
  }

  /// The caller behind an access token. Throws a [Problem] when it is not good or its sign-in is over. The tenant's
  /// state is not looked at; [#resolve] does that.
  public Caller ofToken(String token) {
    return tokens
        .verify(token)
        .flatMap(
            claims ->
                register
                    .account(claims.realm(), claims.signIn())
                    .filter(account -> account.id().equals(claims.subject()))
                    .map(account -> account.caller(claims.signIn())))
        .orElseThrow(
            () ->
                new Problem(
                    Problem.Code.UNAUTHENTICATED,
                    "The access token is not valid or no longer good; refresh it or sign in again."));
  }

  /// The caller behind an API key. Throws a [Problem] when it is not good.
  public Caller ofApiKey(String key) {
    return keys.verify(key)
        .orElseThrow(
            () ->
                new Problem(
                    Problem.Code.UNAUTHENTICATED, "The API key is unknown, expired or revoked."));
  }

  /// The slug that an address names: the label before `base.domain`. Empty for the domain itself, for other addresses
  /// and where no domain is configured.
  public Optional<String> slugOf(@Nullable String host) {
    String domain = config.find(Keys.BASE_DOMAIN).orElse(null);
    if (host == null || domain == null) {
      return Optional.empty();
    }
    String name = host.replaceFirst(":\\d{1,5}$", "").toLowerCase(Locale.ROOT);
    String suffix = "." + domain.toLowerCase(Locale.ROOT);
    if (!name.endsWith(suffix)) {
      return Optional.empty();
    }
    String label = name.substring(0, name.length() - suffix.length());
    return label.indexOf('.') < 0 ? Optional.of(label) : Optional.empty();
  }

  /// The slug of the tenant that somebody means who is not signed in: the one they name, or that of the subdomain; null
  /// without either. Throws a [Problem] when the two differ.
  public @Nullable String slug(@Nullable String host, @Nullable String named) {
    Optional<String> bySubdomain = slugOf(host);
    if (named != null && bySubdomain.filter(slug -> !slug.equalsIgnoreCase(named)).isPresent()) {
      throw new Problem(
          Problem.Code.TENANT_CONFLICT, "The body and the address name different tenants.");
    }
    return named == null ? bySubdomain.orElse(null) : named.toLowerCase(Locale.ROOT);
  }

  /// The caller in the tenant that the address and the header name. Throws a [Problem] when that is another, or
  /// suspended.
  Caller place(Caller caller, Shown shown) {
    Optional<TenantId> byHost = slugOf(shown.host()).map(this::bySlug);
    Optional<TenantId> byHeader = Optional.ofNullable(shown.tenant()).map(this::bySlugOrId);
    if (caller.kind() != Caller.Kind.OPERATOR) {
      Stream.of(byHost, byHeader)
          .flatMap(Optional::stream)
          .forEach(named -> refuseUnlessSame(caller.tenant(), named));
      refuseUnlessIn(caller.inTenant(), Tenant.State.ACTIVE);
      return caller;
    }
    if (byHeader.isEmpty()) {
      return caller;
    }
    TenantId tenant = byHeader.get();
    byHost.ifPresent(named -> refuseUnlessSame(tenant, named));
    refuseUnlessIn(tenant, Tenant.State.ACTIVE, Tenant.State.SUSPENDED);
    return new Caller(
        caller.kind(),
        caller.id(),
        caller.name(),
        tenant,
        caller.sessionId(),
        RoleTable.ofOperatorInTenant());
  }

  private TenantId bySlugOrId(String text) {
    try {
      return new TenantId(UUID.fromString(text));
    } catch (IllegalArgumentException e) {
      return bySlug(text.toLowerCase(Locale.ROOT));
    }
  }

  /// An unknown name is answered like a wrong one, so that nobody learns which tenants there are.
  private TenantId bySlug(String slug) {
    return tenants.findBySlug(slug).orElseThrow(Callers::conflict);
  }

  private void refuseUnlessIn(TenantId tenant, Tenant.State... states) {
    Tenant.State state = tenants.state(tenant).orElseThrow(Callers::conflict);
    if (Stream.of(states).noneMatch(state::equals)) {
      throw new Problem(
          Problem.Code.TENANT_SUSPENDED, "The tenant is suspended; its operator can resume it.");
    }
  }

  private static void refuseUnlessSame(@Nullable TenantId one, @Nullable TenantId other) {
    if (one == null || !one.equals(other)) {
      throw conflict();
    }
  }

  private static Problem conflict() {
    return new Problem(
        Problem.Code.TENANT_CONFLICT,
        "The credentials, the address and X-Tenant do not name one and the same tenant.");
  }
}
