package dev.parley.planted.conversations;

import dev.parley.planted.identity.Identity;
import dev.parley.sandbox.WhatsAppSandbox;

/// Breaks: conversations use contacts alone; the sandbox belongs to `app`; threads; sleeping; mocks.
public class Conversation {
  /// A module that it may not use, and the sandbox.
  public void identity(Identity identity, WhatsAppSandbox sandbox) {
    Thread.ofVirtual().start(() -> System.out.println(identity + " " + sandbox.getClass()));
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
