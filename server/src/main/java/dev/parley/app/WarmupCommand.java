package dev.parley.app;

import dev.parley.platform.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.commons.io.FileUtils;
import picocli.CommandLine.Command;

/// `warmup`: a training run for the virtual machine's ahead-of-time cache. Plays the demo on free ports and in a folder
/// of its own, so that everything that a server usually does has been done once.
@Command(
    name = "warmup",
    mixinStandardHelpOptions = true,
    hidden = true,
    description = "Does everything once, for -XX:AOTCacheOutput; leaves nothing behind.")
final class WarmupCommand implements Callable<Integer> {
  @Override
  public Integer call() throws IOException {
    Path folder = Files.createTempDirectory("parley-warmup");
    try {
      int port = Ports.choose(0);
      var sandboxes = new Demo.Sandboxes(Ports.choose(0), 0);
      // Neither the environment nor a file: the run is the same everywhere.
      Config config = Config.load(Map.of(), null, Demo.keys(folder.toString(), port, sandboxes));
      return Demo.run(config, sandboxes, true, Console::line);
    } finally {
      FileUtils.deleteQuietly(folder.toFile());
    }
  }
}
