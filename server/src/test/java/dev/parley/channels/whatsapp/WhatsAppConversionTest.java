package dev.parley.channels.whatsapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.parley.channels.whatsapp.WhatsAppFormats.Format;
import dev.parley.media.FileKind;
import dev.parley.media.MediaFixture;
import dev.parley.media.NewFile;
import dev.parley.media.Opened;
import dev.parley.media.StoredFile;
import dev.parley.media.renditions.Program;
import dev.parley.media.renditions.Programs;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import javax.imageio.ImageIO;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What WhatsApp does not take is made into what it takes.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WhatsAppConversionTest {
  private final MediaFixture media = MediaFixture.create();
  private final WhatsAppConversion conversion =
      new WhatsAppConversion(WhatsAppMediaFixture.conversions());

  @AfterAll
  void close() {
    media.close();
  }

  private record Made(String type, long size, byte[] bytes, String refusal) {}

  private Made convert(Format format, String name, FileKind kind, byte[] bytes) throws IOException {
    StoredFile file =
        media.store(media.inAcme, NewFile.from("test").named(name).ofKind(kind), bytes);
    try (Opened.Bytes open = (Opened.Bytes) media.files.open(media.acme, file.id(), null)) {
      return conversion.with(
          format,
          open,
          (type, size, stream) -> new Made(type, size, stream.readAllBytes(), ""),
          cause -> new Made("", 0, new byte[0], cause));
    }
  }

  private static byte[] picture(String format, int edge) throws IOException {
    var image = new BufferedImage(edge, edge, BufferedImage.TYPE_INT_RGB);
    var random = new Random(1);
    for (int y = 0; y < edge; y++) {
      for (int x = 0; x < edge; x++) {
        image.setRGB(x, y, random.nextInt(1 << 24));
      }
    }
    var bytes = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, format, bytes)).isTrue();
    return bytes.toByteArray();
  }

  private static byte[] sound() throws IOException {
    var format = new AudioFormat(16_000, 16, 1, true, false);
    var samples = new byte[32_000];
    for (int i = 0; i < samples.length; i += 2) {
      samples[i + 1] = (byte) (40 * Math.sin(i / 20.0));
    }
    var bytes = new ByteArrayOutputStream();
    AudioSystem.write(
        new AudioInputStream(
            new ByteArrayInputStream(samples), format, samples.length / format.getFrameSize()),
        AudioFileFormat.Type.WAVE,
        bytes);
    return bytes.toByteArray();
  }

  @Test
  void aPictureOfAnotherKindBecomesOneThatIsTaken() throws IOException {
    Made made = convert(WhatsAppFormats.IMAGE, "a.bmp", FileKind.IMAGE, picture("bmp", 64));
    assertThat(made.refusal()).isEmpty();
    assertThat(made.type()).isIn("image/jpeg", "image/png");
    assertThat(made.bytes()).hasSize((int) made.size());
    assertThat(ImageIO.read(new ByteArrayInputStream(made.bytes())).getWidth()).isEqualTo(64);
  }

  @Test
  void aPictureThatIsTooLargeBecomesSmaller() throws IOException {
    byte[] large = picture("png", 1500);
    assertThat(large.length).isGreaterThan(5 << 20);
    Made made = convert(WhatsAppFormats.IMAGE, "a.png", FileKind.IMAGE, large);
    assertThat(made.refusal()).isEmpty();
    assertThat(made.size()).isLessThanOrEqualTo(WhatsAppFormats.IMAGE.maxBytes());
  }

  @Test
  void whatIsTakenStaysAsItIs() throws IOException {
    Made made = convert(WhatsAppFormats.IMAGE, "a.png", FileKind.IMAGE, MediaFixture.PNG);
    assertThat(made.bytes()).isEqualTo(MediaFixture.PNG);
    assertThat(made.type()).isEqualTo("image/png");
  }

  @Test
  void soundBecomesAVoiceNoteOrWhatIsTaken() throws IOException {
    assumeTrue(Programs.ofSystem().has(Program.FFMPEG), "ffmpeg is not installed");
    Made voice = convert(WhatsAppFormats.VOICE, "a.wav", FileKind.VOICE, sound());
    assertThat(voice.refusal()).isEmpty();
    assertThat(voice.type()).isEqualTo("audio/ogg");
    assertThat(new String(voice.bytes(), StandardCharsets.ISO_8859_1))
        .startsWith("OggS")
        .contains("OpusHead");
    Made audio = convert(WhatsAppFormats.AUDIO, "a.wav", FileKind.AUDIO, sound());
    assertThat(audio.type()).isEqualTo("audio/mpeg");
    // What is Opus already is not touched.
    Made again = convert(WhatsAppFormats.VOICE, "b.ogg", FileKind.VOICE, voice.bytes());
    assertThat(again.bytes()).isEqualTo(voice.bytes());
  }

  @Test
  void whatCannotBeMadeSaysWhy() throws IOException {
    Made broken =
        convert(
            WhatsAppFormats.VIDEO,
            "a.txt",
            FileKind.DOCUMENT,
            "no film".getBytes(StandardCharsets.UTF_8));
    assertThat(broken.refusal()).contains("text/plain").contains("video/mp4");
  }
}
