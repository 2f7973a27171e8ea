package dev.parley.identity;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Somebody who may sign in to a tenant.
///
/// @param email in the form of `EmailAddress`, unique in the tenant
/// @param verifiedAt when they proved that the address is theirs; null for somebody whom an administrator made and who
///   never had to
/// @param lastSignInAt null for somebody who never did
public record User(
    UUID id,
    String email,
    String name,
    UserRole role,
    State state,
    Profile profile,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant verifiedAt,
    @Nullable Instant lastSignInAt) {
  /// Whether they may sign in.
  public enum State {
    /// Yes.
    ACTIVE,
    /// No; what they did stays.
    DISABLED
  }

  /// What they say of themselves; null for what they do not.
  ///
  /// @param bio at most 500 characters
  /// @param avatar the file that shows them
  /// @param locale a language tag (BCP 47), such as `pt-BR`
  /// @param timeZone a name of the time zone database, such as `Europe/Lisbon`
  public record Profile(
      @Nullable String bio,
      @Nullable UUID avatar,
      @Nullable String locale,
      @Nullable String timeZone) {
    /// Of somebody who has said nothing.
    public static final Profile EMPTY = new Profile(null, null, null, null);

    /// Of somebody who has only chosen a language.
    static Profile in(@Nullable String locale) {
      return new Profile(null, null, locale, null);
    }
  }

  /// Somebody new.
  static User made(
      UUID id,
      String email,
      String name,
      UserRole role,
      Profile profile,
      Instant now,
      @Nullable Instant verifiedAt) {
    return new User(id, email, name, role, State.ACTIVE, profile, now, now, verifiedAt, null);
  }

  /// The same person after a change.
  User with(String newName, UserRole newRole, State newState, Profile newProfile, Instant now) {
    return new User(
        id,
        email,
        newName,
        newRole,
        newState,
        newProfile,
        createdAt,
        now,
        verifiedAt,
        lastSignInAt);
  }
}
