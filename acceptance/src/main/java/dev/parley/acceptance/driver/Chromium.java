package dev.parley.acceptance.driver;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The system's Chromium without a screen, steered by Playwright. Nothing is downloaded. For one thread.
public final class Chromium implements AutoCloseable {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome");

  private final Playwright playwright;
  private final Browser browser;

  private Chromium(Path program) {
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(program)
                    .setArgs(
                        List.of(
                            // It may run as root and in containers with a small /dev/shm.
                            "--no-sandbox",
                            "--disable-dev-shm-usage",
                            "--use-fake-ui-for-media-stream",
                            "--use-fake-device-for-media-stream")));
  }

  /// Where it is, when it is installed.
  public static Optional<Path> installed() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// Starts it; throws `IllegalStateException` when it is not installed.
  public static Chromium start() {
    return new Chromium(
        installed().orElseThrow(() -> new IllegalStateException("Chromium is not installed")));
  }

  /// An empty profile with one size, theme and language.
  public BrowserContext profile(int width, int height, boolean dark, String language) {
    return browser.newContext(
        new Browser.NewContextOptions()
            .setViewportSize(width, height)
            .setColorScheme(dark ? ColorScheme.DARK : ColorScheme.LIGHT)
            .setReducedMotion(ReducedMotion.REDUCE)
            .setPermissions(List.of("microphone", "clipboard-read", "clipboard-write"))
            .setTimezoneId("America/Sao_Paulo")
            .setLocale(language));
  }

  @Override
  public void close() {
    playwright.close();
  }
}
