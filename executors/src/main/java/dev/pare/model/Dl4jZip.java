package dev.pare.model;

import dev.pare.graph.Parameter;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UTFDataFormatException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;

/**
 * What a DL4J zip holds of a network: its configuration, and its parameters as {@code Nd4j.write}
 * has them. Nothing in it is deserialized, and it takes no more memory than its configuration says,
 * nor than a multiple of the file.
 *
 * @param configuration of its layers, which are a graph or a chain
 * @param parameters all of them, in DL4J's order
 */
record Dl4jZip(ComputationGraphConfiguration configuration, float[] parameters) {
  private static final String CONFIGURATION = "configuration.json";
  private static final String PARAMETERS = "coefficients.bin";

  /** State of the training, which the outputs do not depend on. */
  private static final String UPDATER = "updaterState.bin";

  private static final String NORMALIZER = "normalizer.bin";
  private static final String PREPROCESSOR = "preprocessor.bin";

  private static final int MOST_JSON_BYTES = 1 << 22;
  private static final int MOST_SHAPE_NUMBERS = 16;

  /** Weights hardly compress: what inflates to more than this times the file is no network. */
  private static final int MOST_INFLATION = 64;

  /** Networks of which most weights are zero do compress. */
  private static final int INFLATION_ALLOWANCE = 1 << 26;

  /** Bytes of the updater's state for each parameter: AMSGrad has three numbers. */
  private static final int MOST_UPDATER_BYTES = 3 * Double.BYTES;

  private static final int CHUNK = 1 << 16;

  /**
   * Reads a zip.
   *
   * @throws IllegalArgumentException naming the entry that is missing, damaged or not supported
   */
  static Dl4jZip read(byte[] file) {
    try {
      ComputationGraphConfiguration configuration = configuration(file);
      long count = 0;
      for (GraphVertex vertex : configuration.getVertices().values()) {
        // Of many layers, the sum may wrap to a few.
        count += Math.min(vertex.numParams(false), Parameter.MOST);
      }
      if (Float.BYTES * count > most(file)) {
        throw new IllegalArgumentException(
            "%s: %d parameters of the layers in a zip of %d bytes"
                .formatted(PARAMETERS, count, file.length));
      }
      return new Dl4jZip(configuration, parameters(file, count));
    } catch (IOException e) {
      throw new IllegalArgumentException("not a DL4J zip: " + e.getMessage(), e);
    }
  }

