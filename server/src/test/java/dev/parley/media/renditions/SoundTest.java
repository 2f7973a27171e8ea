package dev.parley.media.renditions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("slow")
class SoundTest extends RenditionsFixture {
  @BeforeEach
  void ffmpegIsThere() {
    assumeTrue(Samples.installed(Program.FFMPEG), "ffmpeg is not installed");
  }

  private static void about(@Nullable Duration duration, double seconds) {
    long millis = Math.round(seconds * 1000);
    assertThat(duration)
        .isBetween(Duration.ofMillis(millis - 150), Duration.ofMillis(millis + 150));
  }

  @ParameterizedTest
  @CsvSource({
    "a.ogg,  audio/ogg,               libopus,    true",
    "a.oga,  audio/ogg; codecs=vorbis, libvorbis, true",
    "a.mp3,  audio/mpeg,              libmp3lame, false",
    "a.m4a,  audio/mp4,               aac,        false",
    "a.aac,  audio/aac,               aac,        false",
    "a.wav,  audio/wav,               pcm_s16le,  false",
    "a.flac, audio/flac,              flac,       false",
    "a.webm, audio/webm,              libopus,    true"
  })
  void soundHasALengthAWaveformAndAFormThatBrowsersPlay(
      String name, String contentType, String codec, boolean converted) throws IOException {
    Path file = Samples.tone(folder.resolve(name), 3, "-c:a", codec);
    Renditions.Made made = make(file, contentType);
    assertThat(made.causes()).isEmpty();
    about(made.facts().duration(), 3);
    byte[] waveform = Objects.requireNonNull(made.facts().waveform());
    assertThat(waveform).hasSize(64);
    assertThat(waveform[32] & 0xff).isGreaterThan(180);
    assertThat(made.of(Rendered.Kind.PLAYABLE).isPresent()).isEqualTo(converted);
    if (converted) {
      Rendered playable = made.of(Rendered.Kind.PLAYABLE).orElseThrow();
      assertThat(playable.contentType()).isEqualTo("audio/mp4");
      assertThat(Files.readString(playable.file(), StandardCharsets.ISO_8859_1))
          .contains("ftypM4A");
      about(make(playable.file(), "audio/mp4").facts().duration(), 3);
    }
  }

  @Test
  void amrOfOldTelephonesIsPlayable() throws IOException {
    // Debian's ffmpeg decodes AMR and does not encode it: one frame of silence at 12.2 kbit/s, two
    // hundred times.
    byte[] amr = new byte[6 + 200 * 32];
    System.arraycopy("#!AMR\n".getBytes(StandardCharsets.US_ASCII), 0, amr, 0, 6);
    for (int i = 0; i < 200; i++) {
      amr[6 + i * 32] = 0x3c;
    }
    Renditions.Made made = make(file("a.amr", amr), "audio/amr");
    assertThat(made.causes()).isEmpty();
    about(made.facts().duration(), 4);
    assertThat(made.of(Rendered.Kind.PLAYABLE)).isPresent();
  }

  @Test
  void withoutFfmpegTheLengthOfOggIsKnownAllTheSame() throws IOException {
    Path file = Samples.tone(folder.resolve("a.ogg"), 7.5, "-c:a", "libopus");
    Renditions.Made made = renditions(Programs.none()).make(file, "audio/ogg", into());
    about(made.facts().duration(), 7.5);
    assertThat(made.facts().waveform()).isNull();
    assertThat(made.made()).isEmpty();
    assertThat(made.causes()).containsExactly("ffmpeg is not installed");
  }

  @Test
  void aWaveformShowsWhereItIsLoud() {
    var waveform = new Waveform();
    int samples = 1_000_000;
    for (int i = 0; i < samples; i++) {
      waveform.add(i < samples / 2 ? 10_000 : i < samples * 3 / 4 ? -5_000 : 0);
    }
    byte[] peaks = waveform.peaks();
    assertThat(peaks[10] & 0xff).isEqualTo(255);
    assertThat(peaks[40] & 0xff).isEqualTo(127);
    assertThat(peaks[60]).isZero();
    var silence = new Waveform();
    for (int i = 0; i < 100; i++) {
      silence.add(i % 50);
    }
    assertThat(silence.peaks()).containsOnly(0);
    assertThat(new Waveform().peaks()).containsOnly(0);
  }

