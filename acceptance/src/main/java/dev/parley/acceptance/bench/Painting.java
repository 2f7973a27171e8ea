package dev.parley.acceptance.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import dev.parley.acceptance.driver.Chromium;
import dev.parley.acceptance.driver.Fixture;
import dev.parley.acceptance.driver.Folders;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Parley;
import dev.parley.acceptance.driver.Sandbox;
import dev.parley.acceptance.driver.Tenant;
import dev.parley.acceptance.screens.Pages;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// From when an event is at the browser's socket to when its message is on the screen, while customers write into the open
/// conversation at a fixed rate.
final class Painting {
  private static final int RATE = 50;
  private static final Duration SOON = Duration.ofSeconds(20);

  /// Notes when a socket brings `tick <number>;` and when a picture with it was drawn.
  private static final String WATCH =
      """
      (() => {
        const heard = {}, painted = {};
        window.painted = () => JSON.stringify(Object.values(painted).filter(one => one !== null));
        const Plain = window.WebSocket;
        window.WebSocket = class extends Plain {
          constructor(...given) {
            super(...given);
            this.addEventListener('message', event => {
              const found = typeof event.data === 'string' && /"tick (\\d+);"/.exec(event.data);
              if (found) heard[found[1]] ??= performance.now();
            });
          }
        };
        new MutationObserver(() => {
          const now = [];
          for (const message of document.querySelectorAll('article[data-message]')) {
            const found = /tick (\\d+);/.exec(message.textContent);
            if (found && heard[found[1]] && !(found[1] in painted)) {
              painted[found[1]] = null;
              now.push(found[1]);
            }
          }
          if (now.length > 0) {
            requestAnimationFrame(() => setTimeout(() => {
              for (const one of now) painted[one] = performance.now() - heard[one];
            }));
          }
        }).observe(document, {childList: true, subtree: true, characterData: true});
      })()
      """;

  private Painting() {}

  static void run(Options options, Figures figures) {
    if (Chromium.installed().isEmpty()) {
      System.out.println("    no Chromium is installed: left out");
      return;
    }
    int count = RATE * (options.quick() ? 5 : 30);
    Path data = Folders.temporary("painting");
    try (Sandbox sandbox = Sandbox.start();
        Parley server = Parley.start(Parley.Options.in(data).sandbox(sandbox));
        Chromium chromium = Chromium.start()) {
      Tenant tenant = Fixture.make(server, sandbox).acme();
      String customer = "16505559999";
      sandbox.writeText(tenant.number(), customer, "It begins");
      String conversation = tenant.api().awaitConversation(customer, SOON).path("id").asText();
      try (BrowserContext profile = chromium.profile(1280, 800, false, "en")) {
        profile.addInitScript(WATCH);
        Page page =
            Pages.signIn(
                profile,
                server.url(),
                "agent@" + tenant.slug() + ".example",
                Tenant.password(tenant.slug()));
        page.navigate(server.url() + "/inbox/" + conversation);
        page.locator("article[data-message]").first().waitFor();
        write(sandbox, tenant, customer, count);
        page.getByText("tick " + count + ";", new Page.GetByTextOptions().setExact(true))
            .last()
            .waitFor();
        report(figures, count, Json.read(String.valueOf(page.evaluate("painted()"))));
      }
    } finally {
      Folders.delete(data);
    }
  }

  private static void write(Sandbox sandbox, Tenant tenant, String customer, int count) {
    var written = new ArrayList<CompletableFuture<Void>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 1; i <= count; i++) {
        String text = "tick " + i + ";";
        Executor due =
            CompletableFuture.delayedExecutor(1000L * i / RATE, TimeUnit.MILLISECONDS, threads);
        written.add(
            CompletableFuture.runAsync(
                () -> sandbox.writeText(tenant.number(), customer, text), due));
      }
      CompletableFuture.allOf(written.toArray(CompletableFuture[]::new)).join();
    }
  }

  private static void report(Figures figures, int count, JsonNode painted) {
    double[] times = new double[painted.size()];
    for (int i = 0; i < times.length; i++) {
      times[i] = painted.get(i).asDouble();
    }
    if (times.length == 0) {
      throw new IllegalStateException("no message was seen to be drawn");
    }
    Arrays.sort(times);
    String what = "event at the browser to picture, %d/s, ".formatted(RATE);
    figures.atMost(what + "p50", times[times.length / 2], 50, "ms");
    figures.atMost(what + "p99", times[(int) (times.length * 0.99)], 100, "ms");
    figures.note(
        String.format(
            Locale.ROOT,
            "Of %d messages that came to the open conversation %d were looked at as they were drawn.",
            count,
            times.length));
  }
}
