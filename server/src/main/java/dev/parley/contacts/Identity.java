package dev.parley.contacts;

import com.fasterxml.jackson.annotation.JsonProperty;

/// One way in which a provider or a person names a contact.
///
/// @param kind what it is
/// @param scope within what the value is unique: empty for phone numbers, the business portfolio or channel for ids that
///     a provider makes
/// @param value at most 200 characters; phone numbers in E.164 without the plus sign
public record Identity(Kind kind, String scope, String value) {
  /// What names a contact.
  public enum Kind {
    /// A phone number as WhatsApp writes it: E.164 digits without the plus sign.
    @JsonProperty("phone")
    PHONE,
    /// WhatsApp's business-scoped user id, such as `US.13491208655302741918`.
    @JsonProperty("whatsapp_user")
    WHATSAPP_USER,
    /// An e-mail address in lower case.
    @JsonProperty("email")
    EMAIL,
    /// The id in a system of the tenant's own.
    @JsonProperty("external")
    EXTERNAL
  }

  /// A phone number.
  public static Identity phone(String digits) {
    return new Identity(Kind.PHONE, "", digits);
  }
}
