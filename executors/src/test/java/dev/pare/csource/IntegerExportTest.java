package dev.pare.csource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.FloatTensor;
import dev.pare.artifact.UniformTensor;
import dev.pare.codec.LevelMatrix;
import dev.pare.codec.RandomSeed;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.ChannelSelection;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.InputShape;
import dev.pare.graph.Node;
import dev.pare.graph.Pooling;
import dev.pare.graph.Quantization;
import dev.pare.graph.Shortcut;
import dev.pare.kernel.ForwardPass;
import dev.pare.kernel.IntegerNetworks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Networks with activations of 8 bits make in C, to the bit, the logits of Java's forward pass. */
class IntegerExportTest {
  private static final int EXAMPLES = 12;

  private static final List<String> PLAIN = List.of("-O2");

  /** Products and sums may become one operation where they are floats. */
  private static final List<String> CONTRACTED =
      List.of("-O3", "-march=native", "-ffp-contract=fast");

  private static final List<String> CHECKED =
      List.of("-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all");

  /** Of a layer's rows, and of how many of them sums are held. */
  private static final Pattern ROWS =
      Pattern.compile("struct integers \\w+ = \\{[^,]+, [^,]+, [^,]+, (\\d+), (\\d+), ");

  @TempDir private Path folder;

  @BeforeEach
  void hasCompiler() {
    assumeTrue(Compiler.exists("gcc"), "there is no gcc to compile C with");
  }

  static Stream<Architecture> networks() {
    return Stream.concat(IntegerNetworks.chains(), IntegerNetworks.graphs());
  }

  @ParameterizedTest
  @MethodSource("networks")
  void logitsAreTheForwardPassesToTheBit(Architecture architecture) throws IOException {
    Random random = new Random(7);
    CompressedNetwork network = IntegerNetworks.network(architecture, random);
    for (CForm form : CForm.values()) {
      for (List<String> options : List.of(PLAIN, CONTRACTED, CHECKED)) {
        check(network, form, options, random);
      }
    }
  }

  @Test
  void anyGraphs() throws IOException {
    Random random = new Random(RandomSeed.random("IntegerExportTest").nextLong());
    for (int i = 0; i < 24; i++) {
      CompressedNetwork network = IntegerNetworks.network(IntegerNetworks.random(random), random);
      CForm form = CForm.values()[i % 3];
      check(network, form, i % 2 == 0 ? CONTRACTED : CHECKED, random);
    }
  }

  @Test
  void sumsOfOneRowAreHeldWhereWeightsComeRowByRow() throws IOException {
    Random random = new Random(3);
    LevelMatrix levels = levels(random);
    for (int i = 0; i < 100 && !isByColumns(levels); i++) {
      levels = levels(random);
    }
    assertThat(isByColumns(levels)).isTrue();
    int rows = levels.rows();
    Architecture architecture =
        new Architecture(
            new InputShape(levels.columns(), 1, 1, 1),
            List.of(new Quantization(0.01f, 100), new Dense(rows, Activation.IDENTITY)));
    CompressedNetwork network =
        new CompressedNetwork(
            architecture,
            List.of(
                new UniformTensor(levels, new float[] {0.25f}),
                new FloatTensor(1, rows, new float[rows])));
    for (CForm form : CForm.values()) {
      String source = check(network, form, CHECKED, random).source();
      assertThat(ROWS.matcher(source).results().map(found -> found.group(1) + " " + found.group(2)))
          .containsExactly(rows + " " + (form == CForm.PACKED ? 1 : rows));
    }
  }

  private static LevelMatrix levels(Random random) {
    int period = 3 + random.nextInt(47);
    int rows = 4 + random.nextInt(36);
    int columns = 4000 / rows;
    short[] levels = new short[rows * columns];
    for (int i = 0; i < levels.length; i++) {
      boolean isZero = i / columns * period % 11 >= 3 || random.nextInt(8) == 0;
      levels[i] = (short) (isZero ? 0 : i % columns % 5 == 0 ? 2 : 1);
    }
    return new LevelMatrix(rows, columns, levels);
  }

  private static boolean isByColumns(LevelMatrix levels) {
    return LightCode.of(levels).transposed() && CodeScan.of(levels).transposed();
  }

