package dev.parley.app;

import dev.parley.sandbox.WhatsAppSandbox;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `sandbox`: the emulator of WhatsApp's Cloud API, alone.
@Command(
    name = "sandbox",
    mixinStandardHelpOptions = true,
    description = "Runs the emulator of WhatsApp's Cloud API alone.")
final class SandboxCommand implements Callable<Integer> {
  @Option(
      names = "--host",
      defaultValue = "127.0.0.1",
      description = "Address to listen on (default: ${DEFAULT-VALUE})")
  String host = "";

  @Option(
      names = "--port",
      defaultValue = "8090",
      description = "Port; 0 takes a free one (default: ${DEFAULT-VALUE})")
  int port;

  @Override
  public Integer call() throws InterruptedException {
    Ports.requireFree(host, port, "--port");
    WhatsAppSandbox sandbox = WhatsAppSandbox.start(host, port);
    Runtime.getRuntime().addShutdownHook(new Thread(sandbox::close));
    Console.line(sandbox.url().toString());
    new CountDownLatch(1).await();
    return 0;
  }
}
