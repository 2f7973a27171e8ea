package dev.parley.app;

import dev.parley.channels.Channels;
import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import dev.parley.platform.db.Database;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What `doctor` asks the database.
final class DatabaseCheck {
  private static final Duration SKEW = Duration.ofSeconds(5);

  private DatabaseCheck() {}

  static List<Finding> examine(Config config, boolean keysGood) {
    boolean embedded = config.find(Keys.DATABASE_URL).isEmpty();
    String mend =
        embedded
            ? "the message says what is in the way; postgres.log in the data folder says more"
            : "check database.url, database.owner.user and database.owner.password, and that the server lets this"
                + " machine in";
    Database.Diagnosis seen;
    try (Database database = Database.open(config)) {
      seen = database.diagnose();
    } catch (RuntimeException e) {
      String message = e.getMessage() == null ? e.toString() : e.getMessage();
      return List.of(Finding.fail("database", message, mend));
    }
    var findings = new ArrayList<Finding>();
    findings.add(version(seen, embedded));
    findings.add(clock(seen));
    findings.add(owner(seen));
    findings.addAll(roles(seen));
    findings.add(schema(seen));
    findings.add(credentials(config, seen, keysGood));
    return findings;
  }

  private static Finding version(Database.Diagnosis seen, boolean embedded) {
    String text = "PostgreSQL %d, %s".formatted(seen.major(), embedded ? "embedded" : "external");
    return seen.major() < Database.LEAST_SERVER
        ? Finding.fail("database", text, "PostgreSQL 15 or newer is needed")
        : Finding.ok("database", text);
  }

  private static Finding clock(Database.Diagnosis seen) {
    String text = "the database's differs by %d ms".formatted(seen.skew().toMillis());
    return seen.skew().abs().compareTo(SKEW) > 0
        ? Finding.fail("clock", text, "let both machines keep time by NTP")
        : Finding.ok("clock", text);
  }

  private static Finding owner(Database.Diagnosis seen) {
    return seen.ownerMakesRoles()
        ? Finding.ok("owner", "%s may make the working roles".formatted(seen.owner()))
        : Finding.fail(
            "owner",
            "%s may not make roles".formatted(seen.owner()),
            "as a superuser: ALTER ROLE %s CREATEROLE".formatted(seen.owner()));
  }

  private static List<Finding> roles(Database.Diagnosis seen) {
    var findings = new ArrayList<Finding>();
    for (Database.WorkingRole role : seen.roles()) {
      if (role.mighty()) {
        findings.add(
            Finding.fail(
                "roles",
                role.name() + " is a superuser or bypasses row-level security",
                "as a superuser: ALTER ROLE %s NOSUPERUSER NOBYPASSRLS".formatted(role.name())));
      } else if (!role.connects()) {
        findings.add(
            Finding.fail(
                "roles",
                role.name() + " cannot sign in with database.password",
                "run `parley migrate`, which sets it, or correct database.password"));
      }
    }
    if (findings.isEmpty()) {
      findings.add(
          seen.roles().isEmpty()
              ? Finding.warn("roles", "not made yet", "the first start or `parley migrate` does")
              : Finding.ok("roles", "none is above row-level security"));
    }
    return findings;
  }

  private static Finding schema(Database.Diagnosis seen) {
    if (seen.newer()) {
      return Finding.fail(
          "schema",
          "version %s is newer than this program".formatted(seen.schema()),
          "start the newer program");
    }
    return seen.pending() > 0
        ? Finding.warn(
            "schema",
            "%d migrations are pending".formatted(seen.pending()),
            "a start does them, unless database.migrate is false: then run `parley migrate`")
        : Finding.ok("schema", "version " + seen.schema());
  }

  private static Finding credentials(Config config, Database.Diagnosis seen, boolean keysGood) {
    if (!keysGood || seen.pending() > 0 || seen.newer()) {
      return Finding.warn("credentials", "not looked at", "mend the above first");
    }
    int[] counts = new int[2];
    Serving.errand(
        config,
        faces -> {
          faces
              .allTenants()
              .forEach(
                  tenant -> {
                    Channels.Sealed sealed = faces.channels().sealed(tenant.id());
                    counts[0] += sealed.open();
                    counts[1] += sealed.shut();
                  });
          return 0;
        });
    return counts[1] > 0
        ? Finding.fail(
            "credentials",
            "%d of %d channels' credentials do not open"
                .formatted(counts[1], counts[0] + counts[1]),
            "put the key that is missing back into crypto.keys, or give these channels their credentials again")
        : Finding.ok("credentials", "all of %d channels open".formatted(counts[0]));
  }
}