  /** What lies half-way between two levels, beyond all, and at the ends. */
  @Test
  void numbersAreRoundedAsInJava() throws IOException {
    Quantization halves = new Quantization(0.25f, 3);
    Architecture architecture = new Architecture(new InputShape(64, 1, 1, 1), List.of(halves));
    CompressedNetwork network = new CompressedNetwork(architecture, List.of());
    CSource source = CExport.of(network, CForm.PACKED, "network", Map.of());
    float[] features = new float[64];
    for (int i = 0; i < 40; i++) {
      features[i] = (i - 10) * 0.125f;
    }
    for (int i = 40; i < 58; i++) {
      features[i] = Math.nextAfter((i - 45) * 0.125f, i % 2 == 0 ? 9 : -9);
    }
    features[58] = Float.MAX_VALUE;
    features[59] = -Float.MAX_VALUE;
    features[60] = 63.1249f;
    features[61] = 63.125f;
    features[62] = 128.1f;
    features[63] = Float.MIN_VALUE;
    for (List<String> options : List.of(PLAIN, CONTRACTED, CHECKED)) {
      Path program = Compiler.build(source, folder, "gcc", options);
      float[] found = Compiler.outputs(program, features);
      for (int i = 0; i < features.length; i++) {
        assertThat(found[1 + i]).as("%s", features[i]).isEqualTo(halves.of(features[i]));
      }
    }
  }

  /** Levels take a byte each, and there is no copy of the input in floats. */
  @Test
  void activationsTakeAByteEach() {
    Architecture architecture =
        new Architecture(
            new InputShape(100, 1, 1, 255),
            List.of(
                new Quantization(1 / 255f, 0),
                new Dense(60, Activation.RELU),
                new Quantization(0.02f, 0),
                new Dense(10, Activation.SOFTMAX)));
    CompressedNetwork network = IntegerNetworks.network(architecture, new Random(1));
    CSource source = CExport.of(network, CForm.PACKED, "network", Map.of());
    // Both layers' levels, and one sum.
    assertThat(source.ramBytes()).isEqualTo(100 + 60 + 4);
    assertThat(source.source()).doesNotContain("static float arena", "multiply(", "relu(");
  }

  /** Of a convolution whose levels only maximum pooling reads there is a filter at a time. */
  @Test
  void whatIsPooledIsNotHeld() throws IOException {
    Architecture architecture =
        new Architecture(
            new InputShape(1, 12, 12, 255),
            List.of(
                new Quantization(1 / 255f, 0),
                new Convolution(30, 5, 1, Activation.IDENTITY),
                new Quantization(0.02f, 120),
                new Pooling(Pooling.Pool.MAX, 2, 2),
                new Dense(10, Activation.SOFTMAX)));
    Random random = new Random(1);
    for (CForm form : CForm.values()) {
      CompressedNetwork network = IntegerNetworks.network(architecture, random);
      CSource source = check(network, form, CHECKED, random);
      if (form == CForm.PACKED) {
        // The input, sums of one filter, and what is pooled of all.
        assertThat(source.ramBytes()).isEqualTo(144 + 4 * 64 + 30 * 16);
      }
    }
  }

  /** Half-way between two levels the last bit of a product decides. */
  @Test
  void productsAreRoundedBeforeTheyAreAdded() throws IOException {
    int count = 400;
    List<Integer> channels = IntStream.range(0, count).mapToObj(i -> i * 7 % count).toList();
    Architecture architecture =
        new Architecture(
            new InputShape(count, 1, 1, 1),
            List.of(
                new Quantization(0.0123f, 90),
                new ChannelSelection(channels),
                Node.of(new Shortcut(Activation.IDENTITY), 1, 0),
                new Quantization(2 * 0.0123f, 100)));
    CompressedNetwork network = new CompressedNetwork(architecture, List.of());
    for (List<String> options : List.of(PLAIN, CONTRACTED, CHECKED)) {
      check(network, CForm.PACKED, options, new Random(9));
    }
  }

  private CSource check(CompressedNetwork network, CForm form, List<String> options, Random random)
      throws IOException {
    CSource source = CExport.of(network, form, "network", Map.of());
    Path program = Compiler.build(source, folder, "gcc", options);
    Architecture architecture = network.architecture();
    int size = architecture.input().size();
    float[] features = new float[EXAMPLES * size];
    for (int i = 0; i < EXAMPLES; i++) {
      System.arraycopy(IntegerNetworks.features(architecture, random), 0, features, i * size, size);
    }
    float[] found = Compiler.outputs(program, features);
    int outputs = architecture.outputs();
    int each = 1 + 2 * outputs;
    ForwardPass pass = new ForwardPass(architecture, network.tensors()::get);
    assertThat(found).hasSize(EXAMPLES * each);
    for (int i = 0; i < EXAMPLES; i++) {
      float[] expected = pass.logits(Arrays.copyOfRange(features, i * size, (i + 1) * size));
      float[] logits = Arrays.copyOfRange(found, i * each + 1 + outputs, (i + 1) * each);
      assertThat(logits).as("%s %s %s", form, options, architecture).containsExactly(expected);
    }
    return source;
  }
}
