package dev.pare.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.codec.LevelMatrix;
import dev.pare.codec.RandomSeed;
import dev.pare.export.DeltaExport;
import dev.pare.export.ExportException;
import dev.pare.graph.Architecture;
import dev.pare.graph.OperatorSamples;
import dev.pare.graph.Quantization;
import dev.pare.predict.Prediction;
import dev.pare.predict.Predictor;
import dev.pare.prepare.Preparation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class DeltaTest {
  @ParameterizedTest
  @EnumSource
  void everyRepresentationComesBackBesideEveryOther(Representation representation) {
    SplittableRandom random = RandomSeed.random(representation.toString());
    for (Architecture architecture :
        List.of(
            SampleNetworks.smallConvolutional(),
            SampleNetworks.manyLayers(),
            SampleNetworks.sparseLayers(),
            SampleNetworks.factoredLayers(),
            SampleNetworks.smallDense())) {
      for (double density : new double[] {0, 0.3, 1}) {
        byte[] now =
            SampleNetworks.bytes(SampleNetworks.of(architecture, representation, density, random));
        for (Representation other : Representation.values()) {
          roundTrip(SampleNetworks.bytes(SampleNetworks.of(architecture, other, 0.5, random)), now);
        }
      }
    }
  }

  static Stream<Architecture> operators() {
    return OperatorSamples.all().stream();
  }

  @ParameterizedTest
  @MethodSource("operators")
  void networksOfAllOperatorsComeBack(Architecture architecture) {
    SplittableRandom random = RandomSeed.random(architecture.toString());
    byte[] old = SampleNetworks.bytes(SampleNetworks.mixed(architecture, random));
    roundTrip(old, SampleNetworks.bytes(SampleNetworks.mixed(architecture, random)));
    roundTrip(old, old);
  }

  /** Of a header's format, too, which is the older one's. */
  @Test
  void goldenFilesOfAllFormatsComeBack() throws IOException {
    try (Stream<Path> files =
        Files.list(
            Path.of(System.getProperty("pare.root"))
                .resolve("executors/src/test/resources/dev/pare/artifact"))) {
      for (Path path : files.filter(file -> file.toString().endsWith(".pare")).toList()) {
        byte[] golden = Files.readAllBytes(path);
        CompressedNetwork network = new ArtifactReader().read(golden);
        byte[] other = SampleNetworks.bytes(network.withOrigin(Optional.empty()));
        roundTrip(other, golden);
        roundTrip(golden, other);
      }
    }
  }

  @Test
  void networksWithOriginsComeBack() {
    List<byte[]> files = new ArrayList<>();
    SampleNetworks.trained().forEach(network -> files.add(SampleNetworks.bytes(network)));
    CompressedNetwork other = SampleNetworks.trained(SampleNetworks.smallConvolutional(), 10);
    files.add(SampleNetworks.bytes(other));
    files.add(SampleNetworks.bytes(other.withOrigin(Optional.empty())));
    for (byte[] old : files) {
      for (byte[] now : files) {
        roundTrip(old, now);
      }
    }
    byte[] part = SampleNetworks.bytes(SampleNetworks.partOfATransformer());
    roundTrip(part, part);
  }

  @Test
  void sectionsThatThisVersionDoesNotKnowComeBack() {
    SplittableRandom random = RandomSeed.random("optional");
    byte[] old = SampleNetworks.bytes(SampleNetworks.mixed(SampleNetworks.smallDense(), random));
    byte[] one = Bodies.append(old, new byte[] {(byte) 200, 3, 1, 2, 3});
    byte[] twice = Bodies.append(one, new byte[] {(byte) 200, 3, 1, 2, 3});
    byte[] other = Bodies.append(old, new byte[] {(byte) 200, 2, 7, 7});
    for (byte[] before : List.of(old, one, twice, other)) {
      for (byte[] now : List.of(old, one, twice, other)) {
        roundTrip(before, now);
      }
    }
  }

  @Test
  void preparationsComeBack() {
    SplittableRandom random = RandomSeed.random("preparation");
    CompressedNetwork network = SampleNetworks.mixed(SampleNetworks.smallDense(), random);
    byte[] named =
        SampleNetworks.bytes(
            network.withPreparation(new Preparation(List.of(), List.of("no", "yes"))));
    roundTrip(named, named);
    roundTrip(SampleNetworks.bytes(network), named);
    roundTrip(named, SampleNetworks.bytes(network));
  }

  /** Activations of 8 bits are calibrated anew with each student. */
  @Test
  void levelsOfActivationsMayStandForOtherNumbers() {
    Architecture before = OperatorSamples.quantized();
    Architecture after =
        before.with(
            i ->
                before.layers().get(i) instanceof Quantization levels
                    ? new Quantization(1.1f * levels.scale(), levels.zeroPoint())
                    : before.layers().get(i));
    CompressedNetwork old =
        SampleNetworks.mixed(before, RandomSeed.random("levels of activations"));
    roundTrip(
        SampleNetworks.bytes(old),
        SampleNetworks.bytes(new CompressedNetwork(after, old.tensors())));
  }

  /** 100 of 300 units go, the others change places: next to nothing but their order is new. */
  @Test
  void unitsThatWentOrMovedAreFound() {
    SplittableRandom random = RandomSeed.random("units");
    CompressedNetwork old =
        SampleNetworks.of(SampleNetworks.lenet300100(), Representation.CODEBOOK, 0.1, random);
    int[] units = IntStream.range(0, 300).toArray();
    for (int i = units.length - 1; i > 0; i--) {
      int at = random.nextInt(i + 1);
      int unit = units[i];
      units[i] = units[at];
      units[at] = unit;
    }
    byte[] before = SampleNetworks.bytes(old);
    for (int count : new int[] {300, 200}) {
      byte[] now = SampleNetworks.bytes(SampleNetworks.select(old, 0, Arrays.copyOf(units, count)));
      byte[] delta = roundTrip(before, now);
      // An order of 300 takes log2(300!) bits, 255 bytes.
      assertThat(delta.length).isLessThan(1200);
      assertThat(now.length).isGreaterThan(10_000);
    }
  }

  @Test
  void oneWeightMoreTakesFewBytes() {
    SplittableRandom random = RandomSeed.random("one");
    CompressedNetwork old =
        SampleNetworks.of(SampleNetworks.lenet300100(), Representation.UNIFORM, 0.1, random);
    List<CompressedTensor> tensors = new ArrayList<>(old.tensors());
    UniformTensor first = (UniformTensor) tensors.get(0);
    short[] levels = new short[first.size()];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = (short) first.levels().at(i);
    }
    levels[1000] = (short) (levels[1000] == 0 ? 1 : 0);
    tensors.set(0, first.withLevels(new LevelMatrix(first.rows(), first.columns(), levels)));
    byte[] delta =
        roundTrip(SampleNetworks.bytes(old), SampleNetworks.bytes(old.withTensors(tensors)));
    assertThat(delta.length).isLessThan(400);
  }

  /** Two SHA-256 and a frame. */
  @Test
  void theSameFileTakesAHundredBytes() {
    SplittableRandom random = RandomSeed.random("same");
    byte[] file = SampleNetworks.bytes(SampleNetworks.mixed(SampleNetworks.lenet300100(), random));
    assertThat(roundTrip(file, file).length).isLessThan(100);
  }

  @Test
  void otherArchitecturesAreRefused() {
    SplittableRandom random = RandomSeed.random("architectures");
    byte[] dense = SampleNetworks.bytes(SampleNetworks.mixed(SampleNetworks.smallDense(), random));
    byte[] other =
        SampleNetworks.bytes(SampleNetworks.mixed(SampleNetworks.smallConvolutional(), random));
    assertThatThrownBy(() -> DeltaExport.of(dense, other))
        .isInstanceOf(ExportException.class)
        .hasMessage("the networks are of different architectures");
  }

  @Test
  void aPredictorOpensBoth(@TempDir Path folder) throws IOException {
    SplittableRandom random = RandomSeed.random("predictor");
    CompressedNetwork network =
        SampleNetworks.of(
            SampleNetworks.smallConvolutional(), Representation.CODEBOOK, 0.5, random);
    int layer = Origin.layers(network.architecture()).get(1);
    byte[] old = SampleNetworks.bytes(network);
    byte[] now = SampleNetworks.bytes(SampleNetworks.select(network, layer, new int[] {3, 0, 2}));
    byte[] delta = DeltaExport.of(old, now);
    Path oldFile = Files.write(folder.resolve("old.pare"), old);
    Path deltaFile = Files.write(folder.resolve("now.delta"), delta);
    float[] features = new float[network.architecture().input().size()];
    for (int i = 0; i < features.length; i++) {
      features[i] = random.nextInt(16);
    }
    Prediction expected = Predictor.open(now).predict(features);
    assertThat(Predictor.open(old, delta).predict(features).logits()).isEqualTo(expected.logits());
    assertThat(Predictor.open(oldFile, deltaFile).predict(features).logits())
        .isEqualTo(expected.logits());
    assertThat(DeltaReader.isDelta(delta)).isTrue();
    assertThat(DeltaReader.isDelta(now)).isFalse();
    assertThat(
            new DeltaReader().apply(new ByteArrayInputStream(old), new ByteArrayInputStream(delta)))
        .isEqualTo(now);
  }

  private static byte[] roundTrip(byte[] old, byte[] now) {
    byte[] delta = DeltaExport.of(old, now);
    assertThat(new DeltaReader().apply(old, delta)).isEqualTo(now);
    // Sections as they are, two digests, and a few bytes for each section.
    assertThat(delta.length).isLessThan(now.length + 200);
    assertThat(DeltaExport.of(old, now)).isEqualTo(delta);
    return delta;
  }
}
