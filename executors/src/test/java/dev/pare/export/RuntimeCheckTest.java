package dev.pare.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.CompressedTensor;
import dev.pare.artifact.FloatTensor;
import dev.pare.candidate.Metric;
import dev.pare.data.Examples;
import dev.pare.evaluate.Evaluator;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.InputShape;
import dev.pare.graph.Node;
import dev.pare.graph.Pooling;
import dev.pare.graph.Shortcut;
import dev.pare.graph.SparseActivation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import onnx.Onnx.ModelProto;
import onnx.Onnx.TensorProto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.shade.protobuf.ByteString;
import org.nd4j.shade.protobuf.InvalidProtocolBufferException;

/** Models that compute something else do not get through. */
class RuntimeCheckTest {
  /** A block with a shortcut, whose layers are read by several. */
  private static final Architecture BLOCK =
      new Architecture(
          new InputShape(1, 6, 6, 255),
          List.of(
              new Convolution(4, 3, 1, 1, Activation.RELU),
              new Convolution(4, 3, 1, 1, Activation.TANH),
              Node.of(new Shortcut(Activation.RELU), 1, 0),
              new Pooling(Pooling.Pool.MAX, 2, 2),
              new Dense(16, Activation.RELU),
              new Dense(3, Activation.SOFTMAX)));

  static Stream<Architecture> samples() {
    return OnnxExportTest.samples();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void modelsOfAllLayersPass(Architecture architecture) {
    ExportedModel model =
        OnnxExport.of(OnnxExportTest.random(architecture), WeightForm.FLOAT, Map.of());
    assertThat(RuntimeCheck.compare(model)).isLessThan(1e-5);
  }

  @ParameterizedTest
  @EnumSource
  void roundedWeightsPassBesideTheNetworkThatHasThem(WeightForm form) {
    ExportedModel model = OnnxExport.of(OnnxExportTest.random(BLOCK), form, Map.of());
    assertThat(RuntimeCheck.compare(model)).isLessThan(1e-5);
  }

  @ParameterizedTest
  @EnumSource
  void theFirstLayerThatDiffersIsNamed(Damage damage) {
    ExportedModel model = OnnxExport.of(OnnxExportTest.random(BLOCK), WeightForm.FLOAT, Map.of());
    ExportedModel damaged = damaged(model, damage.tensor);
    assertThatThrownBy(() -> RuntimeCheck.compare(damaged))
        .isInstanceOf(ExportException.class)
        .hasMessageStartingWith("ONNX Runtime's outputs differ by ")
        .hasMessageContaining(damage.message);
  }

  private enum Damage {
    FIRST("layer_0/W", "they differ from layer 0 on (convolution 4 of 3×3 padding 1 relu), by "),
    SECOND("layer_1/b", "they differ from layer 1 on (convolution 4 of 3×3 padding 1 tanh), by "),
    DENSE("layer_4/W", "they differ from layer 4 on (dense 16 relu), by "),
    LAST("layer_5/b", "they differ in the last layer, 5 (dense 3 softmax)");

    private final String tensor;
    private final String message;

    Damage(String tensor, String message) {
      this.tensor = tensor;
      this.message = message;
    }
  }

  /** The same with another first number in a tensor. */
  private static ExportedModel damaged(ExportedModel model, String tensor) {
    try {
      ModelProto.Builder builder = ModelProto.parseFrom(model.bytes()).toBuilder();
      for (TensorProto.Builder candidate : builder.getGraphBuilder().getInitializerBuilderList()) {
        if (candidate.getName().equals(tensor)) {
          byte[] raw = candidate.getRawData().toByteArray();
          ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN).putFloat(0, 7);
          candidate.setRawData(ByteString.copyFrom(raw));
        }
      }
      return new ExportedModel(
          builder.build().toByteArray(), model.source(), model.written(), model.layers(), false);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  /** An output may jump where what it follows from is rounded, but not most of them. */
  @Test
  void jumpsAreRare() {
    Architecture sparse =
        new Architecture(
            new InputShape(4, 1, 1, 1),
            List.of(
                new Dense(3, Activation.IDENTITY),
                SparseActivation.binary(1),
                new Dense(2, Activation.SOFTMAX)));
    ExportedModel model = OnnxExport.of(OnnxExportTest.random(sparse), WeightForm.FLOAT, Map.of());
    assertThat(RuntimeCheck.compare(model)).isLessThan(1e-5);
    assertThatThrownBy(() -> RuntimeCheck.compare(damaged(model, "layer_0/W")))
        .hasMessageContaining("they differ from layer 0 on");
  }

  @Test
  void theMetricIsTheFiles() {
    CompressedNetwork network = OnnxExportTest.random(BLOCK);
    Examples examples = labelled(network, 500);
    RuntimeCheck.Scores scores =
        RuntimeCheck.compare(
            OnnxExport.of(network, WeightForm.FLOAT, Map.of()), examples, Metric.ERROR);
    assertThat(scores.file().value()).isZero();
    assertThat(scores.model()).isEqualTo(scores.file());
  }

  /** Weights that need more than 8 bits: the metric says so, not the outputs. */
  @Test
  void roundingThatCostsTooMuchIsRefused() {
    CompressedNetwork network = coarse();
    Examples examples = labelled(network, 500);
    ExportedModel model = OnnxExport.of(network, WeightForm.INT8, Map.of());
    RuntimeCheck.compare(model);
    assertThatThrownBy(() -> RuntimeCheck.compare(model, examples, Metric.ERROR))
        .isInstanceOf(ExportException.class)
        .hasMessageStartingWith("error is ")
        .hasMessageContaining(" % in ONNX Runtime, the file's 0.00 %: at most 0.05 points may lie")
        .hasMessageContaining("outputs differ from layer 0 on (dense 64 relu), by ");
  }

  /** One weight of each unit is a thousand times the others. */
  private static CompressedNetwork coarse() {
    Architecture architecture =
        new Architecture(
            new InputShape(64, 1, 1, 1),
            List.of(new Dense(64, Activation.RELU), new Dense(3, Activation.SOFTMAX)));
    CompressedNetwork random = OnnxExportTest.random(architecture);
    List<CompressedTensor> tensors = new ArrayList<>(random.tensors());
    float[] weights = tensors.get(0).toFloats();
    for (int unit = 0; unit < 64; unit++) {
      weights[unit * 64] = 100;
    }
    tensors.set(0, new FloatTensor(64, 64, weights));
    return random.withTensors(tensors);
  }

  /** Examples that a network gets right. */
  private static Examples labelled(CompressedNetwork network, int count) {
    SomeInputs inputs = SomeInputs.of(network, count);
    float[] outputs = Evaluator.logits(network.toNetwork(), inputs);
    int classes = outputs.length / count;
    return new Examples() {
      @Override
      public int size() {
        return count;
      }

      @Override
      public int features() {
        return inputs.features();
      }

      @Override
      public int classes() {
        return classes;
      }

      @Override
      public int label(int index) {
        int best = 0;
        for (int c = 1; c < classes; c++) {
          if (outputs[index * classes + c] > outputs[index * classes + best]) {
            best = c;
          }
        }
        return best;
      }

      @Override
      public void copyFeatures(int index, float[] target, int offset) {
        inputs.copyFeatures(index, target, offset);
      }
    };
  }
}
