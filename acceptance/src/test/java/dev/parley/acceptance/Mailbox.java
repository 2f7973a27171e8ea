package dev.parley.acceptance;

import static dev.parley.acceptance.World.SOON;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import dev.parley.acceptance.driver.Ports;
import dev.parley.acceptance.driver.Wait;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A mail server on loopback that keeps all that it is sent.
final class Mailbox implements AutoCloseable {
  private static final Pattern TOKEN = Pattern.compile("https://\\S+#token=(\\S+)");

  private final int port = Ports.free();
  private GreenMail server = make();

  /// A mail that has arrived.
  record Letter(
      List<String> to, String from, String subject, String text, String html, String source) {
    /// What stands behind `#token=` in its link.
    String token() {
      Matcher found = TOKEN.matcher(text);
      if (!found.find()) {
        throw new AssertionError("no link in " + text);
      }
      return found.group(1);
    }
  }

  static Mailbox start() {
    Mailbox mailbox = new Mailbox();
    mailbox.server.start();
    return mailbox;
  }

  private GreenMail make() {
    var setup = new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_SMTP);
    setup.setServerStartupTimeout(10_000);
    return new GreenMail(setup);
  }

  int port() {
    return port;
  }

  /// Ends the server; what came is gone.
  void stop() {
    server.stop();
  }

  /// Starts it again, empty, on the same port.
  void restart() {
    server = make();
    server.start();
  }

  /// All that came to an address, the oldest first.
  List<Letter> to(String address) {
    var letters = new ArrayList<Letter>();
    for (MimeMessage message : server.getReceivedMessages()) {
      Letter letter = letter(message);
      if (letter.to().contains(address)) {
        letters.add(letter);
      }
    }
    return letters;
  }

  /// The newest of the mails to an address, once there are `count`.
  Letter await(String address, int count) {
    return Wait.until(
            count + " mails to " + address, SOON, () -> to(address), all -> all.size() >= count)
        .getLast();
  }

  private static Letter letter(MimeMessage message) {
    try {
      var parts = (MimeMultipart) message.getContent();
      return new Letter(
          Arrays.stream(message.getRecipients(RecipientType.TO))
              .map(address -> ((InternetAddress) address).getAddress())
              .toList(),
          ((InternetAddress) message.getFrom()[0]).toString(),
          message.getSubject(),
          String.valueOf(parts.getBodyPart(0).getContent()),
          String.valueOf(parts.getBodyPart(1).getContent()),
          GreenMailUtil.getWholeMessage(message));
    } catch (MessagingException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    server.stop();
  }
}
