package dev.parley.platform.http;

import java.net.IDN;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/// The one form of an e-mail address in which it is stored and compared: compatibility characters replaced (Unicode
/// NFKC), lower case, a domain of other scripts in its ASCII form (`xn--…`).
///
/// Before the `@` only ASCII letters, digits and the signs of RFC 5322's atoms are taken: other letters would need
/// mail servers with SMTPUTF8, and what a header could read as more than an address is not in an atom.
public final class EmailAddress {
  /// Longest address, in characters (RFC 5321, 4.5.3.1.3).
  public static final int MOST = 254;

  private static final String ATOM = "[a-z0-9!#$%&'*+/=?^_`{|}~-]+";
  private static final Pattern LOCAL = Pattern.compile(ATOM + "(?:\\." + ATOM + ")*");
  private static final String LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
  private static final Pattern DOMAIN = Pattern.compile(LABEL + "(?:\\." + LABEL + ")*");
  private static final int LOCAL_MOST = 64;

  private EmailAddress() {}

  /// The form to compare by; also of what is no address, which then equals no stored one.
  public static String normal(String text) {
    String plain = plain(text);
    int at = plain.lastIndexOf('@');
    return at < 0 ? plain : plain.substring(0, at + 1) + normalDomain(plain.substring(at + 1));
  }

  /// The form of a domain to compare by.
  public static String normalDomain(String text) {
    try {
      return IDN.toASCII(plain(text)).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      return plain(text);
    }
  }

  /// Whether a text in its [#normal] form is an address. The proof that it is somebody's is that mail arrives.
  public static boolean isValid(String normal) {
    int at = normal.indexOf('@');
    return at > 0
        && at <= LOCAL_MOST
        && normal.length() <= MOST
        && LOCAL.matcher(normal.substring(0, at)).matches()
        && isDomain(normal.substring(at + 1));
  }

  /// Whether a text in its [#normalDomain] form is a domain's name.
  public static boolean isDomain(String normal) {
    return normal.length() <= MOST && DOMAIN.matcher(normal).matches();
  }

  /// The part after the `@` of an address in its normal form.
  public static String domainOf(String normal) {
    return normal.substring(normal.lastIndexOf('@') + 1);
  }

  private static String plain(String text) {
    String folded =
        Normalizer.normalize(text.strip(), Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    // Lower case may take letters apart again.
    return Normalizer.normalize(folded, Normalizer.Form.NFKC);
  }
}
