package dev.parley.media.renditions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// Copies without metadata of formats whose picture does not stay as it is, or whose metadata is little. For JPEG, PNG
/// and WebP see [PicturesTest].
class CleanPicturesTest extends RenditionsFixture {
  private static final int HEAD = 13 + 6;

  private static byte[] block(int label, String name, String text) {
    var out = new ByteArrayOutputStream();
    out.write(0x21);
    out.write(label);
    for (String piece : new String[] {name, text}) {
      if (!piece.isEmpty()) {
        out.write(piece.length());
        out.writeBytes(piece.getBytes(StandardCharsets.ISO_8859_1));
      }
    }
    out.write(0);
    return out.toByteArray();
  }

  private static byte[] inserted(byte[] gif, byte[]... blocks) {
    var out = new ByteArrayOutputStream();
    out.write(gif, 0, HEAD);
    for (byte[] block : blocks) {
      out.writeBytes(block);
    }
    out.write(gif, HEAD, gif.length - HEAD);
    return out.toByteArray();
  }

  private static byte[] joined(byte[] first, String more) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(first);
    out.writeBytes(more.getBytes(StandardCharsets.ISO_8859_1));
    return out.toByteArray();
  }

  @Test
  void aGifLosesWhatProgramsAndPeopleWroteIntoItAndGoesOnMoving() throws IOException {
    byte[] loop = block(0xff, "NETSCAPE2.0", "\u0001\u0000\u0000");
    byte[] wanted = inserted(Samples.gif(3), loop);
    byte[] talkative =
        joined(
            inserted(
                Samples.gif(3),
                block(0xfe, "", "taken in Lisbon by Ana"),
                loop,
                block(0xff, "XMP DataXMP", "<x:xmpmeta>Lisbon</x:xmpmeta>")),
            "behind the end");

    Renditions.Made made = make(file("a", talkative), "image/gif");

    assertThat(made.causes()).isEmpty();
    assertThat(made.facts().animated()).isTrue();
    Rendered clean = made.of(Rendered.Kind.CLEAN).orElseThrow();
    assertThat(clean.contentType()).isEqualTo("image/gif");
    assertThat(Files.readAllBytes(clean.file())).isEqualTo(wanted);
    assertThat(make(file("b", wanted), "image/gif").of(Rendered.Kind.CLEAN)).isEmpty();
  }

  @Test
  void aGifWithoutAnEndGetsOneAndACutOneStays() throws IOException {
    byte[] gif = inserted(Samples.gif(2), block(0xfe, "", "Lisbon"));
    byte[] endless = Arrays.copyOf(gif, gif.length - 1);
    Rendered clean = make(file("a", endless), "image/gif").of(Rendered.Kind.CLEAN).orElseThrow();
    assertThat(Files.readAllBytes(clean.file())).isEqualTo(Samples.gif(2));

    Renditions.Made cut = make(file("b", Arrays.copyOf(gif, gif.length - 5)), "image/gif");
    assertThat(cut.of(Rendered.Kind.CLEAN)).isEmpty();
    assertThat(cut.causes()).contains("ends too early");
  }

  @Test
  void aHeicIsServedAsAnUprightJpegThatSaysNothing() throws IOException {
    assumeTrue(Samples.installed(Program.HEIF_CONVERT), "heif-convert is not installed");
    assumeTrue(Samples.installed("heif-enc"), "heif-enc makes the sample");
    Path jpeg =
        file(
            "a.jpg",
            Samples.with(Samples.jpeg(800, 600), Samples.exif(6, java.nio.ByteOrder.BIG_ENDIAN)));
    Path heic = Samples.made(folder.resolve("a.heic"), "heif-enc", jpeg.toString(), "-o");

    Renditions.Made made = make(heic, "image/heic");

    Rendered clean = made.of(Rendered.Kind.CLEAN).orElseThrow();
    assertThat(clean.contentType()).isEqualTo("image/jpeg");
    assertThat(JpegHeaders.orientation(clean.file())).isEqualTo(1);
    assertThat(Files.readString(clean.file(), StandardCharsets.ISO_8859_1)).doesNotContain("Exif");
    assertThat(Samples.decoded(clean.file()).getWidth()).isEqualTo(made.facts().width());
    assertThat(corners(Samples.decoded(clean.file())))
        .isEqualTo(
            corners(Samples.decoded(made.of(Rendered.Kind.THUMB_LARGE).orElseThrow().file())));
  }
}
