package dev.parley.app;

import dev.parley.channels.Channels;
import dev.parley.genesys.Integrations;
import dev.parley.genesys.Widgets;
import dev.parley.identity.Operators;
import dev.parley.identity.SigningKeys;
import dev.parley.identity.UserRole;
import dev.parley.identity.Users;
import dev.parley.media.Verification;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.queue.DeadLetters;
import dev.parley.platform.queue.PostgresWorkQueue;
import dev.parley.tenants.Tenant;
import dev.parley.tenants.Tenants;
import io.quarkus.runtime.QuarkusApplication;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One piece of work on the database, by a command: everything is wired, nothing is started.
@Singleton
final class Errand implements QuarkusApplication {
  private static final int PAGE = 200;
  private static volatile @Nullable Work next;

  private final Faces faces;

  /// What the command does; answers the exit code.
  interface Work {
    int run(Faces faces);
  }

  /// What commands work with.
  record Faces(
      Tenants tenants,
      Users users,
      Operators operators,
      Channels channels,
      Integrations integrations,
      Widgets widgets,
      SigningKeys signingKeys,
      DeadLetters deadLetters,
      PostgresWorkQueue queue,
      Audit audit,
      Verification verification) {

    /// The tenant of that slug or id; throws `IllegalStateException` when there is none.
    Tenant tenant(String name) {
      return tenants
          .findBySlug(name)
          .or(() -> uuid(name).flatMap(id -> tenants.find(new TenantId(id)).map(Tenant::id)))
          .map(tenants::get)
          .orElseThrow(() -> new IllegalStateException("there is no tenant " + name));
    }

    /// All tenants, in whatever state.
    List<Tenant> allTenants() {
      var all = new ArrayList<Tenant>();
      List<Tenant> page = tenants.page(null, null, PAGE);
      while (!page.isEmpty()) {
        all.addAll(page);
        page =
            page.size() < PAGE ? List.of() : tenants.page(null, page.getLast().id().value(), PAGE);
      }
      return all;
    }

    private static Optional<UUID> uuid(String text) {
      try {
        return Optional.of(UUID.fromString(text));
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }
  }

  Errand(
      Tenants tenants,
      Users users,
      Operators operators,
      Channels channels,
      Integrations integrations,
      Widgets widgets,
      SigningKeys signingKeys,
      DeadLetters deadLetters,
      PostgresWorkQueue queue,
      Audit audit,
      Verification verification) {
    this.faces =
        new Faces(
            tenants,
            users,
            operators,
            channels,
            integrations,
            widgets,
            signingKeys,
            deadLetters,
            queue,
            audit,
            verification);
  }

  /// Says what the next container of this process is for.
  static void next(Work work) {
    next = work;
  }

  /// Whoever sits at the machine's keyboard, in the audit.
  static Caller commandLine(@Nullable TenantId tenant) {
    return new Caller(
        Caller.Kind.SYSTEM,
        new UUID(0, 0),
        "command-line",
        tenant,
        null,
        Set.of(Permission.values()));
  }

  /// The role of that word; throws `IllegalArgumentException` naming those there are.
  static UserRole role(String word) {
    try {
      return UserRole.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "unknown role " + word + "; there are admin, manager, agent, read-only, member", e);
    }
  }

  @Override
  public int run(String... args) {
    Work work = next;
    if (work == null) {
      throw new IllegalStateException("nothing to do");
    }
    return work.run(faces);
  }
}
