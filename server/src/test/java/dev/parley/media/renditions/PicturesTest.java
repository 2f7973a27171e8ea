package dev.parley.media.renditions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PicturesTest extends RenditionsFixture {

  /// With the fast decoder, where it is installed, and without it.
  private List<Renditions> both() {
    var both = new ArrayList<>(List.of(renditions(Programs.none())));
    if (Samples.installed(Program.DJPEG)) {
      both.add(renditions());
    }
    return both;
  }

  private Rendered rendition(Renditions.Made made, Rendered.Kind kind) {
    assertThat(made.causes()).isEmpty();
    return made.of(kind).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "1, red green blue white, 1600, 1200",
    "2, green red white blue, 1600, 1200",
    "3, white blue green red, 1600, 1200",
    "4, blue white red green, 1600, 1200",
    "5, red blue green white, 1200, 1600",
    "6, blue red white green, 1200, 1600",
    "7, white green blue red, 1200, 1600",
    "8, green white red blue, 1200, 1600"
  })
  void aPictureIsTurnedAsExifSays(int orientation, String corners, int width, int height)
      throws IOException {
    ByteOrder order = orientation % 2 == 0 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    Path file = file("a", Samples.with(Samples.jpeg(1600, 1200), Samples.exif(orientation, order)));
    for (Renditions renditions : both()) {
      Renditions.Made made = renditions.make(file, "image/jpeg", into());
      assertThat(made.facts().width()).isEqualTo(width);
      assertThat(made.facts().height()).isEqualTo(height);
      for (var kind : List.of(Rendered.Kind.THUMB_SMALL, Rendered.Kind.THUMB_LARGE)) {
        Rendered thumb = rendition(made, kind);
        int edge = kind == Rendered.Kind.THUMB_SMALL ? 320 : 1280;
        BufferedImage image = Samples.decoded(thumb.file());
        assertThat(image.getWidth()).isEqualTo(width > height ? edge : edge * 3 / 4);
        assertThat(image.getHeight()).isEqualTo(width > height ? edge * 3 / 4 : edge);
        assertThat(thumb.width()).isEqualTo(image.getWidth());
        assertThat(thumb.height()).isEqualTo(image.getHeight());
        assertThat(corners(image)).isEqualTo(List.of(corners.split(" ")));
        assertThat(Files.readString(thumb.file(), StandardCharsets.ISO_8859_1))
            .doesNotContain("Exif", "SecretCam");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 6, 8})
  void theCleanCopySaysTheOrientationAndNothingElse(int orientation) throws IOException {
    byte[] plain = Samples.jpeg(400, 300);
    byte[] tail = "a film with a place in it".getBytes(StandardCharsets.US_ASCII);
    var dirty = new ByteArrayOutputStream();
    dirty.writeBytes(
        Samples.with(
            plain,
            Samples.exif(orientation, ByteOrder.BIG_ENDIAN),
            Samples.segment(0xE1, "http://ns.adobe.com/xap/1.0/\0<secret xmp/>"),
            Samples.linearProfile(),
            Samples.segment(0xE2, "MPF\0secret"),
            Samples.segment(0xED, "Photoshop 3.0\0secret"),
            Samples.segment(0xFE, "secret comment")));
    dirty.writeBytes(tail);
    Path file = file("a.jpg", dirty.toByteArray());
    Rendered clean = rendition(make(file, "image/jpeg"), Rendered.Kind.CLEAN);
    String text = Files.readString(clean.file(), StandardCharsets.ISO_8859_1);
    assertThat(text)
        .doesNotContain("secret", "SecretCam", "film", "MPF", "xap")
        .contains("ICC_PROFILE");
    assertThat(text.contains("Exif")).isEqualTo(orientation != 1);
    assertThat(JpegHeaders.orientation(clean.file())).isEqualTo(orientation);
    assertThat(pixels(Samples.decoded(clean.file()))).isEqualTo(pixels(Samples.decoded(file)));
    // What is clean has no clean copy.
    Path again = Files.copy(clean.file(), folder.resolve("again.jpg"));
    assertThat(make(again, "image/jpeg").of(Rendered.Kind.CLEAN)).isEmpty();
  }

  private static int[] pixels(BufferedImage image) {
    return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
  }

  @Test
  void aPngLosesItsTextsAndKeepsItsPixels() throws IOException {
    BufferedImage image = Samples.quarters(60, 40, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0x00ffffff);
    byte[] png = Samples.encoded(image, "png");
    byte[] dirty = png;
    for (String type : List.of("tEXt", "iTXt", "zTXt", "eXIf", "tIME", "prVt")) {
      dirty = Samples.withChunk(dirty, type, "secret");
    }
    Renditions.Made made = make(file("a.png", dirty), "image/png");
    Rendered clean = rendition(made, Rendered.Kind.CLEAN);
    assertThat(Files.readAllBytes(clean.file())).isEqualTo(png);
    assertThat(make(file("b.png", png), "image/png").of(Rendered.Kind.CLEAN)).isEmpty();
  }

  @Test
  void whatShinesThroughBecomesPngAndWhatDoesNotJpeg() throws IOException {
    BufferedImage image = Samples.quarters(600, 400, BufferedImage.TYPE_INT_ARGB);
    byte[] opaque = Samples.encoded(image, "png");
    image.setRGB(300, 200, 0x10ff0000);
    image.setRGB(301, 200, 0x10ff0000);
    byte[] clear = Samples.encoded(image, "png");
    Rendered jpeg = rendition(make(file("a", opaque), "image/png"), Rendered.Kind.THUMB_SMALL);
    assertThat(jpeg.contentType()).isEqualTo("image/jpeg");
    assertThat(corners(Samples.decoded(jpeg.file())))
        .containsExactly("red", "green", "blue", "white");
    Rendered png = rendition(make(file("b", clear), "image/png"), Rendered.Kind.THUMB_LARGE);
    assertThat(png.contentType()).isEqualTo("image/png");
    assertThat(Samples.decoded(png.file()).getColorModel().hasAlpha()).isTrue();
  }

  @Test
  void nothingIsMadeLarger() throws IOException {
    Renditions.Made made = make(file("a", Samples.jpeg(50, 20)), "image/jpeg");
    assertThat(made.made())
        .extracting(Rendered::kind, Rendered::width, Rendered::height)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(Rendered.Kind.THUMB_LARGE, 50, 20),
            org.assertj.core.groups.Tuple.tuple(Rendered.Kind.THUMB_SMALL, 50, 20));
  }

  @Test
  void greyStaysAsBrightAsItWas() throws IOException {
    var grey = new BufferedImage(900, 600, BufferedImage.TYPE_BYTE_GRAY);
    int[] row = new int[900];
    Arrays.fill(row, 128);
    for (int y = 0; y < 600; y++) {
      grey.getRaster().setPixels(0, y, 900, 1, row);
    }
    for (Path file :
        List.of(
            file("a.jpg", Samples.encoded(grey, "jpeg")),
            file("a.png", Samples.encoded(grey, "png")),
            file("b.png", Samples.encoded(Samples.wideGrey(900, 600), "png")))) {
      for (Renditions renditions : both()) {
        Renditions.Made made = renditions.make(file, "image/any", into());
        Rendered thumb = rendition(made, Rendered.Kind.THUMB_SMALL);
        var colour = new Color(Samples.decoded(thumb.file()).getRGB(100, 100));
        assertThat(colour.getRed()).as(file.toString()).isBetween(125, 131);
        assertThat(colour.getBlue()).isBetween(125, 131);
      }
    }
  }

  @Test
  void printColoursBecomeScreenColours() throws IOException {
    Path file = file("a", Samples.cmyk(500, 400));
    Rendered thumb = rendition(make(file, "image/jpeg"), Rendered.Kind.THUMB_SMALL);
    var colour = new Color(Samples.decoded(thumb.file()).getRGB(100, 100));
    assertThat(colour.getRed()).isLessThan(100);
    assertThat(colour.getGreen()).isGreaterThan(120);
    assertThat(colour.getBlue()).isGreaterThan(180);
  }

  @Test
  void coloursOfAnotherProfileAreConverted() throws IOException {
    var image = new BufferedImage(400, 300, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 400 * 300; i++) {
      image.setRGB(i % 400, i / 400, 0x404040);
    }
    byte[] jpeg = Samples.with(Samples.encoded(image, "jpeg"), Samples.linearProfile());
    Path file = file("a", jpeg);
    for (Renditions renditions : both()) {
      Renditions.Made made = renditions.make(file, "image/jpeg", into());
      Rendered thumb = rendition(made, Rendered.Kind.THUMB_SMALL);
      // A quarter of the light is about 137 of 255 in sRGB.
      assertThat(new Color(Samples.decoded(thumb.file()).getRGB(100, 100)).getGreen())
          .isBetween(132, 142);
    }
  }

  @Test
  void movingGifsAreKnownAndHaveAStillThumbnail() throws IOException {
    Renditions.Made moving = make(file("a", Samples.gif(5)), "image/gif");
    assertThat(moving.facts().animated()).isTrue();
    assertThat(moving.facts().width()).isEqualTo(40);
    assertThat(moving.facts().height()).isEqualTo(30);
    assertThat(rendition(moving, Rendered.Kind.THUMB_SMALL).size()).isPositive();
    assertThat(make(file("b", Samples.gif(1)), "image/gif").facts().animated()).isFalse();
  }

  @Test
  void webpIsRead() throws IOException {
    assumeTrue(Samples.installed(Program.FFMPEG), "ffmpeg makes the sample");
    Path png = file("a.png", Samples.encoded(Samples.quarters(800, 600, 1), "png"));
    for (String lossless : List.of("0", "1")) {
      Path webp =
          Samples.made(
              folder.resolve(lossless + ".webp"),
              "ffmpeg",
              "-v",
              "error",
              "-y",
              "-i",
              png.toString(),
              "-lossless",
              lossless);
      Renditions.Made made = make(webp, "image/webp");
      assertThat(made.facts().width()).isEqualTo(800);
      assertThat(made.facts().animated()).isFalse();
      assertThat(corners(Samples.decoded(rendition(made, Rendered.Kind.THUMB_SMALL).file())))
          .containsExactly("red", "green", "blue", "white");
    }
  }

  @Test
  void aWebpLosesItsMetadataAndKeepsItsPixels() throws IOException {
    assumeTrue(Samples.installed(Program.FFMPEG), "ffmpeg makes the sample");
    Path png = file("a.png", Samples.encoded(Samples.quarters(80, 60, 1), "png"));
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
    byte[] picture = Arrays.copyOfRange(Files.readAllBytes(webp), 12, (int) Files.size(webp));
    // The extended header announces EXIF and XMP.
    byte[] extended = riff("VP8X", new byte[] {0x0c, 0, 0, 0, 79, 0, 0, 59, 0, 0});
    byte[] dirty =
        riff(
            "RIFF",
            joined(
                "WEBP".getBytes(StandardCharsets.US_ASCII),
                extended,
                picture,
                riff("EXIF", "secret".getBytes(StandardCharsets.US_ASCII)),
                riff("XMP ", "secrets".getBytes(StandardCharsets.US_ASCII))));
    Renditions.Made made = make(file("dirty.webp", dirty), "image/webp");
    byte[] clean = Files.readAllBytes(rendition(made, Rendered.Kind.CLEAN).file());
    extended[8] = 0;
    assertThat(clean)
        .isEqualTo(
            riff("RIFF", joined("WEBP".getBytes(StandardCharsets.US_ASCII), extended, picture)));
    assertThat(make(file("clean.webp", clean), "image/webp").facts().width()).isEqualTo(80);
  }

  private static byte[] riff(String type, byte[] body) {
    return ByteBuffer.allocate(8 + body.length + body.length % 2)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(type.getBytes(StandardCharsets.US_ASCII))
        .putInt(body.length)
        .put(body)
        .array();
  }

  private static byte[] joined(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  @Test
  void movingWebpIsKnownAndHasAStillThumbnail() throws IOException {
    assumeTrue(Samples.installed(Program.FFMPEG), "ffmpeg makes the sample");
    Path webp =
        Samples.made(
            folder.resolve("moving.webp"),
            "ffmpeg",
            "-v",
            "error",
            "-y",
            "-f",
            "lavfi",
            "-i",
            "testsrc=size=320x240:rate=5:duration=1",
            "-c:v",
            "libwebp_anim");
    Renditions.Made made = make(webp, "image/webp");
    assertThat(made.facts().animated()).isTrue();
    assertThat(made.facts().width()).isEqualTo(320);
    assertThat(rendition(made, Rendered.Kind.THUMB_SMALL).width()).isEqualTo(320);
  }

  @Test
  void heicIsReadWhereItsDecoderIs() throws IOException {
    assumeTrue(Samples.installed(Program.HEIF_CONVERT), "heif-convert is not installed");
    assumeTrue(Samples.installed("heif-enc"), "heif-enc makes the sample");
    Path png = file("a.png", Samples.encoded(Samples.quarters(800, 600, 1), "png"));
    Path heic = Samples.made(folder.resolve("a.heic"), "heif-enc", png.toString(), "-o");
    Renditions.Made made = make(heic, "image/heic");
    assertThat(made.facts().width()).isEqualTo(800);
    assertThat(corners(Samples.decoded(rendition(made, Rendered.Kind.THUMB_LARGE).file())))
        .containsExactly("red", "green", "blue", "white");
    Renditions.Made without = renditions(Programs.none()).make(heic, "image/heic", into());
    assertThat(without.made()).isEmpty();
    assertThat(without.causes()).containsExactly("heif-convert is not installed");
  }
}
