package dev.parley.platform.calls;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Takes out of a text what must not stand in a log: secrets always, phone numbers and messages' texts where the policy
/// does not let them stay. It goes by the names of fields and by the look of values; JSON that was cut off is read as
/// far as it goes.
public final class Redaction {
  private static final String SECRET = "[secret]";
  private static final String CUT = "…";
  private static final JsonFactory JSON = new JsonFactory();

  /// Fields whose values are secrets, whatever they look like; compared without case, `-` and `_`.
  private static final Set<String> SECRETS =
      Set.of(
          "password",
          "newpassword",
          "oldpassword",
          "currentpassword",
          "secret",
          "appsecret",
          "appsecrets",
          "clientsecret",
          "webhooksecrets",
          "outboundnotificationwebhooksignaturesecrettoken",
          "token",
          "accesstoken",
          "inputtoken",
          "refreshtoken",
          "verifytoken",
          "idtoken",
          "ticket",
          "apikey",
          "key",
          "credentials",
          "authorization",
          "cookie",
          "signature",
          "appsecretproof",
          "hub.verifytoken",
          "code",
          "codeverifier",
          "setupcode",
          "hash",
          "pin",
          "url");

  // In the query of an address a short word may be a secret that in a body is a plain one.
  private static final Set<String> ONLY_IN_QUERIES = Set.of("code", "hash", "key", "pin", "url");
  private static final Set<String> PHONES =
      Set.of(
          "phone",
          "phonenumber",
          "to",
          "from",
          "waid",
          "recipientid",
          "recipient",
          "input",
          "customer",
          "displayphonenumber");
  private static final Set<String> CONTENT = Set.of("body", "caption", "title", "text", "q");

  // Tokens of Meta, of ours, JWTs, and what follows the word Bearer.
  private static final Pattern TOKEN =
      Pattern.compile(
          "EAA[A-Za-z0-9]{16,}|\\bp[krw]_[A-Za-z0-9_-]{8,}|\\beyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*"
              + "|(?i:bearer)\\s+[A-Za-z0-9._~+/=-]{8,}");
  private static final Pattern PHONE =
      Pattern.compile("(?<![\\w.-])\\+?[0-9](?:[ ()-]?[0-9]){7,14}(?![\\w-])");

  private final CallPolicy policy;

  /// By that policy.
  public Redaction(CallPolicy policy) {
    this.policy = policy;
  }

  /// The text of a body, at most `most` characters: as JSON where it begins as such, else as it stands.
  public String body(String text, int most) {
    String clean = text.replace('\0', ' ');
    String stripped = clean.stripLeading();
    String redacted =
        stripped.startsWith("{") || stripped.startsWith("[") ? json(stripped) : value(clean);
    return redacted.length() <= most ? redacted : redacted.substring(0, most) + CUT;
  }

  /// The query of an address, at most `most` characters.
  public String query(String query, int most) {
    var parts = new ArrayList<String>();
    for (String part : query.replace('\0', ' ').split("&")) {
      int at = part.indexOf('=');
      String name = at < 0 ? part : part.substring(0, at);
      if (at < 0) {
        parts.add(value(part));
      } else if (SECRETS.contains(plain(name))) {
        parts.add(name + "=" + SECRET);
      } else if (hides(name)) {
        parts.add(name + "=" + length(part.length() - at - 1));
      } else {
        parts.add(name + "=" + value(part.substring(at + 1).replace("%2B", "+")));
      }
    }
    String all = String.join("&", parts);
    return all.length() <= most ? all : all.substring(0, most) + CUT;
  }

  /// A path: phone numbers and tokens in it.
  public String path(String path) {
    return value(path.replace('\0', ' '));
  }

  private String json(String text) {
    var out = new StringWriter();
    boolean whole = false;
    try (JsonParser in = JSON.createParser(text);
        JsonGenerator json = JSON.createGenerator(out)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT);
      whole = copy(in, json);
      json.flush();
    } catch (IOException e) {
      // It ends in the middle, or never was JSON: what was read until here is good.
      whole = false;
    }
    return whole ? out.toString() : out + CUT;
  }

  /// Answers whether it came to the end of the value.
  private boolean copy(JsonParser in, JsonGenerator out) throws IOException {
    @Nullable String field = null;
    int depth = 0;
    for (JsonToken token = in.nextToken(); token != null; token = in.nextToken()) {
      switch (token) {
        case FIELD_NAME -> {
          field = in.currentName();
          out.writeFieldName(field);
          continue;
        }
        case START_OBJECT, START_ARRAY -> {
          if (secret(field)) {
            in.skipChildren();
            out.writeString(SECRET);
          } else {
            depth++;
            start(token, out);
          }
        }
        case END_OBJECT -> {
          depth--;
          out.writeEndObject();
        }
        case END_ARRAY -> {
          depth--;
          out.writeEndArray();
        }
        default -> scalar(token, in, out, field);
      }
      // The values of a list go by the list's name.
      if (token != JsonToken.START_ARRAY && !in.getParsingContext().inArray()) {
        field = null;
      }
    }
    return depth == 0;
  }

  private static void start(JsonToken token, JsonGenerator out) throws IOException {
    if (token == JsonToken.START_OBJECT) {
      out.writeStartObject();
    } else {
      out.writeStartArray();
    }
  }

  private void scalar(JsonToken token, JsonParser in, JsonGenerator out, @Nullable String field)
      throws IOException {
    if (secret(field) && token != JsonToken.VALUE_NULL) {
      out.writeString(SECRET);
    } else if (token == JsonToken.VALUE_STRING) {
      String text = in.getText();
      out.writeString(field != null && hides(field) ? length(text.length()) : value(text));
    } else if (token.isNumeric() && field != null && isPhone(field) && !policy.phones()) {
      out.writeString(mask(in.getText()));
    } else {
      out.copyCurrentEvent(in);
    }
  }

  private boolean hides(String field) {
    return !policy.content() && CONTENT.contains(plain(field));
  }

  private static String length(int characters) {
    return "[" + characters + " characters]";
  }

  private static boolean secret(@Nullable String field) {
    if (field == null) {
      return false;
    }
    String name = plain(field);
    return SECRETS.contains(name) && !ONLY_IN_QUERIES.contains(name);
  }

  private static boolean isPhone(String field) {
    return PHONES.contains(plain(field));
  }

  private static String plain(String field) {
    return field.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
  }

  private String value(String text) {
    String safe = TOKEN.matcher(text).replaceAll(SECRET);
    return policy.phones() ? safe : PHONE.matcher(safe).replaceAll(found -> mask(found.group()));
  }

  /// The last three digits tell those who know the number whether it is the one they mean.
  private static String mask(String phone) {
    String digits = phone.replaceAll("[^0-9]", "");
    return "***" + digits.substring(Math.max(0, digits.length() - 3));
  }
}
