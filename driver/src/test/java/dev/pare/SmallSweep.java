package dev.pare;

import dev.pare.spec.SweepSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** A sweep of seconds over the images of the quickstart, and what it leaves. */
public final class SmallSweep {
  /** The project's own folder. */
  public static final Path ROOT = Path.of(System.getProperty("pare.root"));

  private static final String IMAGES =
      """
      data-dir = "%s"
      data {
        train { features = ${data-dir}/train-images-idx3-ubyte.gz, labels = ${data-dir}/train-labels-idx1-ubyte.gz }
        test { features = ${data-dir}/t10k-images-idx3-ubyte.gz, labels = ${data-dir}/t10k-labels-idx1-ubyte.gz }
        validation = 2000
      }
      """
          .formatted(ROOT.resolve("conf/quickstart"));
  private static final String TEACHER =
      "teacher { architecture = mlp, widths = [32], epochs = 2, batch = 64, learning-rate = 0.003 }";
  private static final String STUDENTS =
      """
      space { sparsity = [0.5, 0.9], bits = [2, 4] }
      student { epochs = 1, quantize.epochs = 1 }
      """;

  private SmallSweep() {}

  /** The specification, with some keys set otherwise. */
  public static SweepSpec spec(Path out, String... overrides) {
    return SweepSpec.load(conf(out).toString(), List.of(overrides));
  }

  /** One with another teacher. */
  public static SweepSpec withTeacher(String teacher, Path out, String... overrides) {
    return SweepSpec.load(conf(out, IMAGES, teacher).toString(), List.of(overrides));
  }

  /** One with other data and another teacher. */
  public static SweepSpec withData(String data, String teacher, Path out, String... overrides) {
    return SweepSpec.load(conf(out, data, teacher).toString(), List.of(overrides));
  }

  /** Data of the first images alone, a fifth of those for training as validation examples. */
  static String someImages(Path folder, int training, int test) throws IOException {
    for (String name : List.of("train-images-idx3", "train-labels-idx1")) {
      first(name + "-ubyte", training, folder);
    }
    for (String name : List.of("t10k-images-idx3", "t10k-labels-idx1")) {
      first(name + "-ubyte", test, folder);
    }
    return IMAGES
        .replaceFirst("data-dir = .*", "data-dir = \"" + folder + "\"")
        .replace("-ubyte.gz", "-ubyte")
        .replace("validation = 2000", "validation = " + training / 5);
  }

  /** Writes the first records of an IDX file, whose count stands behind its magic number. */
  private static void first(String name, int count, Path folder) throws IOException {
    Path all = ROOT.resolve("conf/quickstart/" + name + ".gz");
    byte[] bytes;
    try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(all))) {
      bytes = in.readAllBytes();
    }
    ByteBuffer header = ByteBuffer.wrap(bytes);
    int rank = bytes[3];
    int start = 4 + 4 * rank;
    int size = (bytes.length - start) / header.getInt(4);
    header.putInt(4, count);
    Files.write(folder.resolve(name), Arrays.copyOf(bytes, start + count * size));
  }

  /** The configuration's file, beside the results. */
  public static Path conf(Path out) {
    return conf(out, IMAGES, TEACHER);
  }

  private static Path conf(Path out, String data, String teacher) {
    String text = "sweep.out = \"file://" + out + "\"\n" + data + teacher + "\n" + STUDENTS;
    try {
      Files.createDirectories(out.getParent());
      return Files.writeString(out.resolveSibling(out.getFileName() + ".conf"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What two equal sweeps must have alike: the frontier and its files, by their names. */
  public static Map<String, List<Byte>> bytes(Path out) throws IOException {
    Map<String, List<Byte>> bytes = new TreeMap<>();
    for (Path file : files(out)) {
      bytes.put(out.relativize(file).toString(), boxed(Files.readAllBytes(file)));
    }
    return bytes;
  }

  private static List<Path> files(Path out) throws IOException {
    List<Path> files = new ArrayList<>(best(out));
    files.add(out.resolve("frontier.csv"));
    files.add(out.resolve("frontier.json"));
    files.add(out.resolve("frontier.svg"));
    return files;
  }

  /** The frontier's files. */
  public static List<Path> best(Path out) throws IOException {
    try (Stream<Path> best = Files.list(out.resolve("best"))) {
      return best.filter(file -> file.toString().endsWith(".pare")).sorted().toList();
    }
  }

  private static List<Byte> boxed(byte[] bytes) {
    Byte[] boxed = new Byte[bytes.length];
    Arrays.setAll(boxed, i -> bytes[i]);
    return Collections.unmodifiableList(Arrays.asList(boxed));
  }
}
