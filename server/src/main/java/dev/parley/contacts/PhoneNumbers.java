package dev.parley.contacts;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import java.util.Optional;

/// Reads phone numbers as people write them.
public final class PhoneNumbers {
  private PhoneNumbers() {}

  /// The digits of E.164, without the plus sign, of a number with its country code; empty when it is none.
  public static Optional<String> digits(String text) {
    PhoneNumberUtil numbers = PhoneNumberUtil.getInstance();
    try {
      var number = numbers.parse(text.startsWith("+") ? text : "+" + text.strip(), null);
      return numbers.isPossibleNumber(number)
          ? Optional.of(numbers.format(number, PhoneNumberUtil.PhoneNumberFormat.E164).substring(1))
          : Optional.empty();
    } catch (NumberParseException e) {
      return Optional.empty();
    }
  }
}
