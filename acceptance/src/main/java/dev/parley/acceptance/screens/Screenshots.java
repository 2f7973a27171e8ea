package dev.parley.acceptance.screens;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.LoadState;
import dev.parley.acceptance.driver.Chromium;
import dev.parley.acceptance.driver.Folders;
import dev.parley.acceptance.driver.Genesys;
import dev.parley.acceptance.driver.Parley;
import dev.parley.acceptance.driver.Sandbox;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes the pictures that stand in the documents, of a shop with customers who write.
public final class Screenshots {
  private static final List<String> ADMIN =
      List.of(
          "channels",
          "genesys",
          "users",
          "invitations",
          "roles",
          "api-keys",
          "settings",
          "templates",
          "teams",
          "tags",
          "canned-replies",
          "contact-fields",
          "dead-letters",
          "events",
          "api-log",
          "health",
          "audit",
          "tenants");

  private final Shop shop;
  private final Chromium chromium;
  private final URI pages;
  private final Path folder;

  private Screenshots(Shop shop, Chromium chromium, URI pages, Path folder) {
    this.shop = shop;
    this.chromium = chromium;
    this.pages = pages;
    this.folder = folder;
  }

  /// `--all FOLDER` takes every page in both themes and two sizes; `--pages URL` takes the pages from another address, such
  /// as that of `npm run dev`; `--serve` prints where the shop is and waits for Enter before it begins.
  public static void main(String[] args) throws IOException {
    List<String> words = List.of(args);
    Path data = Folders.temporary("screenshots");
    try (Sandbox sandbox = Sandbox.start();
        Genesys genesys = Genesys.start();
        Parley server = Parley.start(Parley.Options.in(data).sandbox(sandbox).genesys(genesys))) {
      Shop shop = Shop.open(server, sandbox, genesys);
      String all = after(words, "--all");
      Path folder =
          all == null ? Folders.repository().resolve("docs/images") : Path.of(all).toAbsolutePath();
      Files.createDirectories(folder);
      if (words.contains("--serve")) {
        System.out.printf("%s %s %s%n", server.url(), Shop.AGENT, Shop.PASSWORD);
        System.out.printf("operator@localhost %s%n", server.operatorPassword());
        int typed = System.in.read();
        if (typed < 0) {
          return;
        }
      }
      String elsewhere = after(words, "--pages");
      try (Chromium chromium = Chromium.start()) {
        URI pages = elsewhere == null ? server.url() : URI.create(elsewhere);
        var pictures = new Screenshots(shop, chromium, pages, folder);
        if (all == null) {
          pictures.documents();
        } else {
          pictures.everything(server.operatorPassword(), after(words, "--only"));
        }
      }
    } finally {
      Folders.delete(data);
    }
  }

  private static @Nullable String after(List<String> words, String name) {
    int at = words.indexOf(name);
    return at < 0 || at + 1 >= words.size() ? null : words.get(at + 1);
  }

  private void documents() {
    try (BrowserContext profile = chromium.profile(1280, 800, false, "en")) {
      Page page = Pages.signIn(profile, pages, Shop.AGENT, Shop.PASSWORD);
      page.navigate(pages + "/inbox/" + shop.conversation());
      take(page, "inbox");
    }
    try (BrowserContext profile = chromium.profile(1280, 800, false, "en")) {
      Page page = Pages.signIn(profile, pages, Shop.ADMIN, Shop.PASSWORD);
      page.navigate(pages + "/admin/channels");
      take(page, "admin");
    }
  }

