package dev.parley.app;

import dev.parley.media.Verification;
import dev.parley.tenants.Tenant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `files`: what is kept of files.
@Command(
    name = "files",
    mixinStandardHelpOptions = true,
    description = "Compares files with the storage that holds their bytes.")
final class FilesCommand {
  @Command(
      name = "verify",
      mixinStandardHelpOptions = true,
      description =
          "Tells what is missing in the storage and what is in it without a file; exit code 1 when something is.")
  int verify(
      @Mixin Settings settings,
      @Option(
              names = "--tenant",
              paramLabel = "SLUG",
              description =
                  "Only this tenant; without it all, and objects of tenants that are gone")
          @Nullable String slug,
      @Option(names = "--mend", description = "Mark files whose bytes are lost, delete the rest")
          boolean mend,
      @Option(names = "--hashes", description = "Read all bytes and compare their hashes")
          boolean hashes) {
    return Serving.errand(
        settings.load(),
        faces -> {
          List<Tenant> tenants = slug == null ? faces.allTenants() : List.of(faces.tenant(slug));
          boolean agrees = true;
          for (Tenant tenant : tenants) {
            Verification.Found found =
                faces.verification().run(tenant.id(), new Verification.Manner(mend, hashes));
            agrees &= found.agrees();
            Console.line(
                "%-20s stored %d  missing %d  returned %d  without a file %d%s"
                    .formatted(
                        tenant.slug(),
                        found.stored(),
                        found.missing(),
                        found.returned(),
                        found.orphans(),
                        found.wrongTotals() ? "  totals wrong" : ""));
          }
          if (slug == null) {
            long nobodys = faces.verification().ofNobody(mend);
            agrees &= nobodys == 0;
            Console.line("of tenants that are gone: " + nobodys);
          }
          return agrees || mend ? 0 : 1;
        });
  }
}
