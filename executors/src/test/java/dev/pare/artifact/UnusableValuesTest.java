package dev.pare.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.artifact.FileHeader.Kind;
import dev.pare.codec.LevelMatrix;
import dev.pare.export.DeltaExport;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.BatchNormalization;
import dev.pare.graph.Dense;
import dev.pare.graph.InputShape;
import dev.pare.graph.ParameterTensor;
import dev.pare.predict.Predictor;
import dev.pare.rewrite.WrittenNetwork;
import dev.pare.train.TrainingDivergedException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Numbers that no network can be run with, in files that are otherwise right. */
class UnusableValuesTest {
  /** Bits that nothing else in a file has. */
  private static final float SENTINEL = Float.intBitsToFloat(0x3E5A_5AA7);

  private static final short HALF_SENTINEL = 0x355A;

  private static final Architecture ARCHITECTURE =
      new Architecture(
          new InputShape(3, 1, 1, 1),
          List.of(
              new Dense(2, Activation.IDENTITY),
              new BatchNormalization(0.01f, Activation.RELU),
              new Dense(2, Activation.SOFTMAX)));

  private final ArtifactReader reader = new ArtifactReader();

  /** A network of ones with these tensors instead of its own. */
  private static CompressedNetwork network(int index, CompressedTensor tensor) {
    List<CompressedTensor> tensors = new ArrayList<>();
    for (ParameterTensor place : ARCHITECTURE.tensors()) {
      float[] ones = new float[place.size()];
      Arrays.fill(ones, 1);
      tensors.add(new FloatTensor(place.rows(), place.columns(), ones));
    }
    tensors.set(index, tensor);
    return new CompressedNetwork(ARCHITECTURE, tensors);
  }

