package dev.parley.acceptance;

import static dev.parley.acceptance.World.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.WebSocketRoute;
import com.microsoft.playwright.options.LoadState;
import dev.parley.acceptance.driver.Fixture;
import dev.parley.acceptance.driver.StoredPast;
import dev.parley.acceptance.driver.Tenant;
import dev.parley.acceptance.driver.Wait;
import dev.parley.acceptance.screens.Scrolling;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Five thousand conversations, and one with twenty thousand messages: what is drawn is what is in sight.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScrollScreenTest {
  private static final int CONVERSATIONS = 5_000;
  private static final int MESSAGES = 20_000;
  private static final int DRAWN = 60;
  private static final int NODES = 3_000;
  private static final int ROW = 72;

  /// Whether a message that begins so is in sight.
  private static final String IN_SIGHT =
      """
      line => {
        const box = document.querySelector('[role=log]').getBoundingClientRect();
        return [...document.querySelectorAll('article[data-message]')]
          .filter(one => one.innerText.startsWith(line))
          .map(one => one.getBoundingClientRect())
          .some(place => place.bottom > box.top && place.top < box.bottom);
      }
      """;

  private final World world = World.shared();
  private Tenant plenty = world.tenants.acme();

  @BeforeAll
  void fill() {
    plenty =
        Fixture.tenant(
            world.server.api(),
            world.tenants.operator(),
            "plenty",
            8,
            world.sandbox,
            world.server.url());
    var past = new StoredPast(world.server.sql(), plenty);
    past.conversations(CONVERSATIONS);
    past.messages(MESSAGES);
  }

  @Test
  void aLongListHasFewElements() {
    try (Screen agent = Screen.of(plenty, "agent")) {
      agent.open("/inbox");
      agent.page.getByText("Customer 1", new Page.GetByTextOptions().setExact(true)).waitFor();
      Scrolling down = Scrolling.run(agent.page, Scrolling.LIST, 480, "Customer 400", 100_000);
      assertThat(down.position()).isGreaterThan(380.0 * ROW - 800);
      assertThat(down.drawn()).isLessThan(DRAWN);
      assertThat(down.nodes()).isLessThan(NODES);
      List<String> names =
          agent.page.locator("a[data-conversation]").allInnerTexts().stream()
              .map(
                  text ->
                      text.lines()
                          .filter(line -> line.startsWith("Customer "))
                          .findFirst()
                          .orElse(""))
              .toList();
      int first = Integer.parseInt(names.getFirst().substring("Customer ".length()));
      for (int i = 0; i < names.size(); i++) {
        assertThat(names.get(i)).isEqualTo("Customer " + (first + i));
      }
      agent.wasQuiet();
    }
  }

  @Test
  void afterAPauseThatCannotBeMadeUpForLongListsAreNotFetchedWhole() {
    var sockets = new ArrayList<WebSocketRoute>();
    var asked = new ArrayList<String>();
    try (Screen agent = Screen.of(plenty, "agent")) {
      agent.page.routeWebSocket(
          url -> url.contains("/socket.io/"),
          socket -> {
            WebSocketRoute server = socket.connectToServer();
            // Whoever names no session that the server knows is told nothing of what was.
            socket.onMessage(
                frame ->
                    server.send(frame.text().replaceAll("\"pid\":\"[^\"]*\"", "\"pid\":\"?\"")));
            sockets.add(socket);
          });
      agent.conversation(StoredPast.conversation(1));
      agent.message(StoredPast.line(MESSAGES)).waitFor();
      Scrolling.run(agent.page, Scrolling.MESSAGES, -480, StoredPast.line(19_700), 100_000);
      Scrolling.run(agent.page, Scrolling.LIST, 480, "Customer 300", 100_000);
      Scrolling.run(agent.page, Scrolling.LIST, -480, "Customer 1", 100_000);
      agent.page.onRequest(request -> asked.add(request.url().replaceFirst("^.*/api/v1", "")));

      sockets.getLast().close();
      Wait.until(
          "the end of the conversation is asked for",
          SOON,
          () -> {
            // Handlers run while the page is asked something.
            agent.page.title();
            return asked.stream().filter(url -> url.contains("/messages?")).count();
          },
          count -> count > 0);
      agent.page.waitForLoadState(LoadState.NETWORKIDLE);
      assertThat(asked.stream().filter(url -> url.contains("/messages?"))).hasSize(1);
      assertThat(asked.stream().filter(url -> url.startsWith("/conversations?")))
          .as("pages of the list, of which one is in sight and one below")
          .hasSizeBetween(1, 2);
      agent.message(StoredPast.line(19_700)).waitFor();
      agent.wasQuiet();
    }
  }

  @Test
  void aLongConversationHasFewElementsAndItsBeginningIsNear() {
    try (Screen agent = Screen.of(plenty, "agent")) {
      agent.conversation(StoredPast.conversation(1));
      agent.message(StoredPast.line(MESSAGES)).waitFor();
      Scrolling up =
          Scrolling.run(agent.page, Scrolling.MESSAGES, -480, StoredPast.line(19_800), 100_000);
      agent.message(StoredPast.line(19_800)).waitFor();
      assertThat(up.drawn()).isLessThan(DRAWN);
      assertThat(up.nodes()).isLessThan(NODES);

      agent.open("/inbox/" + StoredPast.conversation(1) + "?message=" + StoredPast.message(300));
      agent.page.waitForFunction(IN_SIGHT, StoredPast.line(300));
      Scrolling toBegin =
          Scrolling.run(agent.page, Scrolling.MESSAGES, -480, StoredPast.line(1), 100_000);
      agent.message(StoredPast.line(1)).waitFor();
      Scrolling on =
          Scrolling.run(agent.page, Scrolling.MESSAGES, 480, StoredPast.line(450), 200_000);
      agent.message(StoredPast.line(450)).waitFor();
      assertThat(List.of(toBegin.drawn(), on.drawn())).allMatch(drawn -> drawn < DRAWN);
      assertThat(List.of(toBegin.nodes(), on.nodes())).allMatch(nodes -> nodes < NODES);

      agent.button("Latest").click();
      agent.message(StoredPast.line(MESSAGES)).waitFor();
      agent.wasQuiet();
    }
  }
}