  /** Its parameters are counted before any are read, wherever in the zip they are. */
  private static ComputationGraphConfiguration configuration(byte[] file) throws IOException {
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(file))) {
      Inflated in = new Inflated(zip, most(file));
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (entry.getName().equals(CONFIGURATION)) {
          return network(json(in));
        }
        in.skipAll();
      }
    }
    throw missing(CONFIGURATION);
  }

  private static ComputationGraphConfiguration network(byte[] json) {
    try {
      return Dl4jJson.network(json);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(CONFIGURATION + ": " + e.getMessage(), e);
    }
  }

  private static float[] parameters(byte[] file, long count) throws IOException {
    float[] parameters = null;
    Set<String> names = new HashSet<>();
    List<ZipEntry> entries = new ArrayList<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(file))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        String name = entry.getName();
        if (!names.add(name)) {
          throw new IllegalArgumentException("two entries of the zip have one name");
        }
        switch (name) {
          case CONFIGURATION -> {
            // Is known.
          }
          case PARAMETERS ->
              parameters = parameters(new DataInputStream(new Inflated(zip, most(file))), count);
          case UPDATER ->
              checkUpdater(new Inflated(zip, MOST_UPDATER_BYTES * count + INFLATION_ALLOWANCE));
          case NORMALIZER ->
              throw new IllegalArgumentException(
                  NORMALIZER
                      + ": the network has a normalizer, which Pare does not apply; normalize the data,"
                      + " and save the network without it");
          case PREPROCESSOR ->
              throw new IllegalArgumentException(
                  PREPROCESSOR
                      + ": the network has a data preprocessor, which Pare does not apply; preprocess"
                      + " the data, and save the network without it");
          default ->
              throw new IllegalArgumentException(
                  "entries of the zip must be %s, %s and %s, not another: %s"
                      .formatted(CONFIGURATION, PARAMETERS, UPDATER, Dl4jJson.shown(name)));
        }
        zip.closeEntry();
        entries.add(entry);
      }
    }
    ZipDirectory.check(file, entries);
    if (parameters == null) {
      throw missing(PARAMETERS);
    }
    return parameters;
  }

  /** Nothing of it is used, but something else may go by its name. */
  private static void checkUpdater(Inflated in) throws IOException {
    DataInputStream data = new DataInputStream(in);
    try {
      if (isAllocation(data.readUTF()) && data.readLong() > 0 && data.readUTF().equals("LONG")) {
        in.skipAll();
        return;
      }
    } catch (EOFException | UTFDataFormatException e) {
      // No array is so short, or begins so.
    }
    throw new IllegalArgumentException(
        UPDATER + ": is no array of numbers, as the state of a training is");
  }

  private static boolean isAllocation(String text) {
    return text.equals("MIXED_DATA_TYPES") || text.equals("LONG_SHAPE");
  }

  private static IllegalArgumentException missing(String entry) {
    return new IllegalArgumentException("not a DL4J zip: it has no " + entry);
  }

  private static long most(byte[] file) {
    return (long) MOST_INFLATION * file.length + INFLATION_ALLOWANCE;
  }

  private static byte[] json(InputStream in) throws IOException {
    byte[] json = in.readNBytes(MOST_JSON_BYTES + 1);
    if (json.length > MOST_JSON_BYTES) {
      throw new IllegalArgumentException(
          CONFIGURATION + ": more than " + MOST_JSON_BYTES + " bytes");
    }
    return json;
  }

  /** A vector: a buffer of its shape, then one of its values. */
  private static float[] parameters(DataInputStream in, long expected) throws IOException {
    try {
      long shapeNumbers = length(in);
      if (!in.readUTF().equals("LONG") || shapeNumbers > MOST_SHAPE_NUMBERS || shapeNumbers < 1) {
        throw new IllegalArgumentException(PARAMETERS + ": its shape is not that of an array");
      }
      long[] shape = new long[(int) shapeNumbers];
      for (int i = 0; i < shape.length; i++) {
        shape[i] = in.readLong();
      }
      long count = length(in);
      String type = in.readUTF();
      if (!isVector(shape, count)) {
        throw new IllegalArgumentException(PARAMETERS + ": must be one vector");
      }
      if (count != expected) {
        throw new IllegalArgumentException(
            "%s: %d parameters, but the layers have %d".formatted(PARAMETERS, count, expected));
      }
      float[] values =
          switch (type) {
            case "FLOAT" -> floats(in, (int) count, Float.BYTES);
            case "DOUBLE" -> floats(in, (int) count, Double.BYTES);
            default ->
                throw new IllegalArgumentException(
                    PARAMETERS
                        + ": its numbers must be FLOAT or DOUBLE, not "
                        + Dl4jJson.shown(type));
          };
      if (in.read() >= 0) {
        throw new IllegalArgumentException(PARAMETERS + ": goes on after its last number");
      }
      return values;
    } catch (EOFException e) {
      throw new IllegalArgumentException(PARAMETERS + ": ends too early", e);
    }
  }

  private static long length(DataInputStream in) throws IOException {
    if (!isAllocation(in.readUTF())) {
      throw new IllegalArgumentException(
          PARAMETERS
              + ": not as DL4J 1.0 writes it; read and save the network with DL4J 1.0.0-M2.1");
    }
    return in.readLong();
  }

  /** Rank, sides, strides, and three more numbers; of all sides one at most is not 1. */
  private static boolean isVector(long[] shape, long count) {
    long rank = shape[0];
    if (rank < 1 || rank > 4 || shape.length != 2 * rank + 4) {
      return false;
    }
    if (count < 1 || count > Parameter.MOST) {
      return false;
    }
    int wide = 0;
    for (int i = 1; i <= rank; i++) {
      if (shape[i] == count && count > 1) {
        wide++;
        if (shape[(int) rank + i] != 1) {
          return false;
        }
      } else if (shape[i] != 1) {
        return false;
      }
    }
    return count == 1 || wide == 1;
  }

  /** Makes room as numbers come, not as they are promised. */
  private static float[] floats(InputStream in, int count, int width) throws IOException {
    float[] values = new float[Math.min(count, CHUNK)];
    int read = 0;
    while (read < count) {
      byte[] bytes = in.readNBytes(Math.min(count - read, CHUNK) * width);
      ByteBuffer numbers = ByteBuffer.wrap(bytes);
      if (bytes.length < Math.min(count - read, CHUNK) * width) {
        throw new EOFException();
      }
      if (read == values.length) {
        values = Arrays.copyOf(values, (int) Math.min(count, 2L * read));
      }
      int end = read + bytes.length / width;
      while (read < end) {
        values[read++] = width == Float.BYTES ? numbers.getFloat() : (float) numbers.getDouble();
      }
    }
    return values;
  }

  /** The entries' bytes, of which there may not be more than a limit. */
  private static final class Inflated extends FilterInputStream {
    private long left;

    Inflated(InputStream in, long most) {
      super(in);
      this.left = most;
    }

    @Override
    public int read() throws IOException {
      int next = super.read();
      count(next < 0 ? 0 : 1);
      return next;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int count = super.read(target, offset, length);
      count(Math.max(count, 0));
      return count;
    }

    void skipAll() throws IOException {
      byte[] chunk = new byte[CHUNK];
      while (read(chunk, 0, chunk.length) >= 0) {
        // Counts what goes by.
      }
    }

    private void count(int bytes) {
      left -= bytes;
      if (left < 0) {
        throw new IllegalArgumentException(
            "not a DL4J zip: an entry inflates to more than weights can");
      }
    }
  }
}
