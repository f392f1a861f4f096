package dev.pare.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Reads a PNG or JPEG image as planes of unsigned bytes: 8 bits of red, green and blue, or the
 * luminance 0.299 R + 0.587 G + 0.114 B, rounded. Of 16 bits the higher 8 count. Transparency,
 * colour profiles and orientations in metadata are passed over.
 *
 * <p>Images of another size are resampled to it, whatever their proportions, first along the width
 * and then along the height: a new pixel is the mean of those around its place, weighted by a
 * triangle as wide on either side as the distance of new pixels, at least that of the old ones
 * (bilinear interpolation; Pillow's {@code BILINEAR}). Each time it is rounded.
 */
final class ImageFile {
  private static final long MOST_PIXELS = 1 << 26;

  /** No coding makes more of a byte: 1,032 bytes of deflated ones, of 8 pixels each. */
  private static final long MOST_PIXELS_A_BYTE = 1 << 13;

  private static final long PNG = 0x89504E47_0D0A1A0AL;
  private static final int PNG_HEADER = 8;

  /** A chunk's length and type before its content, and its checksum behind. */
  private static final int CHUNK_FRAME = 12;

  private static final int JPEG = 0xFFD8;
  private static final int APP0 = 0xE0;
  private static final int APP14 = 0xEE;
  private static final int APP15 = 0xEF;
  private static final int COMMENT = 0xFE;
  private static final int RESTART = 0xD0;
  private static final int LAST_RESTART = 0xD7;
  private static final int END_OF_IMAGE = 0xD9;
  private static final int START_OF_SCAN = 0xDA;

  /** Each takes a pass over all of the image; progressive ones have about ten. */
  private static final int MOST_SCANS = 100;

  /** Markers of what says how many components an image has, three others being among them. */
  private static final int FRAME = 0xC0;

  private static final int LAST_FRAME = 0xCF;
  private static final Set<Integer> NO_FRAMES = Set.of(0xC4, 0xC8, 0xCC);

  /** Where that number is in it. */
  private static final int COMPONENTS = 9;

  /** Of each its number, how it is sampled, and its table. */
  private static final int COMPONENT = 3;

  private static final int RGB = 3;

  /** Behind a marker and a length. */
  private static final int SEGMENT_NAME = 4;

  /**
   * Says that components are luminance and two of chrominance. Where no segment says so, and their
   * numbers are not the usual ones, Java takes them for red, green and blue if they are sampled
   * alike; libjpeg, and with it all else, does not.
   */
  private static final byte[] JFIF = {
    (byte) 0xFF, (byte) APP0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0
  };

  /** Bytes between segments of which nothing is decoded, as some cameras write them. */
  private static final Pattern HARMLESS = Pattern.compile("extraneous bytes before marker");

  private ImageFile() {}

  /**
   * Reads an image.
   *
   * @param file for messages
   * @param content all of it
   * @param shape 1 or 3 channels, and the size to bring it to
   * @param target for its values, channel-major
   * @return what its values follow from beside its bytes; empty of most
   */
  static String read(SourceFile file, byte[] content, ExampleShape shape, byte[] target) {
    byte[] plain = plain(file, content);
    BufferedImage image = decoded(file, plain);
    int width = image.getWidth();
    int height = image.getHeight();
    byte[][] planes = planes(image, shape.channels());
    Resampling across = new Resampling(width, shape.width());
    Resampling down = new Resampling(height, shape.height());
    for (int channel = 0; channel < planes.length; channel++) {
      byte[] narrow = across.rows(planes[channel], height);
      byte[] small = transposed(narrow, height, shape.width());
      small = down.rows(small, shape.width());
      small = transposed(small, shape.width(), shape.height());
      int plane = shape.height() * shape.width();
      System.arraycopy(small, 0, target, channel * plane, plane);
    }
    // Java took these for red, green and blue before, and rounded those: products of that time must
    // not be used again.
    return isMarked(plain, content)
        ? "luminance and chrominance"
        : isDeep(image) ? "high bytes of colours" : "";
  }

  /** Whether {@link #JFIF} was added. */
  private static boolean isMarked(byte[] plain, byte[] content) {
    int end = 2 + JFIF.length;
    return plain.length >= end
        && content.length >= end
        && Arrays.equals(plain, 2, end, JFIF, 0, JFIF.length)
        && !Arrays.equals(content, 2, end, JFIF, 0, JFIF.length);
  }

  private static byte[] transposed(byte[] plane, int rows, int columns) {
    byte[] transposed = new byte[plane.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        transposed[column * rows + row] = plane[row * columns + column];
      }
    }
    return transposed;
  }

  /** What a decoder needs of an image. */
  private static byte[] plain(SourceFile file, byte[] content) {
    boolean png = isPng(content);
    boolean jpeg = content.length >= 2 && (ByteBuffer.wrap(content).getShort() & 0xFFFF) == JPEG;
    if (!png && !jpeg) {
      throw file.malformed(0, "is neither a PNG nor a JPEG image");
    }
    return png ? plainPng(file, content) : plainJpeg(file, content);
  }

  private static boolean isPng(byte[] content) {
    return content.length >= PNG_HEADER && ByteBuffer.wrap(content).getLong() == PNG;
  }

  private static BufferedImage decoded(SourceFile file, byte[] plain) {
    ImageReader reader = ImageIO.getImageReadersByFormatName(isPng(plain) ? "png" : "jpeg").next();
    // Of damaged JPEGs it makes something, and only warns.
    List<String> warnings = new ArrayList<>();
    reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(plain))) {
      reader.setInput(in, true, true);
      long width = reader.getWidth(0);
      long height = reader.getHeight(0);
      long most = Math.min(MOST_PIXELS, MOST_PIXELS_A_BYTE * plain.length);
      if (width * height > most) {
        throw file.malformed(
            0,
            ("an image of %d×%d pixels: at most %d in %d bytes")
                .formatted(width, height, most, plain.length));
      }
      BufferedImage image = reader.read(0);
      for (String warning : warnings) {
        if (!HARMLESS.matcher(warning).find()) {
          throw file.malformed(0, "the image is damaged: " + warning);
        }
      }
      return image;
    } catch (DataException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // All of the file is in memory: no storage fails here. Decoders have many ways to complain.
      throw new MalformedDataException(
          file.name(), 0, "the image is damaged or of an unknown kind: " + e.getMessage(), e);
    } finally {
      reader.dispose();
    }
  }

  /** Only the chunks that pixels need, after their checksums were compared. */
  private static byte[] plainPng(SourceFile file, byte[] content) {
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    plain.write(content, 0, PNG_HEADER);
    ByteBuffer buffer = ByteBuffer.wrap(content);
    int at = PNG_HEADER;
    String type = "";
    while (!type.equals("IEND")) {
      int left = content.length - at - CHUNK_FRAME;
      if (left < 0 || buffer.getInt(at) < 0 || buffer.getInt(at) > left) {
        throw file.malformed(at, "a chunk goes on beyond the end of the file");
      }
      int length = buffer.getInt(at);
      type = new String(content, at + 4, 4, ISO_8859_1);
      CRC32 checksum = new CRC32();
      checksum.update(content, at + 4, length + 4);
      if (buffer.getInt(at + 8 + length) != (int) checksum.getValue()) {
        throw file.malformed(at, "the checksum of a chunk is not that of its bytes");
      }
      switch (type) {
        case "IHDR", "PLTE", "IDAT", "IEND" -> plain.write(content, at, length + CHUNK_FRAME);
        default -> {
          // Whatever else there is changes no sample.
        }
      }
      at += length + CHUNK_FRAME;
    }
    return plain.toByteArray();
  }

  /** Without segments that applications add, but those that say what the components are. */
  private static byte[] plainJpeg(SourceFile file, byte[] content) {
    ByteArrayOutputStream segments = new ByteArrayOutputStream();
    boolean told = false;
    boolean numbered = false;
    int at = 2;
    while (true) {
      if (at + 4 > content.length || content[at] != (byte) 0xFF) {
        throw file.malformed(at, "a segment does not begin, or the file ends before the image");
      }
      int marker = content[at + 1] & 0xFF;
      if (marker == START_OF_SCAN) {
        checkScans(file, content, at);
        segments.write(content, at, content.length - at);
        return marked(segments.toByteArray(), told || !numbered ? new byte[0] : JFIF);
      }
      int length = 2 + ((content[at + 2] & 0xFF) << 8 | content[at + 3] & 0xFF);
      if (length < 4 || length > content.length - at) {
        throw file.malformed(at, "a segment goes on beyond the end of the file");
      }
      boolean frame = marker >= FRAME && marker <= LAST_FRAME && !NO_FRAMES.contains(marker);
      int colours = frame && length > COMPONENTS ? content[at + COMPONENTS] & 0xFF : 0;
      if (colours > RGB) {
        throw file.malformed(at, "has " + colours + " colours, as CMYK; must be grey or RGB");
      }
      told |= tellsColours(content, at, marker);
      numbered |= colours == RGB && !isUsual(content, at);
      boolean added = marker > APP0 && marker <= APP15 && marker != APP14 || marker == COMMENT;
      if (!added) {
        segments.write(content, at, length);
      }
      at += length;
    }
  }

  /** A file of segments, one of its own before them. */
  private static byte[] marked(byte[] segments, byte[] first) {
    ByteBuffer file = ByteBuffer.allocate(2 + first.length + segments.length);
    return file.putShort((short) JPEG).put(first).put(segments).array();
  }

  /** Whether a segment says what components mean. */
  private static boolean tellsColours(byte[] content, int at, int marker) {
    String name = marker == APP0 ? "JFIF\0" : marker == APP14 ? "Adobe" : "";
    return !name.isEmpty()
        && at + SEGMENT_NAME + name.length() <= content.length
        && new String(content, at + SEGMENT_NAME, name.length(), ISO_8859_1).equals(name);
  }

  /** Whether a frame's components have numbers by which Java, too, knows what they are. */
  private static boolean isUsual(byte[] content, int at) {
    int first = at + COMPONENTS + 1;
    int last = first + 2 * COMPONENT;
    if (last >= content.length) {
      return true;
    }
    byte[] numbers = {content[first], content[first + COMPONENT], content[last]};
    return Arrays.equals(numbers, new byte[] {1, 2, 3})
        || Arrays.equals(numbers, new byte[] {'R', 'G', 'B'});
  }

  /** Looks at markers up to the image's end; what may follow it is nobody's. */
  private static void checkScans(SourceFile file, byte[] content, int from) {
    int scans = 0;
    for (int at = from; at < content.length - 3; at++) {
      int marker = content[at + 1] & 0xFF;
      // Within coded pixels 0xFF is followed by 0, by a restart, or by another one that fills.
      boolean coded = marker == 0 || marker >= RESTART && marker <= LAST_RESTART || marker == 0xFF;
      if (content[at] != (byte) 0xFF || coded) {
        continue;
      }
      if (marker == END_OF_IMAGE) {
        return;
      }
      if (marker == START_OF_SCAN && ++scans > MOST_SCANS) {
        throw file.malformed(at, "has more than " + MOST_SCANS + " scans");
      }
      at += 1 + Math.max(2, (content[at + 2] & 0xFF) << 8 | content[at + 3] & 0xFF);
    }
  }

  /** Whether an image has colours of more than 8 bits. */
  private static boolean isDeep(BufferedImage image) {
    ColorModel colours = image.getColorModel();
    return colours.getNumColorComponents() == RGB
        && !(colours instanceof IndexColorModel)
        && colours.getComponentSize(0) > Byte.SIZE;
  }

  private static byte[][] planes(BufferedImage image, int channels) {
    int width = image.getWidth();
    int height = image.getHeight();
    byte[][] planes = new byte[channels][Math.multiplyExact(width, height)];
    Raster raster = image.getRaster();
    boolean grey = image.getColorModel().getNumColorComponents() == 1;
    int shift = Math.max(0, image.getColorModel().getComponentSize(0) - Byte.SIZE);
    boolean deep = isDeep(image);
    int[] row = new int[width];
    for (int y = 0; y < height; y++) {
      if (grey) {
        // As Java takes samples of grey for linear light, getRGB would change them.
        raster.getSamples(0, y, width, 1, 0, row);
      } else if (deep) {
        highBytes(raster, y, row);
      } else {
        image.getRGB(0, y, width, 1, row, 0, width);
      }
      for (int x = 0; x < width; x++) {
        int at = y * width + x;
        int red = grey ? row[x] >> shift : row[x] >> 16 & 0xFF;
        int green = grey ? red : row[x] >> 8 & 0xFF;
        int blue = grey ? red : row[x] & 0xFF;
        if (channels == 1) {
          planes[0][at] = (byte) ((299 * red + 587 * green + 114 * blue + 500) / 1000);
        } else {
          planes[0][at] = (byte) red;
          planes[1][at] = (byte) green;
          planes[2][at] = (byte) blue;
        }
      }
    }
    return planes;
  }

  /** Of colours of 16 bits the higher 8, as Pillow has them; getRGB would round. */
  private static void highBytes(Raster raster, int y, int[] row) {
    int[] samples = raster.getPixels(0, y, row.length, 1, (int[]) null);
    int bands = raster.getNumBands();
    for (int x = 0; x < row.length; x++) {
      int at = x * bands;
      row[x] = samples[at] >> 8 << 16 | samples[at + 1] >> 8 << 8 | samples[at + 2] >> 8;
    }
  }

  /** Rows of one length brought to another. */
  private static final class Resampling {
    private final int from;
    private final int to;
    private final int[] starts;
    private final double[][] weights;

    Resampling(int from, int to) {
      this.from = from;
      this.to = to;
      this.starts = new int[to];
      this.weights = new double[to][];
      double scale = (double) from / to;
      double support = Math.max(1, scale);
      for (int i = 0; i < to; i++) {
        double centre = (i + 0.5) * scale;
        int start = Math.max(0, (int) (centre - support + 0.5));
        int end = Math.min(from, (int) (centre + support + 0.5));
        double[] row = new double[end - start];
        Arrays.setAll(row, j -> Math.max(0, 1 - Math.abs((start + j + 0.5 - centre) / support)));
        double sum = Arrays.stream(row).sum();
        Arrays.setAll(row, j -> row[j] / sum);
        starts[i] = start;
        weights[i] = row;
      }
    }

    byte[] rows(byte[] plane, int count) {
      if (from == to) {
        return plane;
      }
      byte[] resampled = new byte[Math.multiplyExact(count, to)];
      for (int row = 0; row < count; row++) {
        for (int i = 0; i < to; i++) {
          double sum = 0.5;
          int at = row * from + starts[i];
          for (double weight : weights[i]) {
            sum += weight * (plane[at++] & 0xFF);
          }
          resampled[row * to + i] = (byte) Math.min(255, (int) sum);
        }
      }
      return resampled;
    }
  }
}
