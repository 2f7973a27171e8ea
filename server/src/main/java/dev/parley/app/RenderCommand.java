package dev.parley.app;

import dev.parley.media.renditions.Facts;
import dev.parley.media.renditions.Programs;
import dev.parley.media.renditions.Rendered;
import dev.parley.media.renditions.Renditions;
import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.commons.io.FileUtils;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `render`: what this machine makes of a file, without a server and without a database.
@Command(
    name = "render",
    mixinStandardHelpOptions = true,
    description =
        "Makes renditions of a file and says what they are; 1 when something could not be made.")
final class RenderCommand implements Callable<Integer> {
  @Mixin Settings settings = new Settings();

  @Parameters(paramLabel = "FILE", description = "A picture, sound or video")
  Path file = Path.of("");

  @Option(
      names = "--type",
      required = true,
      description = "Its content type, such as image/jpeg or audio/ogg")
  String type = "";

  @Option(names = "--into", paramLabel = "FOLDER", description = "Keeps the renditions there")
  @Nullable Path into;

  @Option(names = "--repeat", paramLabel = "N", description = "Does it so often, a line for each")
  int repeat = 1;

  static Renditions renditions(Programs programs, Config config) {
    return new Renditions(
        programs,
        new Renditions.Settings(
            Path.of(config.get(Keys.DATA_DIR)).resolve("work"),
            config.get(Keys.RENDITIONS_TIME),
            (long) config.get(Keys.RENDITIONS_MEMORY) << 20,
            config.get(Keys.RENDITIONS_PARALLEL)));
  }

  @Override
  public Integer call() throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException("there is no file " + file);
    }
    Renditions renditions = renditions(Programs.ofSystem(), settings.load());
    Path kept = into;
    Path folder =
        kept == null ? Files.createTempDirectory("parley-render") : Files.createDirectories(kept);
    try {
      boolean whole = true;
      for (int i = 0; i < repeat; i++) {
        Renditions.Made made = renditions.make(file, type, folder);
        Console.line(line(made));
        whole &= made.causes().isEmpty();
      }
      return whole ? 0 : 1;
    } finally {
      if (kept == null) {
        FileUtils.deleteQuietly(folder.toFile());
      }
    }
  }

  private static String line(Renditions.Made made) {
    Facts facts = made.facts();
    var text = new StringBuilder();
    if (facts.width() > 0) {
      text.append(facts.width()).append('x').append(facts.height());
      text.append(facts.animated() ? " animated; " : "; ");
    }
    if (facts.duration() != null) {
      text.append(facts.duration().toMillis()).append(" ms; ");
    }
    text.append(made.made().stream().map(RenderCommand::named).collect(Collectors.joining(", ")));
    made.causes().forEach(cause -> text.append("; ").append(cause));
    return text.toString();
  }

  private static String named(Rendered rendition) {
    String size =
        rendition.width() == 0 ? "" : " %dx%d".formatted(rendition.width(), rendition.height());
    return "%s%s %s %d bytes"
        .formatted(rendition.kind().word(), size, rendition.contentType(), rendition.size());
  }
}
