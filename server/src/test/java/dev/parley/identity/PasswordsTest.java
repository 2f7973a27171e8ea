package dev.parley.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.platform.crypto.Secret;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Problem;
import org.junit.jupiter.api.Test;

class PasswordsTest {
  private final Passwords passwords = new Passwords();

  @Test
  void aHashNamesItsParametersAndMatchesItsPasswordAlone() {
    String stored = passwords.hash(new Secret("correct horse battery"));
    assertThat(stored).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
    assertThat(passwords.matches("correct horse battery", stored)).isTrue();
    assertThat(passwords.matches("correct horse batterz", stored)).isFalse();
    assertThat(passwords.hash(new Secret("correct horse battery"))).isNotEqualTo(stored);
  }

  @Test
  void anotherProgramsHashIsUnderstood() {
    // A vector of the reference implementation's own tests.
    assertThat(
            passwords.matches(
                "password",
                "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"))
        .isTrue();
  }

  @Test
  void lettersMatchHoweverTheKeyboardComposesThem() {
    String stored = passwords.hash(new Secret("cafe\u0301 au lait por favor"));
    assertThat(passwords.matches("caf\u00e9 au lait por favor", stored)).isTrue();
  }

  @Test
  void nobodysPasswordTakesAHashAndNeverMatches() {
    long before = passwords.computed();
    assertThat(passwords.matches("anything at all", null)).isFalse();
    assertThat(passwords.computed()).isEqualTo(before + 1);
  }

  @Test
  void shortAndEndlessPasswordsAreRefused() {
    for (String bad : new String[] {"elevenchars", "x".repeat(201), ""}) {
      var input = new Input();
      passwords.check(input, "password", bad);
      assertThatThrownBy(input::done).isInstanceOf(Problem.class);
    }
    var input = new Input();
    passwords.check(input, "password", passwords.random());
    input.done();
  }
}
