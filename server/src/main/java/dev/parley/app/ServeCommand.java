package dev.parley.app;

import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `serve`: runs the server until it is told to stop.
@Command(name = "serve", mixinStandardHelpOptions = true, description = "Runs the server.")
final class ServeCommand implements Callable<Integer> {
  @Mixin Settings settings = new Settings();

  @Option(
      names = "--roles",
      paramLabel = "ROLES",
      description = "all, or some of api,ingress,realtime,worker")
  @Nullable String roles;

  @Override
  public Integer call() {
    var config = settings.load(roles == null ? Map.of() : Map.of("roles", roles));
    Ports.requireFree(config, "-s http.port=...");
    return Serving.run(config, Serving.Listener.NONE);
  }
}
