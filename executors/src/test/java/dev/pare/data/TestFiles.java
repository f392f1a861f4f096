package dev.pare.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;

/** Files for tests, made byte by byte. */
final class TestFiles {
  static final Configuration HADOOP = new Configuration();
  static final CsvLayout PLAIN_CSV = new CsvLayout(CsvLayout.Header.ABSENT, -1, ',');

  private TestFiles() {}

  /** An IDX file of bytes. */
  static byte[] idx(int[] dimensions, byte[] values) {
    return idx(0x08, dimensions, values);
  }

  /** An IDX file; {@code values} as they are stored. */
  static byte[] idx(int type, int[] dimensions, byte[] values) {
    ByteBuffer file = ByteBuffer.allocate(4 + 4 * dimensions.length + values.length);
    file.put((byte) 0).put((byte) 0).put((byte) type).put((byte) dimensions.length);
    for (int dimension : dimensions) {
      file.putInt(dimension);
    }
    return file.put(values).array();
  }

  static byte[] gzip(byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static String write(Path folder, String name, byte[] content) {
    try {
      return Files.write(folder.resolve(name), content).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String write(Path folder, String name, String content) {
    return write(folder, name, content.getBytes(UTF_8));
  }

  /** Settings that read the same files for training and test. */
  static DataSettings idxSettings(String features, String labels, int validation) {
    DataSettings.Files files = new DataSettings.Files(features, labels);
    return new DataSettings("idx", files, files, PLAIN_CSV, null, validation, 7, null);
  }

  /** Settings that read the same file for training and test. */
  static DataSettings csvSettings(String features, CsvLayout layout) {
    DataSettings.Files files = new DataSettings.Files(features, null);
    return new DataSettings("csv", files, files, layout, null, 1, 7, null);
  }

  /** The features of an example; where they are bytes, these must be the same. */
  static float[] features(Examples examples, int index) {
    float[] features = new float[examples.features()];
    examples.copyFeatures(index, features, 0);
    if (examples.areBytes()) {
      byte[] bytes = new byte[features.length + 3];
      examples.copyBytes(index, bytes, 2);
      assertThat(bytes[0] + bytes[1] + bytes[features.length + 2]).isZero();
      for (int i = 0; i < features.length; i++) {
        assertThat((float) Byte.toUnsignedInt(bytes[2 + i])).isEqualTo(features[i]);
      }
    }
    return features;
  }

  /** What is said by Pare's classes while something is read, each behind its level. */
  static List<String> warnings(Runnable read) {
    List<String> warnings = new ArrayList<>();
    AbstractAppender taken =
        new AbstractAppender("taken", null, null, true, Property.EMPTY_ARRAY) {
          @Override
          public void append(LogEvent event) {
            warnings.add(event.getLevel() + " " + event.getMessage().getFormattedMessage());
          }
        };
    taken.start();
    Logger root = (Logger) LogManager.getLogger("dev.pare.data");
    root.addAppender(taken);
    try {
      read.run();
    } finally {
      root.removeAppender(taken);
    }
    return warnings;
  }
}