  private void everything(String operatorPassword, @Nullable String only) {
    for (boolean dark : new boolean[] {false, true}) {
      for (int width : new int[] {1280, 360}) {
        String suffix = (dark ? "-dark" : "-light") + (width == 360 ? "-phone" : "");
        if (wanted(only, "sign-in")) {
          try (BrowserContext profile = profile(width, dark)) {
            Page page = profile.newPage();
            page.navigate(pages + "/sign-in");
            take(page, "sign-in" + suffix);
          }
        }
        try (BrowserContext profile = profile(width, dark)) {
          Page page = Pages.signIn(profile, pages, Shop.ADMIN, Shop.PASSWORD);
          each(page, suffix, only);
          if (wanted(only, "inbox")) {
            page.navigate(pages + "/inbox/" + shop.conversation());
            take(page, "inbox-open" + suffix);
            page.navigate(pages + "/inbox/" + shop.elsewhere());
            take(page, "inbox-elsewhere" + suffix);
          }
          if (wanted(only, "windows")) {
            windows(page, suffix);
          }
          if (wanted(only, "composer")) {
            composing(page, suffix);
          }
        }
        try (BrowserContext profile = profile(width, dark)) {
          Page page = Pages.signIn(profile, pages, Shop.ADMIN_OF_NOTHING, Shop.PASSWORD);
          each(page, "-empty" + suffix, only);
        }
        if (wanted(only, "tenants")) {
          try (BrowserContext profile = profile(width, dark)) {
            Page page = Pages.signIn(profile, pages, "operator@localhost", operatorPassword);
            page.navigate(pages + "/admin/tenants");
            take(page, "admin-tenants" + suffix);
          }
        }
      }
    }
  }

  private BrowserContext profile(int width, boolean dark) {
    return chromium.profile(width, width == 360 ? 740 : 800, dark, "en");
  }

  /// The inbox and every page of the administration.
  private void each(Page page, String suffix, @Nullable String only) {
    if (wanted(only, "inbox")) {
      page.navigate(pages + "/inbox");
      take(page, "inbox" + suffix);
    }
    for (String section : ADMIN) {
      if (wanted(only, section) && !section.equals("tenants")) {
        page.navigate(pages + "/admin/" + section);
        take(page, "admin-" + section + suffix);
      }
    }
  }

  /// What opens from the pages of the administration: something new, and the first thing of each list.
  private void windows(Page page, String suffix) {
    for (String section : ADMIN) {
      if (section.equals("tenants")) {
        continue;
      }
      page.navigate(pages + "/admin/" + section);
      page.waitForLoadState(LoadState.NETWORKIDLE);
      // What makes something new is the filled button of the heading.
      Locator make =
          page.locator("main h1")
              .locator("xpath=../..")
              .locator("button:not([data-variant=default])");
      if (make.count() > 0) {
        make.first().click();
        page.getByRole(AriaRole.DIALOG).waitFor();
        take(page, "window-" + section + "-new" + suffix);
        page.navigate(pages + "/admin/" + section);
        page.waitForLoadState(LoadState.NETWORKIDLE);
      }
      Locator first = page.locator("tbody button[data-open]").first();
      if (first.count() > 0) {
        first.click();
        page.getByRole(AriaRole.DIALOG).waitFor();
        take(page, "window-" + section + "-open" + suffix);
      }
    }
  }

  /// What opens from the composer.
  private void composing(Page page, String suffix) {
    page.navigate(pages + "/inbox/" + shop.conversation());
    page.getByLabel("Ask with buttons or a list").click();
    page.getByLabel("Question").fill("When may we come?");
    page.getByLabel("Button 1").fill("In the morning");
    page.getByLabel("Button 2").fill("In the evening");
    take(page, "composer-buttons" + suffix);
    page.getByRole(AriaRole.DIALOG)
        .getByText("List", new Locator.GetByTextOptions().setExact(true))
        .click();
    take(page, "composer-list" + suffix);
    page.keyboard().press("Escape");
    page.getByLabel("Choose a template").click();
    // Windows are fetched when they are first opened; a key that comes before is for the page
    // behind.
    page.getByRole(AriaRole.DIALOG).waitFor();
    take(page, "composer-template" + suffix);
    page.keyboard().press("Escape");
    page.getByText("Note", new Page.GetByTextOptions().setExact(true)).click();
    page.getByLabel("Write a note; @ mentions a colleague").pressSequentially("look @p");
    take(page, "composer-note" + suffix);
    page.navigate(pages + "/inbox");
    page.getByLabel("More filters").click();
    take(page, "filters" + suffix);
  }

  private static boolean wanted(@Nullable String only, String name) {
    return only == null || List.of(only.split(",")).contains(name);
  }

  private void take(Page page, String name) {
    page.waitForLoadState(LoadState.NETWORKIDLE);
    page.waitForFunction("() => !document.querySelector('[aria-busy=true]')");
    page.screenshot(new Page.ScreenshotOptions().setPath(folder.resolve(name + ".png")));
    System.out.println(folder.resolve(name + ".png"));
  }
}
