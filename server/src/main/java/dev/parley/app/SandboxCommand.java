package dev.parley.app;

import dev.parley.sandbox.WhatsAppSandbox;
import dev.parley.sandbox.genesys.GenesysSandbox;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `sandbox`: the emulators of WhatsApp's Cloud API and of Genesys Cloud, without a server.
@Command(
    name = "sandbox",
    mixinStandardHelpOptions = true,
    description =
        "Runs the emulators of WhatsApp's Cloud API and of Genesys Cloud, without a server.")
final class SandboxCommand implements Callable<Integer> {
  @Option(
      names = "--host",
      defaultValue = "127.0.0.1",
      description = "Address to listen on (default: ${DEFAULT-VALUE})")
  String host = "";

  @Option(
      names = "--port",
      defaultValue = "8090",
      description = "Port of WhatsApp; 0 takes a free one (default: ${DEFAULT-VALUE})")
  int port;

  @Option(
      names = "--genesys-port",
      defaultValue = "8091",
      description = "Port of Genesys; 0 takes a free one (default: ${DEFAULT-VALUE})")
  int genesysPort;

  @Override
  public Integer call() throws InterruptedException {
    Ports.requireFree(host, port, "--port");
    Ports.requireFree(host, genesysPort, "--genesys-port");
    WhatsAppSandbox whatsApp = WhatsAppSandbox.start(host, port);
    GenesysSandbox genesys = GenesysSandbox.start(host, genesysPort);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  whatsApp.close();
                  genesys.close();
                }));
    Console.line("WhatsApp " + whatsApp.url());
    Console.line("Genesys  " + genesys.url());
    new CountDownLatch(1).await();
    return 0;
  }
}
