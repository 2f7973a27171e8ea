package dev.parley.channels.whatsapp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.channels.ChannelAccount;
import dev.parley.channels.Fetched;
import dev.parley.conversations.Content;
import dev.parley.conversations.MessageMedia;
import dev.parley.media.NewFile;
import dev.parley.media.Opened;
import dev.parley.media.StoreResult;
import dev.parley.platform.access.Caller;
import dev.parley.platform.db.Ids;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What becomes of a customer's file in each way that the provider can hand it over, or not.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WhatsAppFetchTest {
  private static final long MOST = 1 << 20;

  private final WhatsAppMediaFixture fixture = new WhatsAppMediaFixture();
  private final byte[] bytes = new byte[50_000];

  @BeforeEach
  void heal() {
    new Random(7).nextBytes(bytes);
    fixture.heal();
    fixture.call("PUT", "/behaviour", "{\"mediaUrlSeconds\":300,\"mediaIdSeconds\":0}");
  }

  @AfterAll
  void close() {
    fixture.close();
  }

  private Content.Media content() {
    return (Content.Media) WhatsAppContent.read(fixture.sent("document", "text/plain", bytes));
  }

  private MessageMedia.Wanted wanted(Content.Media content, Instant written) {
    return new MessageMedia.Wanted(
        fixture.acme.tenant(),
        Ids.next(),
        Ids.next(),
        fixture.acme.id(),
        fixture.acme.projectId(),
        0,
        content,
        written);
  }

  private Fetched fetch(Content.Media content) {
    return fetch(fixture.acme, wanted(content, fixture.now()), MOST);
  }

  private Fetched fetch(ChannelAccount account, MessageMedia.Wanted wanted, long most) {
    return fixture.connector.fetch(
        account,
        wanted,
        most,
        (size, sha256, stream) ->
            fixture.media.files.store(
                Caller.system(account.tenant()),
                NewFile.from("whatsapp").ofSize(size).withHash(sha256),
                stream));
  }

  @Test
  void aFileComesWholeWithTheHashOfTheWebhook() throws IOException {
    Content.Media content = content();
    assertThat(content.attachment().sha256()).hasSize(64);
    assertThat(fetch(content))
        .isInstanceOfSatisfying(
            Fetched.Came.class,
            came ->
                assertThat(came.result())
                    .isInstanceOfSatisfying(
                        StoreResult.Stored.class,
                        stored -> {
                          assertThat(stored.file().sha256())
                              .isEqualTo(content.attachment().sha256());
                          assertThat(read(stored)).isEqualTo(bytes);
                        }));
  }

  private byte[] read(StoreResult.Stored stored) {
    Opened opened = fixture.media.files.open(fixture.acme.tenant(), stored.file().id(), null);
    try (Opened.Bytes open = (Opened.Bytes) opened) {
      return open.stream().readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "download, reset, Away",
    "download, hang, Away",
    "download, truncate, Away",
    "download, stall, Away",
    "lookUp, reset, Away",
    "lookUp, hang, Away",
    "lookUp, truncate, Away"
  })
  void whatBreaksOffIsTriedAgainLater(String on, String mode, String result) {
    Content.Media content = content();
    int objects = fixture.media.objects(fixture.acme.tenant());
    fixture.fault(on, mode, ",\"delayMs\":8000");
    assertThat(fetch(content).getClass().getSimpleName()).isEqualTo(result);
    assertThat(fixture.media.objects(fixture.acme.tenant())).isEqualTo(objects);
    fixture.heal();
    assertThat(fetch(content)).isInstanceOf(Fetched.Came.class);
  }

  @ParameterizedTest
  @CsvSource({
    "download, 500, 131000, Away",
    "download, 503, 131016, Away",
    "download, 429, 130429, Away",
    "download, 401, 190, Away",
    "download, 403, 10, Away",
    "download, 400, 100, Broken",
    "lookUp, 500, 131000, Away",
    "lookUp, 400, 4, Away",
    "lookUp, 401, 190, Away",
    "lookUp, 400, 100, Refused"
  })
  void eachAnswerHasItsMeaning(String on, int status, int code, String result) {
    Content.Media content = content();
    fixture.fault(on, "error", ",\"httpStatus\":%d,\"code\":%d".formatted(status, code));
    assertThat(fetch(content).getClass().getSimpleName()).isEqualTo(result);
  }

  @ParameterizedTest
  @ValueSource(strings = {"corrupt", "shorten"})
  void anotherFileThanTheCustomersIsNotKept(String mode) {
    Content.Media content = content();
    int objects = fixture.media.objects(fixture.acme.tenant());
    fixture.fault("download", mode, "");
    assertThat(fetch(content))
        .isInstanceOfSatisfying(
            Fetched.Came.class,
            came ->
                assertThat(came.result())
                    .isInstanceOfSatisfying(
                        StoreResult.Refused.class,
                        refused ->
                            assertThat(refused.reason()).isEqualTo(StoreResult.Reason.DAMAGED)));
    assertThat(fixture.media.objects(fixture.acme.tenant())).isEqualTo(objects);
  }

  @Test
  void whatComesSlowlyComes() {
    Content.Media content = content();
    fixture.fault("download", "drip", ",\"delayMs\":2000");
    assertThat(fetch(content)).isInstanceOf(Fetched.Came.class);
  }

  @Test
  void whatIsTooLargeIsNotRead() {
    Content.Media content = content();
    assertThat(fetch(fixture.acme, wanted(content, fixture.now()), bytes.length - 1))
        .isInstanceOf(Fetched.TooLarge.class);
    fixture.fault("download", "endless", "");
    assertThat(fetch(content)).isInstanceOf(Fetched.TooLarge.class);
  }

  @Test
  void anAddressThatIsTooOldIsAskedForAgain() {
    Content.Media content = content();
    fixture.call("PUT", "/behaviour", "{\"mediaUrlSeconds\":-1}");
    int before = fixture.counts().path("lookUps").asInt();
    assertThat(fetch(content)).isInstanceOf(Fetched.Broken.class);
    assertThat(fixture.counts().path("lookUps").asInt()).isEqualTo(before + 2);
  }

  @Test
  void anIdThatIsTooOldIsNotAskedFor() {
    Content.Media content = content();
    int before = fixture.counts().path("lookUps").asInt();
    Instant old = fixture.now().minus(Duration.ofDays(7));
    assertThat(fetch(fixture.acme, wanted(content, old), MOST)).isInstanceOf(Fetched.Expired.class);
    assertThat(fixture.counts().path("lookUps").asInt()).isEqualTo(before);
    assertThat(fetch(fixture.acme, wanted(content, old.plusSeconds(1)), MOST))
        .isInstanceOf(Fetched.Came.class);
  }

  @Test
  void anIdThatWhatsAppDoesNotKnowIsRefused() {
    Content.Media content = content();
    fixture.call("PUT", "/behaviour", "{\"mediaIdSeconds\":-1}");
    assertThat(fetch(content)).isInstanceOf(Fetched.Refused.class);
  }

  @Test
  void anIdThatIsNoneIsNotPutIntoAnAddress() {
    var forged =
        new Content.Document(
            new Content.Attachment("../me?x=", null, null, null, null, null, null), null);
    assertThat(fetch(forged)).isInstanceOf(Fetched.Refused.class);
  }

  @Test
  void aTokenThatIsNotAcceptedIsWaitedFor() {
    Content.Media content = content();
    assertThat(
            fetch(
                fixture.other(WhatsAppMediaFixture.NUMBER, "wrong"),
                wanted(content, fixture.now()),
                MOST))
        .isInstanceOf(Fetched.Away.class);
  }

  @Test
  void nobodyThereIsWaitedFor() {
    Content.Media content = content();
    assertThat(
            fixture
                .connector("http://127.0.0.1:1")
                .fetch(
                    fixture.acme,
                    wanted(content, fixture.now()),
                    MOST,
                    (size, sha256, stream) -> {
                      throw new IllegalStateException("nothing came");
                    }))
        .isInstanceOf(Fetched.Away.class);
  }
}