  @ParameterizedTest
  @CsvSource({
    "mp4,  video/mp4,        libx264,    aac",
    "webm, video/webm,       libvpx,     libvorbis",
    "3gp,  video/3gpp,       mpeg4,      aac",
    "mov,  video/quicktime,  mpeg4,      pcm_s16le"
  })
  void aVideoHasALengthASizeAndAPoster(
      String extension, String contentType, String video, String audio) throws IOException {
    Path file =
        Samples.video(folder.resolve("a." + extension), 3, "640x360", "-c:v", video, "-c:a", audio);
    Renditions.Made made = make(file, contentType);
    assertThat(made.causes()).isEmpty();
    about(made.facts().duration(), 3);
    assertThat(made.facts().width()).isEqualTo(640);
    assertThat(made.facts().height()).isEqualTo(360);
    Rendered poster = made.of(Rendered.Kind.POSTER).orElseThrow();
    assertThat(poster.contentType()).isEqualTo("image/jpeg");
    BufferedImage image = Samples.decoded(poster.file());
    assertThat(image.getWidth()).isEqualTo(640);
    assertThat(Arrays.stream(image.getRGB(0, 0, 640, 360, null, 0, 640)).distinct().count())
        .isGreaterThan(100);
    assertThat(made.of(Rendered.Kind.THUMB_SMALL).orElseThrow().width()).isEqualTo(320);
  }

  @Test
  void aVideoThatLiesOnItsSideIsShownUpright() throws IOException {
    Path flat = Samples.video(folder.resolve("flat.mp4"), 2, "640x360", "-c:v", "libx264");
    Path file =
        Samples.made(
            folder.resolve("turned.mp4"),
            "ffmpeg",
            "-v",
            "error",
            "-y",
            "-i",
            flat.toString(),
            "-c",
            "copy",
            "-metadata:s:v:0",
            "rotate=90");
    Renditions.Made made = make(file, "video/mp4");
    assertThat(made.facts().width()).isEqualTo(360);
    assertThat(made.facts().height()).isEqualTo(640);
    assertThat(made.of(Rendered.Kind.POSTER).orElseThrow().height()).isEqualTo(640);
  }

  @Test
  void aVideoOfOneFrameHasAPoster() throws IOException {
    Path file = Samples.video(folder.resolve("a.mp4"), 0.04, "320x240", "-c:v", "libx264");
    assertThat(make(file, "video/mp4").of(Rendered.Kind.POSTER)).isPresent();
  }

  @Test
  void aListOfOtherFilesIsNotFollowed() throws IOException {
    Path secret =
        file("secret.wav", Files.readAllBytes(Samples.tone(folder.resolve("tone.wav"), 1)));
    String playlist = "#EXTM3U\n#EXTINF:1,\nfile://" + secret + "\n#EXT-X-ENDLIST\n";
    String concat = "ffconcat version 1.0\nfile '" + secret + "'\n";
    for (String text : new String[] {playlist, concat}) {
      Path file = file("list", text.getBytes(StandardCharsets.UTF_8));
      for (String contentType : new String[] {"video/mp4", "audio/mpeg", "audio/ogg"}) {
        Renditions.Made made = make(file, contentType);
        assertThat(made.made()).isEmpty();
        assertThat(made.facts().waveform()).isNull();
        assertThat(made.causes()).isNotEmpty();
        assertThat(made.causes().toString()).doesNotContain(folder.toString());
      }
    }
  }

  @Test
  void cutAndEmptySoundsEndInACause() throws IOException {
    byte[] whole = Files.readAllBytes(Samples.tone(folder.resolve("a.m4a"), 3, "-c:a", "aac"));
    for (byte[] content :
        new byte[][] {new byte[0], new byte[9000], Arrays.copyOf(whole, whole.length / 2)}) {
      Renditions.Made made = make(file("cut", content), "audio/mp4");
      assertThat(made.causes()).isNotEmpty();
      assertThat(made.made()).isEmpty();
    }
  }
}
