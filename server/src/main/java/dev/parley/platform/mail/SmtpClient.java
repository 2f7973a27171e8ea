package dev.parley.platform.mail;

import io.quarkus.mailer.Mailer;
import io.vertx.ext.mail.SMTPException;
import org.jspecify.annotations.Nullable;

/// Sends through the mail server of the configuration.
public final class SmtpClient implements Post {
  private final Mailer mailer;
  private final String from;

  /// Sends through `mailer`, in the name of `from`.
  public SmtpClient(Mailer mailer, String from) {
    this.mailer = mailer;
    this.from = from;
  }

  @Override
  public void send(Mail mail) throws Refused, Unreachable {
    var message =
        io.quarkus.mailer.Mail.withText(mail.to(), mail.subject(), mail.text())
            .setHtml(mail.html())
            .setFrom(from)
            // So that no "out of office" comes back (RFC 3834).
            .addHeader("Auto-Submitted", "auto-generated");
    try {
      mailer.send(message);
    } catch (RuntimeException e) {
      SMTPException answer = answer(e);
      if (answer != null && isAboutTheMail(answer.getReplyCode())) {
        throw new Refused("the mail server refused it: " + answer.getReplyCode(), e);
      }
      throw new Unreachable(
          answer == null
              ? "the mail server was not reached: " + e.getMessage()
              : "the mail server answered " + answer.getReplyCode(),
          e);
    }
  }

  /// RFC 5321, 4.2.3: these are about an address or a text; other permanent answers, such as 530 and 535, are about
  /// how we speak to the server, which its operator can mend.
  private static boolean isAboutTheMail(int code) {
    return code == 501 || (code >= 550 && code <= 556);
  }

  private static @Nullable SMTPException answer(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof SMTPException smtp) {
        return smtp;
      }
    }
    return null;
  }
}
