package dev.pare.csource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pare.artifact.ArtifactReader;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.SampleNetworks;
import dev.pare.codec.RandomSeed;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Node;
import dev.pare.kernel.ForwardPass;
import dev.pare.kernel.IntegerNetworks;
import dev.pare.predict.Prediction;
import dev.pare.predict.Predictor;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Exported networks on microcontrollers that QEMU emulates, as whole firmware. */
class CortexTest {
  private static final int FIRMWARE_BYTES = 8000;

  @TempDir private Path folder;

  @BeforeEach
  void hasTools() {
    for (String tool : Board.TOOLS) {
      assumeTrue(Compiler.exists(tool), "there is no " + tool + " to emulate a Cortex-M with");
    }
  }

  @ParameterizedTest
  @EnumSource
  void outputsAreThePredictors(Board board) throws IOException {
    SplittableRandom random = RandomSeed.random("CortexTest");
    for (Architecture architecture :
        List.of(SampleNetworks.smallConvolutional(), SampleNetworks.factoredLayers())) {
      for (CForm form : CForm.values()) {
        CompressedNetwork network = SampleNetworks.mixed(architecture, random);
        float[] features = new float[architecture.input().size()];
        for (int i = 0; i < features.length; i++) {
          features[i] = random.nextInt(-8, 9);
        }
        run(board, form, network, features);
      }
    }
  }

  /** With and without a unit for floats. */
  @ParameterizedTest
  @EnumSource
  void whatIsComputedInIntegersIsTheForwardPassesToTheBit(Board board) throws IOException {
    Random random = new Random(5);
    List<Architecture> networks =
        Stream.concat(IntegerNetworks.chains(), IntegerNetworks.graphs()).toList();
    for (int i = 0; i < networks.size(); i++) {
      Architecture architecture = withoutSoftmax(networks.get(i));
      CompressedNetwork network = IntegerNetworks.network(architecture, random);
      float[] features = IntegerNetworks.features(architecture, random);
      CForm form = CForm.values()[i % CForm.values().length];
      CSource source = CExport.of(network, form, "network", Map.of());
      assertThat(board.run(folder, source, features).outputs())
          .as("%s %s", form, architecture)
          .containsExactly(new ForwardPass(architecture, network.tensors()::get).logits(features));
    }
  }

  private static Architecture withoutSoftmax(Architecture architecture) {
    List<Node> nodes = new ArrayList<>(architecture.nodes());
    Node last = nodes.remove(nodes.size() - 1);
    boolean hasOne = architecture.output() == Activation.SOFTMAX;
    nodes.add(hasOne ? last.with(last.layer().withActivation(Activation.IDENTITY)) : last);
    return new Architecture(architecture.input(), nodes);
  }

  /**
   * Two convolutions of 6 and 12 filters of 5×5 at stride 2 and a dense layer, trained on MNIST in
   * PyTorch and compressed with {@code bits = 3, sparsity = 0.5}: 2.70% error on its test data.
   */
  static byte[] digits() throws IOException {
    try (InputStream in = CortexTest.class.getResourceAsStream("digits.pare")) {
      return Objects.requireNonNull(in).readAllBytes();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFirmwareThatReadsDigitsTakesLessThan8Kilobytes(Board board) throws IOException {
    CompressedNetwork network = new ArtifactReader().read(digits());
    for (CForm form : CForm.values()) {
      CSource source = CExport.of(network, form, "network", Map.of());
      Board.Sizes sizes = board.sizes(folder, source);
      long instructions = run(board, form, network, images(1)[0]);
      System.out.println(
          "%s, %s: %d bytes of flash, of these %d of constants; %d of RAM; %d instructions"
              .formatted(
                  board, form, sizes.flash(), source.tableBytes(), sizes.ram(), instructions));
      assertThat((long) sizes.flash()).isGreaterThan(source.tableBytes());
      // What a processor without floats takes, and what calls it and is left out here.
      assertThat((long) sizes.flash()).isBetween(source.flash() / 2, source.flash() + 300);
      // And the digit.
      assertThat((long) sizes.ram()).isBetween(source.ram(), source.ram() + 16);
      // Some for each multiply-add, and no more than an emulated float takes, and decoding.
      assertThat(instructions).isBetween(10 * source.multiplyAdds(), 1000 * source.multiplyAdds());
      if (form == CForm.PACKED) {
        assertThat(Math.max(sizes.flash(), sizes.ram())).isLessThan(FIRMWARE_BYTES);
      }
    }
  }

  @Test
  void itReadsDigits() throws IOException {
    Predictor predictor = Predictor.open(digits());
    float[][] images = images(2000);
    int[] labels = labels(images.length);
    int correct = 0;
    for (int i = 0; i < images.length; i++) {
      correct += predictor.predict(images[i]).label() == labels[i] ? 1 : 0;
    }
    assertThat(correct / (double) images.length).isGreaterThan(0.96);
  }

  private static DataInputStream quickstart(String name) throws IOException {
    Path file = Path.of(System.getProperty("pare.root"), "conf", "quickstart", name);
    return new DataInputStream(new GZIPInputStream(Files.newInputStream(file)));
  }

  static float[][] images(int count) throws IOException {
    try (DataInputStream in = quickstart("t10k-images-idx3-ubyte.gz")) {
      in.readFully(new byte[16]);
      float[][] images = new float[count][28 * 28];
      for (float[] image : images) {
        for (int i = 0; i < image.length; i++) {
          image[i] = in.readUnsignedByte();
        }
      }
      return images;
    }
  }

  private static int[] labels(int count) throws IOException {
    try (DataInputStream in = quickstart("t10k-labels-idx1-ubyte.gz")) {
      in.readFully(new byte[8]);
      int[] labels = new int[count];
      for (int i = 0; i < count; i++) {
        labels[i] = in.readUnsignedByte();
      }
      return labels;
    }
  }

  /** Runs a network on a board; how many instructions a prediction takes. */
  private long run(Board board, CForm form, CompressedNetwork network, float[] features)
      throws IOException {
    Prediction expected = Predictor.open(SampleNetworks.bytes(network)).predict(features);
    Board.Run found = board.run(folder, CExport.of(network, form, "network", Map.of()), features);
    assertThat(found.outputs()).containsExactly(expected.outputs(), within(1e-5f));
    return found.instructions();
  }
}
