package dev.parley.genesys;

import dev.parley.conversations.Failure;
import dev.parley.platform.http.Problem;
import java.util.Map;

/// Why a message has failed, in Genesys' words for receipts.
enum ReasonCode {
  MESSAGE_EXPIRED("MessageExpired"),
  RATE_LIMITED("RateLimited"),
  MESSAGE_NOT_ALLOWED("MessageNotAllowed"),
  GENERAL_ERROR("GeneralError"),
  UNSUPPORTED_MESSAGE("UnsupportedMessage"),
  INVALID_MESSAGE_STRUCTURE("InvalidMessageStructure"),
  INVALID_DESTINATION("InvalidDestination"),
  SERVER_ERROR("ServerError"),
  MEDIA_TYPE_NOT_ALLOWED("MediaTypeNotAllowed"),
  INVALID_MEDIA_CONTENT_LENGTH("InvalidMediaContentLength"),
  RECIPIENT_OPTED_OUT("RecipientOptedOut");

  // WhatsApp's codes.
  private static final Map<Integer, ReasonCode> WHATSAPP =
      Map.ofEntries(
          Map.entry(131047, MESSAGE_NOT_ALLOWED),
          Map.entry(131026, INVALID_DESTINATION),
          Map.entry(131051, UNSUPPORTED_MESSAGE),
          Map.entry(131056, RATE_LIMITED),
          Map.entry(130429, RATE_LIMITED),
          Map.entry(80007, RATE_LIMITED),
          Map.entry(131048, RATE_LIMITED),
          Map.entry(131052, MEDIA_TYPE_NOT_ALLOWED),
          Map.entry(131053, MEDIA_TYPE_NOT_ALLOWED),
          Map.entry(131050, RECIPIENT_OPTED_OUT),
          Map.entry(132001, MESSAGE_NOT_ALLOWED),
          Map.entry(132015, MESSAGE_NOT_ALLOWED),
          Map.entry(132016, MESSAGE_NOT_ALLOWED),
          Map.entry(132000, INVALID_MESSAGE_STRUCTURE),
          Map.entry(131009, INVALID_MESSAGE_STRUCTURE),
          Map.entry(131008, INVALID_MESSAGE_STRUCTURE),
          Map.entry(131000, SERVER_ERROR),
          Map.entry(131016, SERVER_ERROR));

  private final String word;

  ReasonCode(String word) {
    this.word = word;
  }

  /// As it stands in a receipt.
  String word() {
    return word;
  }

  /// Of a message that the channel has not delivered.
  static ReasonCode of(Failure failure) {
    Integer code = failure.providerCode();
    if (code != null && WHATSAPP.containsKey(code)) {
      return WHATSAPP.getOrDefault(code, GENERAL_ERROR);
    }
    return failure.retryable() ? SERVER_ERROR : GENERAL_ERROR;
  }

  /// Of a message that was not accepted for sending.
  static ReasonCode of(Problem problem) {
    return switch (problem.code()) {
      case WINDOW_CLOSED -> MESSAGE_NOT_ALLOWED;
      case INVALID -> INVALID_MESSAGE_STRUCTURE;
      case NOT_FOUND -> INVALID_DESTINATION;
      default -> GENERAL_ERROR;
    };
  }
}
