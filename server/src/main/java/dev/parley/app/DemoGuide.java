package dev.parley.app;

import java.util.List;

/// What the demo prints at its end: where things are, how to sign in, what to try.
final class DemoGuide {
  private DemoGuide() {}

  /// What there is to try at the emulated desk.
  static List<String> genesys(String sandbox, String conversation) {
    return """

        Genesys sandbox  %1$s
        Agent's desktop  %1$s/desktop/%5$s?conversation=%3$s   with the widget
        Answer as the agent:
          curl -X POST '%1$s%2$s/%3$s/acts' -d '{"type":"text","text":"One more thing"}'
        See what Genesys has, in the order in which it came:
          curl '%1$s%4$s'
        """
        .formatted(
            sandbox,
            DemoDesk.path("/conversations"),
            conversation,
            DemoDesk.path("/conversations"),
            DemoDesk.ORGANIZATION)
        .lines()
        .map(line -> line.isEmpty() ? line : "  " + line)
        .toList();
  }

  static List<String> lines(
      String server, String sandbox, String operator, String channel, DemoSecrets secrets) {
    String key = secrets.orRandom("apiKey");
    return """

      Inbox            %1$s/inbox
      API document     %1$s/docs
      Metrics          %1$s/metrics
      Health           %1$s/health/ready
      WhatsApp sandbox %2$s

      User       %3$s   password %4$s   tenant %5$s
      Operator   %6$s  password %7$s
      API key    %8$s
      Channel    %9$s
      All of it is kept in %10$s.

      Write as the customer:
        curl -X POST '%2$s/sandbox/numbers/%11$s/customers/351912345678/messages' \\
          -d '{"type":"text","text":{"body":"One more thing"},"profileName":"Ana"}'
      See the conversations, and answer in one:
        curl -H 'X-API-Key: %8$s' %1$s/api/v1/conversations
        curl -H 'X-API-Key: %8$s' -H 'Content-Type: application/json' -H 'Idempotency-Key: try-1' \\
          -d '{"content":{"type":"text","body":"Tell me."}}' %1$s/api/v1/conversations/ID/messages
      Follow what happens:
        curl -H 'X-API-Key: %8$s' '%1$s/api/v1/events?from=now&wait=20'

      Mails are printed here instead of being sent.
      Running; what happens is shown here. Ctrl-C ends it, the next start goes on with the same data.
      """
        .formatted(
            server,
            sandbox,
            DemoWorld.USER,
            secrets.orRandom("userPassword"),
            DemoWorld.TENANT,
            operator,
            secrets.orRandom("operatorPassword"),
            key,
            channel,
            secrets.file(),
            DemoWorld.NUMBER)
        .lines()
        .map(line -> line.isEmpty() ? line : "  " + line)
        .toList();
  }
}
