package dev.parley.platform.mail;

/// A mail to one person, ready to be sent.
///
/// @param to one address in the form of `EmailAddress`
/// @param subject one line of at most 200 characters; the constructor takes out what would make it two
/// @param text what programs without HTML show
/// @param html the same as a page
public record Mail(String to, String subject, String text, String html) {
  private static final int SUBJECT_LENGTH = 200;

  /// Makes the subject one line.
  public Mail {
    subject = line(subject, SUBJECT_LENGTH);
  }

  /// A text without control characters and line ends, cut to `most` characters.
  public static String line(String text, int most) {
    String one = text.replaceAll("[\\p{Cntrl}\\u2028\\u2029\\p{Cf}]+", " ").strip();
    return one.length() <= most ? one : one.substring(0, most - 1).strip() + "…";
  }

  @Override
  public String toString() {
    return "[mail]"; // it holds an address, and links that let people in
  }
}
