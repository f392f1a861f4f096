package dev.pare.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.github.luben.zstd.Zstd;
import dev.pare.candidate.Encode;
import dev.pare.codec.CodeCost;
import dev.pare.codec.DeepCompression;
import dev.pare.codec.LevelMatrix;
import dev.pare.graph.Parameter.Role;
import dev.pare.graph.ParameterTensor;
import dev.pare.rewrite.BiasPrecision;
import dev.pare.rewrite.EquivalentNetworks;
import dev.pare.rewrite.TablePrecision;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/**
 * Sizes of the .pare files in and below a folder, such as a sweep's store, under other codes:
 * {@code mvn -q -pl executors -am test -Dsurefire.failIfNoSpecifiedTests=false
 * -Dtest=CodecSizeBenchmark -Dfolder=FOLDER}. Takes the files all of whose weights are levels.
 *
 * <p>Columns: the file as it is; with 8-bit biases, half-precision tables and what {@link
 * EquivalentNetworks} saves, without and with where training began; Deep Compression's format at
 * its best index width, with float biases and centroids; xz -9e and zstd --ultra -22 on the levels
 * packed in as few bits as they need, with the same floats; of the third, the bytes of level codes,
 * and their ideal length.
 */
class CodecSizeBenchmark {
  private static final String[] COLUMNS = {
    "pare", "plain", "smallest", "deep-c", "xz", "zstd", "codes", "ideal"
  };

  @Test
  void sizes() throws IOException {
    String folder = System.getProperty("folder", "");
    assumeThat(folder).as("-Dfolder").isNotEmpty();
    List<Path> files;
    try (Stream<Path> paths = Files.walk(Path.of(folder))) {
      files = paths.filter(path -> path.toString().endsWith(".pare")).sorted().toList();
    }
    long[] totals = new long[COLUMNS.length];
    System.out.printf("%-24s", "file");
    for (String column : COLUMNS) {
      System.out.printf("%9s", column);
    }
    System.out.println();
    for (Path file : files) {
      CompressedNetwork network = new ArtifactReader().read(Files.readAllBytes(file));
      if (!allLevels(network)) {
        continue;
      }
      long[] sizes = sizes(network);
      String name = file.getFileName().toString();
      print(name.substring(0, Math.min(23, name.length() - 5)), sizes);
      for (int i = 0; i < sizes.length; i++) {
        totals[i] += sizes[i];
      }
    }
    print("total", totals);
    double best = totals[2];
    System.out.printf(
        "smallest / deep-c %.4f   / min(xz, zstd) %.4f   plain / deep-c %.4f   codes / ideal %.4f%n",
        best / totals[3],
        best / Math.min(totals[4], totals[5]),
        (double) totals[1] / totals[3],
        (double) totals[6] / totals[7]);
  }

  private static long[] sizes(CompressedNetwork network) throws IOException {
    CompressedNetwork floats = BiasPrecision.FLOAT32.apply(network.withOrigin(Optional.empty()));
    CompressedNetwork simple = EquivalentNetworks.simplify(network);
    CompressedNetwork plain = EquivalentNetworks.order(simple.withOrigin(Optional.empty()));
    CompressedNetwork smallest =
        EquivalentNetworks.smallest(
                TablePrecision.FLOAT16.apply(BiasPrecision.UNIFORM8.apply(simple)),
                Encode.Origin.ON)
            .network();
    long frame = new ArtifactWriter().write(floats, new ByteArrayOutputStream()).headerBytes();
    long deepCompression = frame;
    byte[] packed = packed(network);
    for (CompressedTensor tensor : floats.tensors()) {
      deepCompression +=
          tensor instanceof FloatTensor
              ? 4L * tensor.size()
              : 4L * tableOf(tensor).length + DeepCompression.bytes(levelsOf(tensor));
    }
    long codes = 0;
    double ideal = 0;
    for (Optional<CodeCost> code : smallest.codeCosts()) {
      CodeCost cost = code.orElseThrow();
      codes += cost.totalBits() / 8;
      ideal += (cost.indexBits() + cost.valueBits()) / 8.0;
    }
    return new long[] {
      bytes(network),
      bytes(TablePrecision.FLOAT16.apply(BiasPrecision.UNIFORM8.apply(plain))),
      bytes(smallest),
      deepCompression,
      frame + xz(packed),
      frame + Zstd.compress(packed, 22).length,
      codes,
      Math.round(ideal)
    };
  }

  private static boolean allLevels(CompressedNetwork network) {
    List<ParameterTensor> places = network.architecture().tensors();
    for (int i = 0; i < places.size(); i++) {
      CompressedTensor tensor = network.tensors().get(i);
      boolean levels = tensor instanceof CodebookTensor || tensor instanceof UniformTensor;
      if (places.get(i).isWeight() && !levels) {
        return false;
      }
    }
    return true;
  }

  private static LevelMatrix levelsOf(CompressedTensor tensor) {
    return tensor instanceof CodebookTensor codebook
        ? codebook.levels()
        : ((UniformTensor) tensor).levels();
  }

  private static float[] tableOf(CompressedTensor tensor) {
    return tensor instanceof CodebookTensor codebook
        ? codebook.centroids()
        : ((UniformTensor) tensor).scales();
  }

  /** Levels in as few bits as they need, then tables and biases as floats. */
  private static byte[] packed(CompressedNetwork network) {
    ByteSink out = new ByteSink();
    List<float[]> floats = new ArrayList<>();
    List<ParameterTensor> places = network.architecture().tensors();
    for (int i = 0; i < places.size(); i++) {
      CompressedTensor tensor = network.tensors().get(i);
      if (places.get(i).role() == Role.BIAS) {
        floats.add(tensor.toFloats());
        continue;
      }
      LevelMatrix levels = levelsOf(tensor);
      floats.add(tableOf(tensor));
      int width = 32 - Integer.numberOfLeadingZeros(levels.highest() - levels.lowest());
      long accumulator = 0;
      int pending = 0;
      for (int j = 0; j < levels.size(); j++) {
        accumulator = accumulator << width | levels.at(j) - levels.lowest();
        pending += width;
        for (; pending >= 8; pending -= 8) {
          out.writeByte((int) (accumulator >>> pending - 8) & 0xFF);
        }
      }
      out.writeByte((int) (accumulator << 8 - pending) & 0xFF);
    }
    floats.forEach(out::writeFloats);
    return out.toBytes();
  }

  private static int xz(byte[] bytes) throws IOException {
    // As -9e: the greatest preset, with its match finder searching as deep as extreme ones do.
    LZMA2Options options = new LZMA2Options(9);
    options.setNiceLen(LZMA2Options.NICE_LEN_MAX);
    options.setDepthLimit(512);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (XZOutputStream xz = new XZOutputStream(out, options)) {
      xz.write(bytes);
    }
    return out.size();
  }

  private static int bytes(CompressedNetwork network) {
    byte[] file = SampleNetworks.bytes(network);
    assertThat(new ArtifactReader().read(file)).isEqualTo(network);
    return file.length;
  }

  private static void print(String name, long[] sizes) {
    System.out.printf("%-24s", name);
    for (long size : sizes) {
      System.out.printf("%9d", size);
    }
    System.out.println();
  }
}
