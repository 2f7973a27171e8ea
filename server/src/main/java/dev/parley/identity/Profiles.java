package dev.parley.identity;

import dev.parley.platform.access.Caller;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Problem;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.IllformedLocaleException;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What users say of themselves.
@Singleton
public final class Profiles {
  private static final int BIO_LENGTH = 500;
  private static final int LOCALE_LENGTH = 35;
  private static final int ZONE_LENGTH = 64;

  private final TenantDb db;
  private final Avatars avatars;
  private final EventLog events;
  private final InstantSource clock;

  /// What is to change; null leaves it, an empty text removes it.
  public record Change(
      @Nullable String name,
      @Nullable String bio,
      @Nullable String avatar,
      @Nullable String locale,
      @Nullable String timeZone) {}

  Profiles(TenantDb db, Avatars avatars, EventLog events, InstantSource clock) {
    this.db = db;
    this.avatars = avatars;
    this.events = events;
    this.clock = clock;
  }

  /// The user who calls. Throws a [Problem] when the caller is none, as an operator is.
  public User own(Caller caller) {
    refuseUnlessUser(caller);
    return db.inTenant(
        caller.inTenant(),
        tx ->
            UserStore.find(tx.sql(), tx.tenant(), caller.id())
                .orElseThrow(() -> Problem.notFound("user")));
  }

  /// Changes the caller's own profile. Throws a [Problem] when a field is not valid.
  public User change(Caller caller, Change change) {
    refuseUnlessUser(caller);
    var input = new Input();
    String name =
        change.name() == null ? null : input.text("name", change.name(), Users.NAME_LENGTH);
    String bio = input.optional("bio", change.bio(), BIO_LENGTH);
    UUID avatar = input.optionalId("avatarFileId", change.avatar());
    String locale = locale(input, "locale", change.locale());
    String zone = zone(input, "timeZone", change.timeZone());
    input.done();
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          User known =
              UserStore.lock(tx.sql(), tx.tenant(), caller.id())
                  .orElseThrow(() -> Problem.notFound("user"));
          User.Profile old = known.profile();
          if (change.avatar() != null && !avatars.set(tx, caller, known.id(), avatar)) {
            throw Problem.invalid(
                "avatarFileId", "must be the id of a picture of this tenant that is ready");
          }
          var profile =
              new User.Profile(
                  change.bio() == null ? old.bio() : bio,
                  change.avatar() == null ? old.avatar() : avatar,
                  change.locale() == null ? old.locale() : locale,
                  change.timeZone() == null ? old.timeZone() : zone);
          User changed =
              known.with(
                  name == null ? known.name() : name,
                  known.role(),
                  known.state(),
                  profile,
                  clock.instant());
          UserStore.update(tx.sql(), tx.tenant(), changed);
          events.publish(
              tx,
              changed.id(),
              new IdentityEvent.UserChanged(
                  changed.id(),
                  changed.name(),
                  changed.role().word(),
                  Input.word(changed.state())));
          return changed;
        });
  }

  /// A language tag in its usual form, null when it is missing or after an error.
  static @Nullable String locale(Input input, String field, @Nullable String tag) {
    String text = input.optional(field, tag, LOCALE_LENGTH);
    if (text == null) {
      return null;
    }
    try {
      return new Locale.Builder().setLanguageTag(text).build().toLanguageTag();
    } catch (IllformedLocaleException e) {
      input.error(field, "must be a language tag such as pt-BR");
      return null;
    }
  }

  private static @Nullable String zone(Input input, String field, @Nullable String name) {
    String text = input.optional(field, name, ZONE_LENGTH);
    if (text != null && !ZoneId.getAvailableZoneIds().contains(text)) {
      input.error(field, "must be a time zone such as Europe/Lisbon");
      return null;
    }
    return text;
  }

  private static void refuseUnlessUser(Caller caller) {
    if (caller.kind() != Caller.Kind.USER) {
      throw new Problem(Problem.Code.FORBIDDEN, "Only users of a tenant have a profile.");
    }
  }
}
