package dev.parley.conversations;

import static dev.parley.conversations.Right.ARCHIVE;
import static dev.parley.conversations.Right.INVITE;
import static dev.parley.conversations.Right.JOIN;
import static dev.parley.conversations.Right.LEAVE;
import static dev.parley.conversations.Right.MANAGE;
import static dev.parley.conversations.Right.MODERATE;
import static dev.parley.conversations.Right.PIN;
import static dev.parley.conversations.Right.REACT;
import static dev.parley.conversations.Right.READ;
import static dev.parley.conversations.Right.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.identity.RoleTable;
import dev.parley.identity.UserRole;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.TenantId;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Who may do what in conversations, row by row.
class ConversationAccessTest {
  private static final TenantId TENANT = new TenantId(UUID.randomUUID());
  private static final Caller AGENT = user(RoleTable.of(UserRole.AGENT));

  private static Caller user(Set<Permission> permissions) {
    return new Caller(Caller.Kind.USER, UUID.randomUUID(), "somebody", TENANT, null, permissions);
  }

  private static Set<Right> rights(
      Caller caller,
      ConversationKind kind,
      boolean isPublic,
      boolean membersInvite,
      boolean archived,
      @Nullable ChatRole role) {
    return ConversationAccess.of(
            caller,
            new ConversationAccess.Facts(
                UUID.randomUUID(), kind, 3, isPublic, membersInvite, archived, role))
        .rights();
  }

  private static Set<Right> as(ConversationKind kind, @Nullable ChatRole role) {
    return rights(AGENT, kind, false, false, false, role);
  }

  @Test
  void participantsOfAGroup() {
    Set<Right> lead = Set.of(READ, WRITE, REACT, PIN, INVITE, MANAGE, MODERATE, ARCHIVE, LEAVE);
    assertThat(as(ConversationKind.GROUP, ChatRole.OWNER)).isEqualTo(lead);
    assertThat(as(ConversationKind.GROUP, ChatRole.ADMIN)).isEqualTo(lead);
    assertThat(as(ConversationKind.GROUP, ChatRole.MEMBER))
        .containsExactlyInAnyOrder(READ, WRITE, REACT, PIN, LEAVE);
    assertThat(as(ConversationKind.GROUP, ChatRole.READER))
        .containsExactlyInAnyOrder(READ, REACT, LEAVE);
  }

  @Test
  void participantsOfAChannel() {
    assertThat(as(ConversationKind.CHANNEL, ChatRole.OWNER))
        .containsExactlyInAnyOrder(
            READ, WRITE, REACT, PIN, INVITE, MANAGE, MODERATE, ARCHIVE, LEAVE);
    assertThat(as(ConversationKind.CHANNEL, ChatRole.MEMBER))
        .containsExactlyInAnyOrder(READ, WRITE, REACT, LEAVE);
    assertThat(as(ConversationKind.CHANNEL, ChatRole.READER))
        .containsExactlyInAnyOrder(READ, REACT, LEAVE);
  }

  @Test
  void bothOfADirectConversation() {
    assertThat(as(ConversationKind.DIRECT, ChatRole.MEMBER))
        .containsExactlyInAnyOrder(READ, WRITE, REACT, PIN);
  }

  @Test
  void membersInviteWhereThePolicySaysSo() {
    assertThat(rights(AGENT, ConversationKind.GROUP, false, true, false, ChatRole.MEMBER))
        .contains(INVITE);
    assertThat(rights(AGENT, ConversationKind.GROUP, false, true, false, ChatRole.READER))
        .doesNotContain(INVITE);
    assertThat(rights(AGENT, ConversationKind.DIRECT, false, true, false, ChatRole.MEMBER))
        .doesNotContain(INVITE);
  }

  @Test
  void inAnArchivedOneNobodyWrites() {
    assertThat(rights(AGENT, ConversationKind.GROUP, true, true, true, ChatRole.OWNER))
        .containsExactlyInAnyOrder(READ, ARCHIVE, LEAVE);
    assertThat(rights(AGENT, ConversationKind.GROUP, true, true, true, ChatRole.MEMBER))
        .containsExactlyInAnyOrder(READ, LEAVE);
    assertThat(rights(AGENT, ConversationKind.GROUP, true, true, true, null)).isEmpty();
  }

  @Test
  void noRoleOpensWhatOneIsNoParticipantOf() {
    for (UserRole role : UserRole.values()) {
      Caller caller = user(RoleTable.of(role));
      for (ConversationKind kind :
          Set.of(ConversationKind.DIRECT, ConversationKind.GROUP, ConversationKind.CHANNEL)) {
        assertThat(rights(caller, kind, false, true, false, null)).as(role.word()).isEmpty();
      }
    }
    assertThat(rights(AGENT, ConversationKind.GROUP, true, false, false, null))
        .containsExactly(JOIN);
    Caller readOnly = user(RoleTable.of(UserRole.READ_ONLY));
    assertThat(rights(readOnly, ConversationKind.GROUP, true, false, false, null)).isEmpty();
  }

  @Test
  void keysOperatorsAndTheSystemTakeNoPart() {
    for (Caller.Kind kind : Set.of(Caller.Kind.API_KEY, Caller.Kind.OPERATOR, Caller.Kind.SYSTEM)) {
      var caller =
          new Caller(kind, UUID.randomUUID(), "x", TENANT, null, Set.of(Permission.values()));
      assertThat(rights(caller, ConversationKind.GROUP, true, true, false, ChatRole.OWNER))
          .as(kind.name())
          .isEmpty();
    }
  }

  @Test
  void whoMayOnlyReadReadsAndLeaves() {
    Caller readOnly = user(RoleTable.of(UserRole.READ_ONLY));
    assertThat(rights(readOnly, ConversationKind.GROUP, false, true, false, ChatRole.OWNER))
        .containsExactlyInAnyOrder(READ, LEAVE);
    assertThat(
            rights(
                user(Set.of(Permission.SELF)),
                ConversationKind.GROUP,
                false,
                true,
                false,
                ChatRole.OWNER))
        .isEmpty();
  }

  @Test
  void customersConversationsGoByPermission() {
    assertThat(as(ConversationKind.CUSTOMER, null))
        .containsExactlyInAnyOrder(READ, WRITE, PIN, REACT);
    assertThat(
            rights(
                user(RoleTable.of(UserRole.READ_ONLY)),
                ConversationKind.CUSTOMER,
                false,
                false,
                false,
                null))
        .containsExactly(READ);
    assertThat(
            rights(
                user(Set.of(Permission.CHAT)),
                ConversationKind.CUSTOMER,
                false,
                false,
                false,
                null))
        .isEmpty();
  }
}
