package dev.parley.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `docs`: writes the documents that are made from the code.
@Command(
    name = "docs",
    mixinStandardHelpOptions = true,
    hidden = true,
    description = "Writes config.md, events.md and asyncapi.yaml into a folder.")
final class DocsCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FOLDER", defaultValue = "docs")
  Path folder = Path.of("docs");

  @Override
  public Integer call() throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("config.md"), ConfigDocument.text());
    Files.writeString(folder.resolve("events.md"), EventsDocument.text());
    Files.writeString(folder.resolve("asyncapi.yaml"), AsyncApiDocument.text());
    return 0;
  }
}
