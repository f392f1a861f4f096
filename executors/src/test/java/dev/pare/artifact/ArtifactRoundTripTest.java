package dev.pare.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.codec.LevelCoding;
import dev.pare.codec.RandomSeed;
import dev.pare.graph.Architecture;
import dev.pare.graph.OperatorSamples;
import dev.pare.graph.ParameterTensor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ArtifactRoundTripTest {
  private final ArtifactReader reader = new ArtifactReader();

  @ParameterizedTest
  @EnumSource
  void everyRepresentationComesBackAndItsBytesAddUp(Representation representation)
      throws IOException {
    SplittableRandom random = RandomSeed.random(representation.toString());
    for (Architecture architecture :
        List.of(
            SampleNetworks.lenet300100(),
            SampleNetworks.smallConvolutional(),
            SampleNetworks.manyLayers(),
            SampleNetworks.sparseLayers(),
            SampleNetworks.factoredLayers(),
            SampleNetworks.smallDense())) {
      for (double density : new double[] {0, 0.05, 0.5, 1}) {
        roundTrip(SampleNetworks.of(architecture, representation, density, random));
      }
    }
  }

  @Test
  void networksOfAllOperatorsComeBack() throws IOException {
    SplittableRandom random = RandomSeed.random("operators");
    for (Architecture architecture : OperatorSamples.all()) {
      roundTrip(SampleNetworks.mixed(architecture, random));
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyCodingComesBack(LevelCoding coding) throws IOException {
    SplittableRandom random = RandomSeed.random(coding.toString());
    CompressedNetwork network = SampleNetworks.mixed(SampleNetworks.smallConvolutional(), random);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new ArtifactWriter(coding).write(network, out);
    assertThat(reader.read(out.toByteArray())).isEqualTo(network);
  }

  @Test
  void mixedNetworksComeBack() throws IOException {
    SplittableRandom random = RandomSeed.random("mixed");
    for (int i = 0; i < 200; i++) {
      roundTrip(SampleNetworks.mixed(SampleNetworks.smallConvolutional(), random));
    }
  }

  @Test
  void theFrameOfLenet300100TakesAtMost64Bytes() throws IOException {
    SplittableRandom random = RandomSeed.random("frame");
    for (Representation representation : Representation.values()) {
      CompressedNetwork network =
          SampleNetworks.of(SampleNetworks.lenet300100(), representation, 0.05, random);
      SizeBreakdown size = new ArtifactWriter().write(network, new ByteArrayOutputStream());
      assertThat(size.headerBytes()).as("%s", representation).isLessThanOrEqualTo(64);
      assertThat(size.biasBytes()).isEqualTo(4 * 410);
    }
  }

  @Test
  void floatsKeepTheirBits() {
    float[] special = {0f, -0f, Float.MIN_VALUE, -Float.MAX_VALUE, 1f / 3};
    float[] weights = new float[35];
    System.arraycopy(special, 0, weights, 14, special.length);
    CompressedNetwork network =
        new CompressedNetwork(
            SampleNetworks.smallDense(),
            List.of(
                new FloatTensor(5, 7, weights),
                new FloatTensor(1, 5, new float[5]),
                new FloatTensor(2, 5, new float[10]),
                new FloatTensor(1, 2, new float[2])));
    float[] read = reader.read(SampleNetworks.bytes(network)).toNetwork().parameters();
    for (int i = 0; i < special.length; i++) {
      assertThat(Float.floatToRawIntBits(read[14 + i]))
          .isEqualTo(Float.floatToRawIntBits(special[i]));
    }
  }

  @Test
  void unknownOptionalSectionsAreSkippedAndCountAsHeader() throws IOException {
    SplittableRandom random = RandomSeed.random("optional");
    CompressedNetwork network = SampleNetworks.mixed(SampleNetworks.smallDense(), random);
    byte[] file = SampleNetworks.bytes(network);
    byte[] longer = Bodies.append(file, new byte[] {(byte) 200, 3, 1, 2, 3});
    assertThat(reader.read(longer)).isEqualTo(network);
    assertThat(reader.inspect(longer).size().headerBytes())
        .isEqualTo(reader.inspect(file).size().headerBytes() + longer.length - file.length);
  }

  @ParameterizedTest
  @EnumSource
  void oneTensorIsReadWithoutTheOthers(Representation representation) throws IOException {
    SplittableRandom random = RandomSeed.random("one");
    CompressedNetwork network =
        SampleNetworks.of(SampleNetworks.smallConvolutional(), representation, 0.3, random);
    byte[] file = SampleNetworks.bytes(network);
    OpenArtifact open = reader.open(new ByteArrayInputStream(file));
    assertThat(open.architecture()).isEqualTo(network.architecture());
    for (int i = network.tensors().size() - 1; i >= 0; i--) {
      assertThat(open.tensor(i)).isEqualTo(network.tensors().get(i));
      assertThat(open.representation(i)).isEqualTo(network.tensors().get(i).representation());
    }
    assertThat(open.network()).isEqualTo(network);
    // The first section is the first weight's; what is wrong with it does not concern the others.
    byte[] body = Bodies.of(file);
    body[sectionContent(body, network.architecture())] ^= 0x3F;
    OpenArtifact damaged = reader.open(Bodies.file(body));
    assertThat(damaged.tensor(1)).isEqualTo(network.tensors().get(1));
  }

  private static int sectionContent(byte[] body, Architecture architecture) {
    ByteSink head = new ByteSink();
    ArchitectureFormat.write(architecture, head);
    int at = head.size() + 1;
    while (body[at] < 0) {
      at++;
    }
    return at + 1;
  }

  private void roundTrip(CompressedNetwork network) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SizeBreakdown size = new ArtifactWriter().write(network, out);
    byte[] file = out.toByteArray();
    assertThat(size.totalBytes()).isEqualTo(file.length);
    assertThat(SampleNetworks.bytes(network)).isEqualTo(file);

    CompressedNetwork read = reader.read(file);
    assertThat(read).isEqualTo(network);
    assertThat(reader.read(new ByteArrayInputStream(file))).isEqualTo(network);
    float[] parameters = network.toNetwork().parameters();
    assertThat(read.toNetwork().parameters()).isEqualTo(parameters);

    ArtifactSummary summary = reader.inspect(new ByteArrayInputStream(file));
    assertThat(summary.size()).isEqualTo(size);
    assertThat(summary.architecture()).isEqualTo(network.architecture());
    long index = 0;
    long values = 0;
    for (int i = 0; i < summary.tensors().size(); i++) {
      ArtifactSummary.Tensor tensor = summary.tensors().get(i);
      ParameterTensor place = network.architecture().tensors().get(i);
      assertThat(tensor.place()).isEqualTo(place);
      assertThat(tensor.representation()).isEqualTo(network.tensors().get(i).representation());
      assertNonzerosAndDistinct(tensor, parameters);
      if (place.isWeight()) {
        index += tensor.indexBytes();
        values += tensor.valueBytes();
      }
    }
    assertThat(index).isEqualTo(size.indexBytes());
    assertThat(values).isEqualTo(size.valueBytes());
  }

  private static void assertNonzerosAndDistinct(ArtifactSummary.Tensor tensor, float[] parameters) {
    int nonzeros = 0;
    Set<Float> distinct = new HashSet<>();
    for (int i = tensor.place().offset(); i < tensor.place().end(); i++) {
      nonzeros += parameters[i] != 0 ? 1 : 0;
      distinct.add(parameters[i]);
    }
    assertThat(tensor.nonzeros()).isEqualTo(nonzeros);
    assertThat(tensor.distinctValues()).isEqualTo(distinct.size());
  }
}
