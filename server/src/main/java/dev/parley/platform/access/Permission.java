package dev.parley.platform.access;

/// What a caller may do. A role is a set of these; an API key is limited to the scopes it was
/// given, which are these too.
public enum Permission {
  /// Create, suspend, resume and delete tenants. The operator's alone.
  TENANTS_MANAGE("tenants:manage"),
  /// Change the settings of the own tenant and its projects.
  SETTINGS_MANAGE("settings:manage"),
  /// Read projects and the tenant's settings.
  SETTINGS_READ("settings:read"),
  /// Create and change users and their roles.
  USERS_MANAGE("users:manage"),
  /// See who works here.
  USERS_READ("users:read"),
  /// Create and revoke API keys.
  API_KEYS_MANAGE("api-keys:manage"),
  /// Read the audit log.
  AUDIT_READ("audit:read"),
  /// Connect channels and change their credentials.
  CHANNELS_MANAGE("channels:manage"),
  /// Create, change and delete message templates at the provider.
  TEMPLATES_MANAGE("templates:manage"),
  /// See channels, their health and notices.
  CHANNELS_READ("channels:read"),
  /// Create and change contacts.
  CONTACTS_WRITE("contacts:write"),
  /// Read contacts.
  CONTACTS_READ("contacts:read"),
  /// Send messages, mark as read, retry.
  CONVERSATIONS_WRITE("conversations:write"),
  /// Read conversations and messages.
  CONVERSATIONS_READ("conversations:read"),
  /// Run the inbox: teams, tags, canned replies, and filters that others share.
  INBOX_MANAGE("inbox:manage"),
  /// Take part in conversations among users. API keys cannot have it: a participant is a user.
  CHAT("chat"),
  /// Upload files and delete those that nobody uses.
  FILES_WRITE("files:write"),
  /// See files and fetch them.
  FILES_READ("files:read"),
  /// Compare the files with the storage and mend what does not agree.
  FILES_MANAGE("files:manage"),
  /// Read the event log.
  EVENTS_READ("events:read"),
  /// Read the log of requests and of calls to providers.
  API_LOG_READ("api-log:read"),
  /// See how the installation, or the own tenant's part of it, is.
  HEALTH_READ("health:read"),
  /// See and act on dead letters.
  DEAD_LETTERS_MANAGE("dead-letters:manage"),
  /// See one conversation as an agent of Genesys Cloud who is on it. No role and no API key has it: it comes with the
  /// session of the agents' widget.
  GENESYS_WIDGET("genesys:widget"),
  /// Read and change one's own profile and sessions. Everybody who signs in has it.
  SELF("self");

  private final String scope;

  Permission(String scope) {
    this.scope = scope;
  }

  /// The name that stands in API key scopes and in the API document, such as `conversations:write`.
  public String scope() {
    return scope;
  }

  /// The permission of that scope name; throws `IllegalArgumentException` when there is none.
  public static Permission ofScope(String scope) {
    for (Permission permission : values()) {
      if (permission.scope.equals(scope)) {
        return permission;
      }
    }
    throw new IllegalArgumentException("unknown scope: " + scope);
  }
}
