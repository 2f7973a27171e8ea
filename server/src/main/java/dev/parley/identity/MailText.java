package dev.parley.identity;

import dev.parley.platform.mail.Mail;
import java.util.IllformedLocaleException;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.ResourceBundle.Control;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The texts of mails in one language: `mail/texts.properties` in English, and its translations.
final class MailText {
  private static final String BUNDLE = "mail.texts";
  private static final Pattern PLACE = Pattern.compile("\\{(\\w+)}");

  private final ResourceBundle texts;
  private final Locale locale;

  private MailText(Locale locale) {
    this.locale = locale;
    // Where a language is not there, English and not that of the machine.
    this.texts =
        ResourceBundle.getBundle(
            BUNDLE,
            locale,
            MailText.class.getClassLoader(),
            Control.getNoFallbackControl(Control.FORMAT_PROPERTIES));
  }

  /// The texts for a language tag (BCP 47); English without one, for what is none, and for other languages.
  static MailText in(@Nullable String tag) {
    try {
      return new MailText(
          tag == null ? Locale.ENGLISH : new Locale.Builder().setLanguageTag(tag).build());
    } catch (IllformedLocaleException e) {
      return new MailText(Locale.ENGLISH);
    }
  }

  /// The mail of a kind; `values` stand in for what is in braces.
  Mail write(String kind, String to, Map<String, String> values, String link) {
    String intro = fill(kind + ".intro", values);
    String after = fill(kind + ".after", values);
    String sender = fill("sender", values);
    String text =
        """
        %s

        %s

        %s

        --\s
        %s
        """
            .formatted(intro, link, after, sender);
    String html =
        """
        <!DOCTYPE html>
        <html lang="%s"><head><meta charset="utf-8"><title>%s</title></head>
        <body style="font-family:sans-serif;line-height:1.5;max-width:36em;margin:2em auto;padding:0 1em">
        <p>%s</p>
        <p><a href="%s" style="display:inline-block;padding:.6em 1.2em;background:#1c5d99;color:#fff;\
        text-decoration:none;border-radius:4px">%s</a></p>
        <p>%s</p>
        <p style="color:#666;font-size:smaller">%s</p>
        </body></html>
        """
            .formatted(
                escape(language()),
                escape(fill(kind + ".subject", values)),
                escape(intro),
                escape(link),
                escape(fill(kind + ".button", values)),
                escape(after),
                escape(sender));
    return new Mail(to, fill(kind + ".subject", values), text, html);
  }

  /// The language that the text is in, which is English where the one that was asked for is not there.
  private String language() {
    return texts.getLocale().getLanguage().isEmpty()
        ? Locale.ENGLISH.toLanguageTag()
        : locale.toLanguageTag();
  }

  /// In one pass, so that a value with braces in it stays as it is.
  private String fill(String key, Map<String, String> values) {
    return PLACE
        .matcher(texts.getString(key))
        .replaceAll(
            found -> Matcher.quoteReplacement(values.getOrDefault(found.group(1), found.group())));
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
