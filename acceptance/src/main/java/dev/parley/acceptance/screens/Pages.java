package dev.parley.acceptance.screens;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.net.URI;

/// What people do on Parley's pages, in one place, so that a page that changes changes one line here.
public final class Pages {
  private Pages() {}

  /// A page on which that user has signed in.
  public static Page signIn(BrowserContext profile, URI server, String email, String password) {
    Page page = profile.newPage();
    signIn(page, server, email, password);
    return page;
  }

  /// Signs in on that page.
  public static void signIn(Page page, URI server, String email, String password) {
    page.navigate(server + "/sign-in");
    page.locator("input[name=email]").fill(email);
    page.locator("input[name=password]").fill(password);
    page.locator("button[type=submit]").click();
    page.getByRole(AriaRole.NAVIGATION).first().waitFor();
  }
}
