package dev.parley.app;

import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import dev.parley.platform.mail.Mail;
import dev.parley.platform.mail.Post;
import dev.parley.platform.mail.SmtpClient;
import io.quarkus.mailer.Mailer;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// What the configuration says about mails, for the container's mailer and for those who send.
final class MailSettings {
  private static final String PREFIX = "quarkus.mailer.";

  private MailSettings() {}

  /// The mailer's own settings. Without `mail.host` there are none, and nothing is given to the mailer.
  static void apply(Config config, BiConsumer<String, String> set) {
    config
        .find(Keys.MAIL_HOST)
        .ifPresent(
            host -> {
              String tls = config.get(Keys.MAIL_TLS);
              set.accept(PREFIX + "mock", "false");
              set.accept(PREFIX + "host", host);
              set.accept(PREFIX + "port", Integer.toString(config.get(Keys.MAIL_PORT)));
              set.accept(PREFIX + "tls", Boolean.toString(tls.equals("tls")));
              set.accept(PREFIX + "start-tls", tls.equals("starttls") ? "REQUIRED" : "DISABLED");
              config
                  .find(Keys.MAIL_USER)
                  .ifPresentOrElse(
                      user -> {
                        set.accept(PREFIX + "login", "REQUIRED");
                        set.accept(PREFIX + "username", user);
                      },
                      () -> set.accept(PREFIX + "login", "DISABLED"));
              config
                  .find(Keys.MAIL_PASSWORD)
                  .ifPresent(secret -> set.accept(PREFIX + "password", secret.reveal()));
            });
  }

  /// The way out for mails; null where there is none. Throws `IllegalArgumentException` when it is half configured.
  static @Nullable Post post(Config config, Mailer mailer) {
    if (config.get(Keys.MAIL_PRINT)) {
      return MailSettings::print;
    }
    if (config.find(Keys.MAIL_HOST).isEmpty()) {
      return null;
    }
    String from =
        config
            .find(Keys.MAIL_FROM)
            .orElseThrow(
                () -> new IllegalArgumentException("mail.host is set, and mail.from is not"));
    return new SmtpClient(mailer, from);
  }

  private static void print(Mail mail) {
    Console.line("");
    Console.line("  Mail to " + mail.to() + ": " + mail.subject());
    mail.text().lines().forEach(line -> Console.line("    " + line));
  }
}
