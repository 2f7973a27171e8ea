package dev.parley.sandbox;

/// Runs a [WhatsAppSandbox] as a process of its own.
public final class SandboxMain {
  private static final String USAGE = "usage: parley-sandbox [--host 127.0.0.1] [--port 8090]";

  private SandboxMain() {}

  /// Starts the sandbox, prints its URL on one line and runs until the process is ended.
  ///
  /// @param args `--host` (127.0.0.1 when absent) and `--port` (8090 when absent; 0 for a free one)
  public static void main(String[] args) {
    String host = "127.0.0.1";
    int port = 8090;
    for (int i = 0; i < args.length; i += 2) {
      String value = i + 1 < args.length ? args[i + 1] : "";
      switch (args[i]) {
        case "--host" -> host = value;
        case "--port" -> port = port(value);
        default -> refuse(args[i] + " is unknown");
      }
    }
    WhatsAppSandbox sandbox = WhatsAppSandbox.start(host, port);
    Runtime.getRuntime().addShutdownHook(new Thread(sandbox::close));
    System.out.println(sandbox.url());
  }

  private static int port(String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      refuse("--port must be a number");
      return 0;
    }
  }

  private static void refuse(String problem) {
    System.err.println(problem);
    System.err.println(USAGE);
    System.exit(2);
  }
}
