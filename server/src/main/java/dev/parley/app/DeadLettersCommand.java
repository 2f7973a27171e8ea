package dev.parley.app;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.queue.DeadLetter;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `dead-letters`: work that could not be done.
@Command(
    name = "dead-letters",
    mixinStandardHelpOptions = true,
    description = "Lists and retries work that could not be done.")
final class DeadLettersCommand {
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists a tenant's dead letters, newest first.")
  int list(
      @Mixin Settings settings,
      @Option(names = "--tenant", required = true, paramLabel = "SLUG") String slug,
      @Option(names = "--queue", description = "Only of this queue") @Nullable String queue,
      @Option(names = "--limit", defaultValue = "50", description = "Default: ${DEFAULT-VALUE}")
          int limit) {
    return Serving.errand(
        settings.load(),
        faces -> {
          TenantId tenant = faces.tenant(slug).id();
          List<DeadLetter> letters = faces.deadLetters().page(tenant, queue, null, limit);
          letters.forEach(
              letter ->
                  Console.line(
                      "%s  %-18s %-20s %s"
                          .formatted(letter.id(), letter.queue(), letter.kind(), letter.cause())));
          Console.line(letters.size() + " dead letters");
          return 0;
        });
  }

  @Command(
      name = "retry",
      mixinStandardHelpOptions = true,
      description = "Puts dead letters back into their queues, with all their tries again.")
  int retry(
      @Mixin Settings settings,
      @Option(names = "--tenant", required = true, paramLabel = "SLUG") String slug,
      @Parameters(arity = "1..*", paramLabel = "ID") List<UUID> ids) {
    return Serving.errand(
        settings.load(),
        faces -> {
          TenantId tenant = faces.tenant(slug).id();
          int missing = 0;
          for (UUID id : ids) {
            boolean there = faces.deadLetters().retry(tenant, id, faces.queue());
            if (there) {
              faces
                  .audit()
                  .record(
                      tenant,
                      Errand.commandLine(tenant),
                      "dead-letter.retry",
                      "dead-letter",
                      id,
                      Map.of());
            } else {
              missing++;
            }
            Console.line(id + (there ? "  back in its queue" : "  is not there"));
          }
          return missing == 0 ? 0 : 1;
        });
  }
}
