package dev.parley.media.renditions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("slow")
class ConversionsTest extends RenditionsFixture {
  private static final Conversions.Pictures JPEG_OR_PNG =
      new Conversions.Pictures(Set.of("image/jpeg", "image/png"), 5 << 20, 4096);

  private Path to() throws IOException {
    return into().resolve("converted");
  }

  private Converted picture(Path file, Conversions.Pictures target) throws IOException {
    return renditions().conversions().picture(file, target, to());
  }

  private static Converted.Done done(Converted converted) {
    assertThat(converted).isInstanceOf(Converted.Done.class);
    return (Converted.Done) converted;
  }

  @ParameterizedTest
  @EnumSource(Sound.class)
  void soundBecomesWhatIsAskedFor(Sound target) throws IOException {
    assumeTrue(Samples.installed(Program.FFMPEG), "ffmpeg is not installed");
    var conversions = renditions().conversions();
    Path wav = Samples.tone(folder.resolve("a.wav"), 2, "-ac", "2");
    Converted.Done first = done(conversions.sound(wav, "audio/wav", target, to()));
    assertThat(first.contentType()).isEqualTo(target.contentType());
    assertThat(first.size()).isEqualTo(Files.size(first.file()));
    // What came out is what was asked for, and so nothing is left to do.
    Path again = into().resolve("again");
    assertThat(conversions.sound(first.file(), target.contentType(), target, again))
        .isEqualTo(new Converted.NotNeeded());
    assertThat(again).doesNotExist();
    Renditions.Made made = make(first.file(), first.contentType());
    assertThat(made.facts().duration()).isBetween(Duration.ofMillis(1900), Duration.ofMillis(2200));
  }

  @Test
  void oggOfTwoChannelsBecomesAVoiceNote() throws IOException {
    assumeTrue(Samples.installed(Program.FFMPEG), "ffmpeg is not installed");
    Path stereo = Samples.tone(folder.resolve("a.ogg"), 2, "-ac", "2", "-c:a", "libopus");
    assertThat(OggFile.read(stereo).orElseThrow().channels()).isEqualTo(2);
    Converted converted =
        renditions().conversions().sound(stereo, "audio/ogg", Sound.OGG_OPUS, to());
    OggFile made = OggFile.read(done(converted).file()).orElseThrow();
    assertThat(made.opus()).isTrue();
    assertThat(made.channels()).isEqualTo(1);
  }

  @Test
  void withoutFfmpegSoundStaysAsItIsAndTheCauseIsSaid() throws IOException {
    Path file = file("a.mp3", new byte[100]);
    Converted converted =
        renditions(Programs.none()).conversions().sound(file, "audio/mpeg", Sound.OGG_OPUS, to());
    assertThat(converted).isEqualTo(new Converted.NotPossible("ffmpeg is not installed"));
    assertThat(to()).doesNotExist();
  }

