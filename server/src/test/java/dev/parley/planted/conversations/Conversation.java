package dev.parley.planted.conversations;

import dev.parley.planted.admin.Admin;
import dev.parley.planted.identity.Identity;
import dev.parley.sandbox.WhatsAppSandbox;

/// Breaks: conversations use what is below them alone; the sandbox belongs to `app`; threads; sleeping; mocks.
public class Conversation {
  /// Closes a circle: identity uses contacts, and they use conversations.
  public void identity(Identity identity) {
    System.out.println(identity.now());
  }

  /// A module that it may not use, and the sandbox.
  public void admin(Admin admin, WhatsAppSandbox sandbox) {
    Thread.ofVirtual().start(() -> System.out.println(admin.getClass() + " " + sandbox.getClass()));
  }

  /// Sleeps.
  public void sleep() throws InterruptedException {
    Thread.sleep(1);
  }

  /// What a mocking library's type is called.
  public interface Mock {}

  /// Uses a mock.
  public void mock(Mock mock) {
    System.out.println(mock);
  }
}
