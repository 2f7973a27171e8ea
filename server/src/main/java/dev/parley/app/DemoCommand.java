package dev.parley.app;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `demo`: the whole of it on one machine, with an emulated WhatsApp and, when asked for, an emulated Genesys Cloud.
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description =
        "Starts everything with an embedded database and emulators, and shows a conversation.")
final class DemoCommand implements Callable<Integer> {
  @Mixin Settings settings = new Settings();

  @Option(
      names = "--once",
      description =
          "Ends after the conversation: 0 when every message and receipt was seen, else 1")
  boolean once;

  @Option(
      names = "--port",
      defaultValue = "8080",
      description = "Port of the server; 0 takes a free one (default: ${DEFAULT-VALUE})")
  int port;

  @Option(
      names = "--sandbox-port",
      defaultValue = "8090",
      description = "Port of the emulator; 0 takes a free one (default: ${DEFAULT-VALUE})")
  int sandboxPort;

  @Option(
      names = "--desk",
      defaultValue = "inbox",
      description =
          "Where the shop answers: inbox, or genesys, which is an emulated Genesys Cloud (default: ${DEFAULT-VALUE})")
  Demo.Desk desk = Demo.Desk.INBOX;

  @Option(
      names = "--genesys-port",
      defaultValue = "8091",
      description =
          "Port of the emulator of Genesys Cloud; 0 takes a free one (default: ${DEFAULT-VALUE})")
  int genesysPort;

  @Option(
      names = "--data",
      defaultValue = "data/demo",
      description = "Folder of its data (default: ${DEFAULT-VALUE})")
  String data = "";

  @Override
  public Integer call() {
    int atServer = Ports.choose(port);
    int atSandbox = Ports.choose(sandboxPort);
    Ports.requireFree("127.0.0.1", atSandbox, "--sandbox-port");
    var ports = new Demo.Sandboxes(atSandbox, 0);
    if (desk == Demo.Desk.GENESYS) {
      ports = new Demo.Sandboxes(atSandbox, Ports.choose(genesysPort));
      Ports.requireFree("127.0.0.1", ports.genesys(), "--genesys-port");
    }
    var config = settings.load(Demo.keys(data, atServer, ports));
    Ports.requireFree(config, "--port");
    return Demo.run(config, ports, once, Console::line);
  }
}