  /** The bytes with other ones in the only place where these are. */
  private static byte[] replaced(byte[] bytes, byte[] these, byte[] others) {
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i + these.length <= bytes.length; i++) {
      if (Arrays.equals(bytes, i, i + these.length, these, 0, these.length)) {
        found.add(i);
      }
    }
    assertThat(found).hasSize(1);
    byte[] changed = bytes.clone();
    System.arraycopy(others, 0, changed, found.get(0), others.length);
    return changed;
  }

  private static byte[] single(float value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array();
  }

  private static byte[] half(short half) {
    return ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN).putShort(half).array();
  }

  private static byte[] withSingle(CompressedNetwork network, float value) {
    byte[] body = Bodies.of(SampleNetworks.bytes(network));
    return Bodies.file(replaced(body, single(SENTINEL), single(value)));
  }

  private void assertRefused(byte[] file, int index, String problem) {
    String message = "not a tensor: tensor " + problem;
    assertThatExceptionOfType(MalformedArtifactException.class)
        .isThrownBy(() -> reader.read(file))
        .withMessageContaining(message);
    assertThatThrownBy(() -> reader.decode(file)).hasMessageContaining(message);
    assertThatThrownBy(() -> reader.open(file).tensor(index)).hasMessageContaining(message);
    assertThatThrownBy(() -> Predictor.open(file)).hasMessageContaining(message);
  }

  private static FloatTensor weights(float last) {
    return new FloatTensor(2, 3, new float[] {1, 2, 3, 4, 5, last});
  }

  @Test
  void floatsThatAreNotFiniteAreRefusedByTheirTensor() {
    CompressedNetwork network = network(0, weights(SENTINEL));
    assertThat(reader.read(withSingle(network, -0.5f)).tensors().get(0).toFloats()[5])
        .isEqualTo(-0.5f);
    assertRefused(withSingle(network, Float.NaN), 0, "0_W: a value is NaN, must be finite");
    assertRefused(
        withSingle(network, Float.NEGATIVE_INFINITY),
        0,
        "0_W: a value is -Infinity, must be finite");
    FloatTensor bias = new FloatTensor(1, 2, new float[] {SENTINEL, 1});
    assertRefused(
        withSingle(network(7, bias), Float.POSITIVE_INFINITY),
        7,
        "2_b: a value is Infinity, must be finite");
  }

  @Test
  void halvesAndFloatsOfPrunedTensorsAreLookedAtToo() {
    CompressedNetwork halves = network(0, weights(Float16.toFloat(HALF_SENTINEL)));
    byte[] body = Bodies.of(SampleNetworks.bytes(halves));
    assertThat(halves.tensors().get(0).representation()).isEqualTo(Representation.HALVES);
    assertRefused(
        Bodies.file(replaced(body, half(HALF_SENTINEL), half(Float16.INFINITE))),
        0,
        "0_W: a value is Infinity, must be finite");

    CompressedTensor sparse = SparseFloatTensor.of(2, 3, new float[] {0, 0, 1e-3f, 0, SENTINEL, 0});
    assertRefused(
        withSingle(network(0, sparse), Float.NaN), 0, "0_W: a value is NaN, must be finite");
  }

  @Test
  void aFiniteScaleTimesALevelMayBeInfinite() {
    LevelMatrix levels = new LevelMatrix(2, 3, new short[] {1, 0, -1, 0, 2, 0});
    CompressedNetwork uniform = network(0, new UniformTensor(levels, new float[] {SENTINEL}));
    assertThat(reader.read(withSingle(uniform, 1.5e38f)).tensors().get(0).toFloats()[4])
        .isEqualTo(3e38f);
    assertRefused(withSingle(uniform, 2e38f), 0, "0_W: a value is Infinity, must be finite");
    // Its row has no level beyond 1.
    CompressedNetwork rows = network(0, new UniformTensor(levels, new float[] {SENTINEL, 1e-3f}));
    assertThat(reader.read(withSingle(rows, 2e38f)).tensors().get(0).toFloats()[0])
        .isEqualTo(2e38f);
    CompressedNetwork groups =
        network(0, new GroupedTensor(levels, 3, new float[] {1e-3f, SENTINEL}));
    assertRefused(withSingle(groups, 2e38f), 0, "0_W: a value is Infinity, must be finite");
  }

  @Test
  void variancesAreAtLeastZero() {
    CompressedNetwork network = network(5, new FloatTensor(1, 2, new float[] {1, SENTINEL}));
    assertThat(reader.read(withSingle(network, 0)).tensors().get(5).toFloats()[1]).isZero();
    assertRefused(withSingle(network, -0.25f), 5, "1_var: a variance is -0.25, must be at least 0");
    // Whatever holds them.
    LevelMatrix levels = new LevelMatrix(1, 2, new short[] {1, -1});
    CompressedNetwork coded = network(5, new UniformTensor(levels, new float[] {0.5f}));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ArtifactWriter.check(coded))
        .withMessage("tensor 1_var: a variance is -0.5, must be at least 0");
    // A mean may be negative.
    CompressedNetwork mean = network(4, new FloatTensor(1, 2, new float[] {1, SENTINEL}));
    assertThat(reader.read(withSingle(mean, -0.25f)).tensors().get(4).toFloats()[1])
        .isEqualTo(-0.25f);
  }

  @Test
  void whatNoReaderTakesIsNotWritten() {
    CompressedNetwork network = network(0, weights(Float.NaN));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SampleNetworks.bytes(network))
        .withMessage("tensor 0_W: a value is NaN, must be finite");
    // Of a student that is its own doing, and no fault of the sweep.
    assertThatExceptionOfType(TrainingDivergedException.class)
        .isThrownBy(() -> WrittenNetwork.of(network).file())
        .withMessage("tensor 0_W: a value is NaN, must be finite");
  }

  @Test
  void noDeltaMakesAFileThatNoReaderTakes() {
    // So few floats, far from what they were, a delta has whole.
    byte[] old = SampleNetworks.bytes(network(7, new FloatTensor(1, 2, new float[] {1, 1})));
    byte[] file =
        SampleNetworks.bytes(network(7, new FloatTensor(1, 2, new float[] {SENTINEL, 1e-3f})));
    byte[] delta = DeltaExport.of(old, file);
    assertThat(new DeltaReader().apply(old, delta)).isEqualTo(file);

    byte[] unusable = Bodies.file(replaced(Bodies.of(file), single(SENTINEL), single(Float.NaN)));
    FileHeader header = FileHeader.read(Kind.DELTA, delta);
    byte[] body = Arrays.copyOfRange(delta, header.bodyStart(), (int) header.bodyEnd());
    byte[] changed = replaced(body, single(SENTINEL), single(Float.NaN));
    System.arraycopy(Digest.of(unusable), 0, changed, Digest.BYTES, Digest.BYTES);
    assertThatExceptionOfType(MalformedArtifactException.class)
        .isThrownBy(() -> new DeltaReader().apply(old, FileHeader.file(Kind.DELTA, changed)))
        .withMessageContaining("tensor 2_b: a value is NaN, must be finite");
  }

  @Test
  void floatsBesideOlderOnesAreLookedAtToo() {
    ParameterTensor place = ARCHITECTURE.tensors().get(0);
    CompressedNetwork network = network(0, weights(1));
    OldTensor old = new OldTensor(null, new float[6], new int[0]);
    ByteSink relative = new ByteSink();
    FloatTensor tensor = weights(Float.NaN);
    RelativeTensor.write(tensor, new byte[0], old, relative);
    byte[] bytes = relative.toBytes();
    ByteSource in =
        new ByteSource(bytes, 0, bytes.length, MalformedArtifactException.Fault.INVALID_CONTENT);
    assertThatThrownBy(
            () ->
                RelativeTensor.content(
                    tensor.representation().code(), place, old, LevelCoders.none(network), in))
        .isInstanceOf(MalformedArtifactException.class)
        .hasMessageContaining("tensor 0_W: a value is NaN, must be finite");
  }
}
