package dev.parley.identity;

import static dev.parley.platform.access.Permission.API_KEYS_MANAGE;
import static dev.parley.platform.access.Permission.API_LOG_READ;
import static dev.parley.platform.access.Permission.AUDIT_READ;
import static dev.parley.platform.access.Permission.CHANNELS_MANAGE;
import static dev.parley.platform.access.Permission.CHANNELS_READ;
import static dev.parley.platform.access.Permission.CHAT;
import static dev.parley.platform.access.Permission.CONTACTS_READ;
import static dev.parley.platform.access.Permission.CONTACTS_WRITE;
import static dev.parley.platform.access.Permission.CONVERSATIONS_READ;
import static dev.parley.platform.access.Permission.CONVERSATIONS_WRITE;
import static dev.parley.platform.access.Permission.EVENTS_READ;
import static dev.parley.platform.access.Permission.FILES_READ;
import static dev.parley.platform.access.Permission.FILES_WRITE;
import static dev.parley.platform.access.Permission.GENESYS_WIDGET;
import static dev.parley.platform.access.Permission.HEALTH_READ;
import static dev.parley.platform.access.Permission.SELF;
import static dev.parley.platform.access.Permission.SETTINGS_MANAGE;
import static dev.parley.platform.access.Permission.SETTINGS_READ;
import static dev.parley.platform.access.Permission.TENANTS_MANAGE;
import static dev.parley.platform.access.Permission.USERS_READ;

import dev.parley.platform.access.Permission;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;

/// Which role may do what: the one table.
public final class RoleTable {
  private static final Set<Permission> ADMIN =
      Set.copyOf(EnumSet.complementOf(EnumSet.of(TENANTS_MANAGE, GENESYS_WIDGET)));
  private static final Set<Permission> MANAGER =
      without(ADMIN, SETTINGS_MANAGE, API_KEYS_MANAGE, CHANNELS_MANAGE, HEALTH_READ, API_LOG_READ);
  private static final Set<Permission> AGENT =
      Set.of(
          SELF,
          CHAT,
          USERS_READ,
          SETTINGS_READ,
          CHANNELS_READ,
          CONTACTS_READ,
          CONTACTS_WRITE,
          CONVERSATIONS_READ,
          CONVERSATIONS_WRITE,
          FILES_READ,
          FILES_WRITE);
  private static final Set<Permission> READ_ONLY =
      Set.of(
          SELF,
          USERS_READ,
          SETTINGS_READ,
          CHANNELS_READ,
          CONTACTS_READ,
          CONVERSATIONS_READ,
          FILES_READ,
          EVENTS_READ);
  private static final Set<Permission> MEMBER = Set.of(SELF, CHAT, FILES_WRITE);
  private static final Set<Permission> OPERATOR =
      Set.of(TENANTS_MANAGE, AUDIT_READ, HEALTH_READ, API_LOG_READ, SELF);
  private static final Set<Permission> KEY_SCOPES = without(ADMIN, SELF, CHAT);

  private RoleTable() {}

  /// What a role permits inside its tenant.
  public static Set<Permission> of(UserRole role) {
    return switch (role) {
      case ADMIN -> ADMIN;
      case MANAGER -> MANAGER;
      case AGENT -> AGENT;
      case READ_ONLY -> READ_ONLY;
      case MEMBER -> MEMBER;
    };
  }

  /// What an operator may do outside any tenant.
  public static Set<Permission> ofOperator() {
    return OPERATOR;
  }

  /// What an operator may do inside a tenant: all that its administrators may, and to manage it.
  public static Set<Permission> ofOperatorInTenant() {
    return Set.copyOf(EnumSet.complementOf(EnumSet.of(GENESYS_WIDGET)));
  }

  /// What an API key may be given at most.
  public static Set<Permission> keyScopes() {
    return KEY_SCOPES;
  }

  /// Whether somebody who holds `own` may hand out, change or take away what `role` permits. One's own profile
  /// and talking with each other are no matters of rank.
  static boolean covers(Set<Permission> own, UserRole role) {
    return own.containsAll(without(of(role), SELF, CHAT));
  }

  private static Set<Permission> without(Collection<Permission> all, Permission... some) {
    EnumSet<Permission> rest = EnumSet.copyOf(all);
    for (Permission permission : some) {
      rest.remove(permission);
    }
    return Set.copyOf(rest);
  }
}
