package dev.pare.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.data.Percentage.withPercentage;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.pare.artifact.MalformedArtifactException.Fault;
import dev.pare.candidate.Encode;
import dev.pare.codec.RandomSeed;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.SparseActivation;
import dev.pare.graph.Subnetwork;
import dev.pare.rewrite.EquivalentNetworks;
import dev.pare.structure.HiddenActivations;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OriginTest {
  private final ArtifactReader reader = new ArtifactReader();

  @Test
  void anyUnitsInAnyOrderComeBack() {
    SplittableRandom random = RandomSeed.random("units");
    for (int trial = 0; trial < 100; trial++) {
      CompressedNetwork network =
          SampleNetworks.trained(SampleNetworks.smallConvolutional(), trial);
      for (int layer : Origin.layers(network.architecture())) {
        int count = network.architecture().outputShape(layer).channels();
        int[] units = shuffled(count, random);
        int kept = 1 + random.nextInt(count);
        IntStream left = IntStream.of(units).limit(random.nextBoolean() ? count : kept);
        network =
            SampleNetworks.select(
                network, layer, (random.nextBoolean() ? left.sorted() : left).toArray());
      }
      CompressedNetwork read = reader.read(SampleNetworks.bytes(network));
      assertThat(read).isEqualTo(network);
      assertThat(read.origin()).isEqualTo(network.origin());
    }
  }

  @Test
  void aMillionUnitsInAnyOrderTakeNoTimeThatGrowsWithTheirSquare() {
    int count = 1_000_000;
    Architecture wide =
        new Architecture(
            new InputShape(1, 1, 1, 1),
            List.of(new Dense(count, Activation.RELU), new Dense(2, Activation.SOFTMAX)));
    int[] order = shuffled(count, RandomSeed.random("wide"));
    Origin origin = Origin.of(wide, 7).select(wide, List.of(order, new int[] {0, 1})::get);
    ByteSink out = new ByteSink();
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          OriginFormat.write(origin, out);
          assertThat(read(wide, out.toBytes())).isEqualTo(origin);
        });
  }

  @Test
  void theFirstNetworkOfAPartHasTheShapeOfTheWhole() {
    Architecture whole = SampleNetworks.smallConvolutional();
    CompressedNetwork part = SampleNetworks.trained().get(1);
    assertThat(part.architecture()).isNotEqualTo(whole);
    assertThat(part.origin().orElseThrow().first(part.architecture())).isEqualTo(whole);
  }

  @Test
  void anOriginStaysWhereActivationsBecomeLayersOfTheirOwn() {
    SparseActivation threshold = SparseActivation.threshold(0.5f);
    Architecture plain = SampleNetworks.lenet300100();
    Architecture sparse = HiddenActivations.exchange(plain, layer -> threshold);
    Origin origin = Origin.of(plain, 6).in(sparse);
    assertThat(origin).isEqualTo(Origin.of(sparse, 6));
    assertThat(Initialization.random(sparse, 6).parameters())
        .containsExactly(Initialization.random(plain, 6).parameters());
    CompressedNetwork known = SampleNetworks.trained(plain, 6);
    CompressedNetwork activated =
        new CompressedNetwork(sparse, known.tensors(), Optional.of(origin));
    // Two layers more, of five bytes each.
    assertThat(SampleNetworks.bytes(activated)).hasSize(SampleNetworks.bytes(known).length + 10);
    assertThat(reader.read(SampleNetworks.bytes(activated))).isEqualTo(activated);
  }

  @Test
  void whatWasTrainedFromASeedTakesFewerBytes() {
    CompressedNetwork network = SampleNetworks.trained(SampleNetworks.lenet300100(), 4);
    CompressedNetwork unknown = network.withOrigin(Optional.empty());
    int bytes = SampleNetworks.bytes(network).length;
    assertThat(bytes).isLessThan(SampleNetworks.bytes(unknown).length * 3 / 4);
    CompressedNetwork smallest = EquivalentNetworks.smallest(network, Encode.Origin.ON).network();
    assertThat(smallest.origin()).isPresent();
    assertThat(SampleNetworks.bytes(smallest).length).isLessThanOrEqualTo(bytes);
  }

  @Test
  void anOriginThatHelpsNotGoes() {
    CompressedNetwork network = SampleNetworks.trained(SampleNetworks.lenet300100(), 4);
    CompressedNetwork wrong = network.withOrigin(Optional.of(Origin.of(network.architecture(), 5)));
    assertThat(EquivalentNetworks.smallest(wrong, Encode.Origin.ON).network().origin()).isEmpty();
  }

  @Test
  void theFunctionOfTheSmallestStays() {
    CompressedNetwork network = SampleNetworks.trained(SampleNetworks.lenet300100(), 4);
    Network smallest = EquivalentNetworks.smallest(network, Encode.Origin.ON).network().toNetwork();
    double[] sums = new double[2];
    Network[] both = {network.toNetwork(), smallest};
    for (int i = 0; i < 2; i++) {
      for (ParameterTensor tensor : both[i].architecture().tensors()) {
        for (int j = tensor.offset(); j < tensor.end(); j++) {
          sums[i] += tensor.isWeight() ? Math.abs(both[i].parameters()[j]) : 0;
        }
      }
    }
    assertThat(sums[1]).isCloseTo(sums[0], withPercentage(1e-6));
  }

  @Test
  void firstWeightsAreThoseOfInitialization() {
    Architecture architecture = SampleNetworks.smallConvolutional();
    float[] random = Initialization.random(architecture, 77).parameters();
    DoubleSupplier normals = Initialization.normals(77);
    for (ParameterTensor tensor : architecture.tensors()) {
      if (tensor.isWeight()) {
        double deviation = Initialization.deviation(architecture, tensor);
        for (int i = tensor.offset(); i < tensor.end(); i++) {
          assertThat(random[i]).isEqualTo((float) (deviation * normals.getAsDouble()));
        }
      }
    }
  }

  /** Layers that nothing was taken from, of every kind. */
  @ParameterizedTest
  @MethodSource("architectures")
  void networksOfAllLayersAreReadAsTheyBegan(Architecture architecture) {
    CompressedNetwork network = SampleNetworks.trained(architecture, 12);
    assertThat(reader.read(SampleNetworks.bytes(network))).isEqualTo(network);

    float[] random = Initialization.random(architecture, 12).parameters();
    Origin origin = network.origin().orElseThrow();
    short[] starts = origin.starts(architecture);
    for (ParameterTensor tensor : architecture.tensors()) {
      double unit = tensor.isWeight() ? origin.deviation(architecture, tensor) : 0;
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        // In 128ths of a standard deviation.
        assertThat(starts[i] / 128.0 * unit)
            .isCloseTo(tensor.isWeight() ? random[i] : 0, within(0.005 * unit + 1e-9));
      }
    }
  }

  static List<Architecture> architectures() {
    return List.of(
        SampleNetworks.manyLayers(),
        SampleNetworks.factoredLayers(),
        SampleNetworks.sparseLayers(),
        SampleNetworks.transformer());
  }

  @Test
  void aPartBeganWhereItsWeightsDid() {
    Architecture whole = SampleNetworks.transformer();
    Origin origin = Origin.of(whole, 9);
    short[] starts = origin.starts(whole);
    float[] values = new float[starts.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = starts[i];
    }
    // What moves weights must have moved their starts.
    Subnetwork part = SampleNetworks.partOf(new Network(whole, values));
    short[] ofPart = origin.of(part, whole).orElseThrow().starts(part.network().architecture());
    assertThat(ofPart).hasSameSizeAs(part.network().parameters());
    for (int i = 0; i < ofPart.length; i++) {
      assertThat((float) ofPart[i]).isEqualTo(part.network().parameters()[i]);
    }
  }

  @Test
  void aPartWithoutSomeLayersAndHeadsComesBack() {
    CompressedNetwork part = SampleNetworks.partOfATransformer();
    CompressedNetwork read = reader.read(SampleNetworks.bytes(part));
    assertThat(read).isEqualTo(part);
    assertThat(read.origin().orElseThrow().skips()).hasSize(1);
  }

  @Test
  void skipsThatCannotBeAreRefused() {
    Architecture dense = SampleNetworks.smallDense();
    int drawn = Origin.drawn(dense).size();
    assertThat(read(dense, seed(5, 0, drawn - 1, 7)).skips())
        .containsExactly(new Origin.Skip(drawn - 1, 7));
    assertMalformed(dense, seed(5, 0, drawn, 7));
    assertMalformed(dense, seed(5, 0, 0, 0));
    assertMalformed(dense, seed(5, 0, 0));
    assertMalformed(dense, seed(5, 0, 0, 7, drawn - 1, 7));
    // More than anybody should have to draw.
    assertMalformed(dense, seed(5, 0, 0, 0x80, 0x80, 0x80, 0x80, 0x04));
  }

  @Test
  void originsThatCannotBeAreRefused() {
    CompressedNetwork network = SampleNetworks.trained(SampleNetworks.smallDense(), 1);
    Architecture dense = network.architecture();
    assertMalformed(dense, seed());
    assertMalformed(dense, seed(4, 0));
    assertMalformed(dense, seed(6, 0));
    assertMalformed(dense, seed(5, 3));
    assertMalformed(dense, seed(5, 0, 0));
    // Of six, five are left: not four, not six, no bit after the sixth.
    assertThat(read(dense, seed(6, 1, 0b1101_1100)).hidden().get(0).left())
        .containsExactly(0, 1, 3, 4, 5);
    assertMalformed(dense, seed(6, 1, 0b1101_1000));
    assertMalformed(dense, seed(6, 1, 0b1111_1100));
    assertMalformed(dense, seed(6, 1, 0b1101_1110));
    assertMalformed(dense, seed(5, 1, 0b1111_1000));
    // Ranks in 3, 2, 2, 1 and 0 bits.
    assertThat(read(dense, seed(5, 2, 0b1000_0000)).hidden().get(0).left())
        .containsExactly(4, 0, 1, 2, 3);
    assertMalformed(dense, seed(5, 2, 0b1010_0000));
    assertMalformed(dense, seed(5, 2, 0b0000_0000));
    assertMalformed(dense, seed(5, 2));
    // 2³⁰ units of which five are left.
    assertMalformed(dense, seed(0x80, 0x80, 0x80, 0x80, 0x04, 1));
    assertThatThrownBy(
            () ->
                new CompressedNetwork(
                    dense,
                    network.tensors(),
                    Optional.of(Origin.of(SampleNetworks.lenet300100(), 1))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anOriginStandsBeforeAllTensorsAndOnce() {
    CompressedNetwork network = SampleNetworks.trained(SampleNetworks.smallDense(), 1);
    ByteSink again = new ByteSink();
    byte[] origin = seed(5, 0);
    again.writeByte(OriginFormat.KIND);
    again.writeVarint(origin.length);
    again.writeBytes(origin);
    byte[] file = Bodies.append(SampleNetworks.bytes(network), again.toBytes());
    assertThatThrownBy(() -> reader.read(file))
        .isInstanceOfSatisfying(
            MalformedArtifactException.class,
            e -> assertThat(e.fault()).isEqualTo(Fault.INVALID_CONTENT));
  }

  @Test
  void ofANetworkOfWhichNextToNothingIsLeftTheOriginIsDropped() {
    Architecture architecture = SampleNetworks.smallDense();
    CompressedNetwork network = SampleNetworks.trained(architecture, 1);
    int[] units = {0, 1, 2, 3, 4};
    Origin large = Origin.of(1, List.of(new LeftUnits(0, 1 << 20, units)), List.of());
    assertThat(network.withOrigin(Optional.of(large)).origin()).isEmpty();
  }

  private static void assertMalformed(Architecture architecture, byte[] content) {
    assertThatThrownBy(() -> read(architecture, content))
        .isInstanceOf(MalformedArtifactException.class);
  }

  private static Origin read(Architecture architecture, byte[] content) {
    return OriginFormat.read(
        architecture, new ByteSource(content, 0, content.length, Fault.INVALID_CONTENT));
  }

  /** A seed, and more bytes. */
  private static byte[] seed(int... more) {
    byte[] content = new byte[Long.BYTES + more.length];
    for (int i = 0; i < more.length; i++) {
      content[Long.BYTES + i] = (byte) more[i];
    }
    return content;
  }

  private static int[] shuffled(int count, SplittableRandom random) {
    int[] units = IntStream.range(0, count).toArray();
    for (int i = count - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int unit = units[i];
      units[i] = units[other];
      units[other] = unit;
    }
    return units;
  }
}
