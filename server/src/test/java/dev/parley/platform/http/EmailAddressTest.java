package dev.parley.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmailAddressTest {
  @ParameterizedTest
  @CsvSource({
    "Ada@Acme.Example, ada@acme.example",
    "' ada@acme.example ', ada@acme.example",
    "ＡＤＡ＠acme.example, ada@acme.example",
    "ada@münchen.example, ada@xn--mnchen-3ya.example",
    "ada@MÜNCHEN.example, ada@xn--mnchen-3ya.example",
    "operator@localhost, operator@localhost",
    "o'neil+tag@a-b.example, o'neil+tag@a-b.example"
  })
  void oneAddressHasOneForm(String typed, String normal) {
    assertThat(EmailAddress.normal(typed)).isEqualTo(normal);
    assertThat(EmailAddress.isValid(normal)).isTrue();
    assertThat(EmailAddress.normal(normal)).isEqualTo(normal);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "@",
        "ada",
        "ada@",
        "@acme.example",
        "a@b@c",
        "a b@acme.example",
        "a@acme..example",
        ".a@acme.example",
        "a.@acme.example",
        "a@-acme.example",
        "a@acme.example\r\nBcc: b@evil.example",
        "a@acme.example,b@evil.example",
        "\"a\"@acme.example",
        "Ada <ada@acme.example>",
        "ada@acme.example>",
        "иван@acme.example",
        "ada@[127.0.0.1]",
        "ada@acme℀evil.example",
        "ada\u0000@acme.example"
      })
  void whatIsNoAddressIsRefused(String typed) {
    assertThat(EmailAddress.isValid(EmailAddress.normal(typed))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {65, 300, 5000})
  void tooLongIsRefused(int length) {
    assertThat(EmailAddress.isValid("a".repeat(length) + "@acme.example")).isFalse();
    assertThat(EmailAddress.isValid("a@" + "a".repeat(length) + ".example")).isFalse();
  }
}
