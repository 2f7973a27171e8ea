package dev.parley.acceptance.bench;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import dev.parley.acceptance.driver.Chromium;
import dev.parley.acceptance.driver.Fixture;
import dev.parley.acceptance.driver.Folders;
import dev.parley.acceptance.driver.Parley;
import dev.parley.acceptance.driver.Sandbox;
import dev.parley.acceptance.driver.StoredPast;
import dev.parley.acceptance.driver.Tenant;
import dev.parley.acceptance.screens.Pages;
import dev.parley.acceptance.screens.Scrolling;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// How smoothly the browser scrolls: the list of very many conversations, and one with very many messages.
final class LongLists {
  private static final int MESSAGES = 20_000;
  private static final int STEP = 240;

  private LongLists() {}

  static void run(Options options, Figures figures) {
    if (Chromium.installed().isEmpty()) {
      System.out.println("    no Chromium is installed: left out");
      return;
    }
    int conversations = options.quick() ? 5_000 : 50_000;
    Path data = Folders.temporary("long-lists");
    try (Sandbox sandbox = Sandbox.start();
        Parley server =
            Parley.start(Parley.Options.in(data).sandbox(sandbox).set("limit.read", "0"));
        Chromium chromium = Chromium.start()) {
      Tenant tenant = Fixture.make(server, sandbox).acme();
      var past = new StoredPast(server.sql(), tenant);
      past.conversations(conversations);
      past.messages(MESSAGES);
      var list = new ArrayList<Scrolling>();
      var messages = new ArrayList<Scrolling>();
      for (int round = 0; round <= options.rounds(); round++) {
        try (BrowserContext profile = chromium.profile(1280, 800, false, "en")) {
          Scrolling down = list(profile, server.url(), tenant);
          Scrolling up = messages(profile.pages().getFirst(), server.url());
          System.out.printf("    list %s%n    messages %s%n", down, up);
          if (round > 0) {
            list.add(down);
            messages.add(up);
          }
        }
      }
      report(figures, "list of %,d conversations".formatted(conversations), list);
      report(figures, "conversation of %,d messages".formatted(MESSAGES), messages);
    } finally {
      Folders.delete(data);
    }
  }

  private static Scrolling list(BrowserContext profile, URI server, Tenant tenant) {
    Page page =
        Pages.signIn(
            profile, server, "agent@" + tenant.slug() + ".example", Tenant.password(tenant.slug()));
    page.navigate(server + "/inbox");
    page.locator("a[data-conversation]").first().waitFor();
    return Scrolling.run(page, Scrolling.LIST, STEP, "Customer 2000", 200_000);
  }

  private static Scrolling messages(Page page, URI server) {
    page.navigate(server + "/inbox/" + StoredPast.conversation(1));
    page.getByText(StoredPast.line(MESSAGES)).first().waitFor();
    return Scrolling.run(
        page, Scrolling.MESSAGES, -STEP, StoredPast.line(MESSAGES - 2_000), 400_000);
  }

  private static void report(Figures figures, String what, List<Scrolling> rounds) {
    figures.atMost(what + ", longest task", worst(rounds, Scrolling::longestMs), 100, "ms");
    figures.atMost(
        what + ", time between pictures, p95", worst(rounds, Scrolling::frameMs), 34, "ms");
    figures.atMost(what + ", elements of the page", worst(rounds, Scrolling::nodes), 3_000, "");
  }

  private static double worst(List<Scrolling> rounds, ToDoubleFunction<Scrolling> of) {
    return rounds.stream().mapToDouble(of).max().orElse(Double.NaN);
  }
}