  @Test
  void whatIsNoSoundIsNotConverted() throws IOException {
    assumeTrue(Samples.installed(Program.FFMPEG), "ffmpeg is not installed");
    var conversions = renditions().conversions();
    Path text = file("a", "#EXTM3U\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    assertThat(conversions.sound(text, "audio/mpeg", Sound.MP3, to()))
        .isInstanceOf(Converted.NotPossible.class);
    assertThat(conversions.sound(text, "application/pdf", Sound.MP3, to()))
        .isInstanceOf(Converted.NotPossible.class);
    Path silent =
        Samples.made(
            folder.resolve("silent.mp4"),
            "ffmpeg",
            "-v",
            "error",
            "-y",
            "-f",
            "lavfi",
            "-i",
            "testsrc=duration=1",
            "-pix_fmt",
            "yuv420p");
    assertThat(conversions.sound(silent, "video/mp4", Sound.MP3, to()))
        .isEqualTo(new Converted.NotPossible("there is no sound in it"));
  }

  @Test
  void aPictureWithinBoundsOnlyLosesItsMetadata() throws IOException {
    Path clean = file("clean", Samples.jpeg(400, 300));
    assertThat(picture(clean, JPEG_OR_PNG)).isEqualTo(new Converted.NotNeeded());
    Path dirty =
        file(
            "dirty",
            Samples.with(Samples.jpeg(400, 300), Samples.exif(1, ByteOrder.LITTLE_ENDIAN)));
    assertThat(Files.readAllBytes(done(picture(dirty, JPEG_OR_PNG)).file()))
        .isEqualTo(Files.readAllBytes(clean));
  }

  @Test
  void aPictureThatIsTooLargeBecomesSmaller() throws IOException {
    var noise = new BufferedImage(1500, 1000, BufferedImage.TYPE_INT_RGB);
    var random = new Random(1);
    for (int i = 0; i < 1_500_000; i++) {
      noise.setRGB(i % 1500, i / 1500, random.nextInt());
    }
    Path file = file("noise", Samples.encoded(noise, "png"));
    var target = new Conversions.Pictures(Set.of("image/jpeg"), 200_000, 4096);
    Converted.Done done = done(picture(file, target));
    assertThat(done.size()).isLessThanOrEqualTo(200_000);
    assertThat(done.contentType()).isEqualTo("image/jpeg");
    assertThat(Samples.decoded(done.file()).getWidth()).isBetween(300, 1500);
    var tiny = new Conversions.Pictures(Set.of("image/png"), 2_000, 4096);
    assertThat(picture(file, tiny))
        .isEqualTo(new Converted.NotPossible("it does not become small enough"));
  }

  @Test
  void aStickerBecomesAPngThatShinesThrough() throws IOException {
    assumeTrue(Samples.installed(Program.FFMPEG), "ffmpeg makes the sample");
    BufferedImage image = Samples.quarters(512, 512, BufferedImage.TYPE_INT_ARGB);
    for (int i = 0; i < 512; i++) {
      image.setRGB(i, i, 0);
    }
    Path png = file("a.png", Samples.encoded(image, "png"));
    Path webp =
        Samples.made(
            folder.resolve("a.webp"),
            "ffmpeg",
            "-v",
            "error",
            "-y",
            "-i",
            png.toString(),
            "-lossless",
            "1");
    Converted.Done done =
        done(picture(webp, new Conversions.Pictures(Set.of("image/png"), 5 << 20, 512)));
    assertThat(done.contentType()).isEqualTo("image/png");
    BufferedImage made = Samples.decoded(done.file());
    assertThat(made.getRGB(40, 40) >>> 24).isZero();
    assertThat(corners(made)).hasSize(4);
    // Where only JPEG is taken, what shone through is white.
    Converted.Done jpeg =
        done(picture(webp, new Conversions.Pictures(Set.of("image/jpeg"), 5 << 20, 512)));
    assertThat(Samples.decoded(jpeg.file()).getColorModel().hasAlpha()).isFalse();
  }

  @Test
  void printColoursAndSixteenBitsAreMadeAnew() throws IOException {
    Converted.Done fromCmyk = done(picture(file("a", Samples.cmyk(300, 200)), JPEG_OR_PNG));
    assertThat(Samples.decoded(fromCmyk.file()).getRaster().getNumBands()).isEqualTo(3);
    Path wide = file("b", Samples.encoded(Samples.wideGrey(300, 200), "png"));
    Converted.Done fromWide = done(picture(wide, JPEG_OR_PNG));
    assertThat(Samples.decoded(fromWide.file()).getRaster().getTransferType()).isZero();
  }

  @Test
  void whatIsNoPictureIsNotConverted() throws IOException {
    assertThat(picture(file("a", new byte[300]), JPEG_OR_PNG))
        .isEqualTo(new Converted.NotPossible("not a picture of a known kind"));
    assertThat(picture(file("b", Samples.flatPng(50_000, 50_000, 1)), JPEG_OR_PNG))
        .isInstanceOf(Converted.NotPossible.class);
  }
}
