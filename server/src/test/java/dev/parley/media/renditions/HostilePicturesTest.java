package dev.parley.media.renditions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Files that are made to do harm, and files that came to some. Each ends in a cause or in a
/// picture, never in anything else.
@Tag("slow")
class HostilePicturesTest extends RenditionsFixture {
  private void refused(byte[] content, String contentType, String cause) throws IOException {
    Path file = file("hostile", content);
    for (Programs programs : List.of(Programs.none(), Programs.ofSystem())) {
      Renditions.Made made = renditions(programs).make(file, contentType, into());
      assertThat(made.made()).isEmpty();
      assertThat(made.facts().width()).isZero();
      assertThat(made.causes()).first().asString().contains(cause);
      try (var left = Files.list(into())) {
        assertThat(left).isEmpty();
      }
    }
  }

  @Test
  void aHeaderThatClaimsTooMuchIsRefusedBeforeDecoding() throws IOException {
    refused(Samples.flatPng(50_000, 50_000, 1), "image/png", "too many");
    refused(Samples.flatPng(Integer.MAX_VALUE, 1, 0), "image/png", "");
    byte[] jpeg = Samples.jpeg(16, 16);
    int frame = new String(jpeg, StandardCharsets.ISO_8859_1).indexOf("\u00ff\u00c0");
    Arrays.fill(jpeg, frame + 5, frame + 9, (byte) 0xff);
    refused(jpeg, "image/jpeg", "too many");
    byte[] gif = Samples.gif(1);
    Arrays.fill(gif, 6, 10, (byte) 0xff);
    // The frame is small and is shown; the screen that it claims is only a number.
    assertThat(make(file("a.gif", gif), "image/gif").of(Rendered.Kind.THUMB_SMALL)).isPresent();
  }

  @Test
  void aBombThatUnpacksToWithinTheBoundTakesLittleMemory() throws IOException {
    // 96 million pixels in less than 100 KB.
    byte[] bomb = Samples.flatPng(9800, 9800, 9800);
    assertThat(bomb.length).isLessThan(100_000);
    Renditions.Made made = make(file("bomb.png", bomb), "image/png");
    assertThat(made.causes()).isEmpty();
    assertThat(made.facts().width()).isEqualTo(9800);
  }

  @Test
  void aLineIsAPictureToo() throws IOException {
    Renditions.Made made = make(file("line.png", Samples.flatPng(90_000, 2, 2)), "image/png");
    assertThat(made.of(Rendered.Kind.THUMB_SMALL).orElseThrow().height()).isEqualTo(1);
    assertThat(made.facts().height()).isEqualTo(2);
  }

  @Test
  void aGifOfVeryManyFramesCostsNoMoreThanItsFirst() throws IOException {
    Renditions.Made made = make(file("a.gif", Samples.gif(500_000)), "image/gif");
    assertThat(made.facts().animated()).isTrue();
    assertThat(made.of(Rendered.Kind.THUMB_SMALL)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"image/jpeg", "image/png", "image/gif", "image/webp", "image/heic"})
  void zerosAndNothingAreNoPictures(String contentType) throws IOException {
    refused(new byte[0], contentType, "not a picture");
    refused(new byte[5000], contentType, "not a picture");
  }

  @Test
  void aCutPictureShowsWhatIsThereOrSaysSo() throws IOException {
    for (var sample : samples().entrySet()) {
      byte[] whole = sample.getValue();
      for (int percent = 0; percent < 100; percent += 7) {
        byte[] cut = Arrays.copyOf(whole, whole.length * percent / 100);
        survives(sample.getKey() + " cut at " + percent + " %", cut, sample.getKey());
      }
    }
  }

  @Test
  void damageAnywhereIsSurvived() throws IOException {
    var random = new Random(20);
    for (var sample : samples().entrySet()) {
      for (int round = 0; round < 40; round++) {
        byte[] damaged = sample.getValue().clone();
        for (int i = 0; i < 1 + round / 4; i++) {
          // Most of what can go wrong stands near the beginning.
          int range = random.nextBoolean() ? Math.min(600, damaged.length) : damaged.length;
          damaged[random.nextInt(range)] = (byte) random.nextInt();
        }
        survives(sample.getKey() + " damaged, round " + round, damaged, sample.getKey());
      }
    }
  }

  private void survives(String what, byte[] content, String contentType) throws IOException {
    Path file = file("survivor", content);
    for (Programs programs : List.of(Programs.none(), Programs.ofSystem())) {
      Renditions.Made made = renditions(programs).make(file, contentType, into());
      if (made.of(Rendered.Kind.THUMB_SMALL).isEmpty()) {
        assertThat(made.causes()).as(what).isNotEmpty();
      }
      for (Rendered rendition : made.made()) {
        assertThat(rendition.file()).as(what).exists();
        assertThat(rendition.width()).as(what).isBetween(0, 100_000);
      }
    }
  }

  private static Map<String, byte[]> samples() {
    var samples = new TreeMap<String, byte[]>();
    samples.put(
        "image/jpeg",
        Samples.with(Samples.jpeg(640, 480), Samples.exif(6, java.nio.ByteOrder.LITTLE_ENDIAN)));
    samples.put("image/png", Samples.encoded(Samples.quarters(300, 200, 2), "png"));
    samples.put("image/gif", Samples.encoded(Samples.quarters(300, 200, 1), "gif"));
    samples.put("image/bmp", Samples.encoded(Samples.quarters(100, 80, 1), "bmp"));
    return samples;
  }
}
