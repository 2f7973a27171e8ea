package dev.parley.identity;

import dev.parley.platform.http.Input;

/// What somebody is in a tenant. [RoleTable] says what that permits.
public enum UserRole {
  /// Everything in the tenant.
  ADMIN,
  /// Runs the service: users, conversations, contacts, the audit; not settings, channels and API keys.
  MANAGER,
  /// Answers customers.
  AGENT,
  /// Looks on.
  READ_ONLY,
  /// Takes part in conversations among users, with files of their own, and sees nothing of customers.
  MEMBER;

  /// As it stands in tokens, rows and JSON.
  public String word() {
    return Input.word(this);
  }

  /// The role of that word; throws `IllegalArgumentException` when there is none.
  public static UserRole ofWord(String word) {
    for (UserRole role : values()) {
      if (role.word().equals(word)) {
        return role;
      }
    }
    throw new IllegalArgumentException("unknown role: " + word);
  }
}
