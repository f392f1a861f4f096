package dev.pare.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.onnx.RuntimeSession.Nodes;
import dev.pare.onnx.RuntimeSession.Numbers;
import java.util.Map;
import onnx.Onnx.ModelProto;
import onnx.Onnx.TensorProto.DataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes into ONNX Runtime and comes out. */
class RuntimeSessionTest {
  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "INT32", "INT64"})
  void numbersAreOfTheModelsType(DataType type) {
    Models model = new Models(13, -1, 2);
    model
        .graph()
        .getInputBuilder(0)
        .getTypeBuilder()
        .getTensorTypeBuilder()
        .setElemType(type.getNumber());
    model.then("Cast", Map.of("to", DataType.FLOAT_VALUE));
    model.then("Mul", Map.of(), model.constant(new int[0], 0.5f));
    assertThat(run(model.build(), "x")).containsExactly(1.5f, 0, -1, 8);
  }

  @Test
  void whatDoesNotFitIsAFailureOfTheModel() {
    ModelProto model = new Models(13, -1, 3).then("Relu", Map.of()).build();
    assertThatThrownBy(() -> run(model, "x"))
        .isInstanceOf(OnnxException.class)
        .hasMessageStartingWith("ONNX Runtime cannot run it: ");
    assertThatThrownBy(() -> run(model, "y")).isInstanceOf(OnnxException.class);
    assertThatThrownBy(() -> new RuntimeSession(new byte[] {1}, Nodes.OPTIMIZED))
        .isInstanceOf(OnnxException.class);
  }

  private static float[] run(ModelProto model, String input) {
    try (RuntimeSession session = new RuntimeSession(model.toByteArray(), Nodes.OPTIMIZED)) {
      return session
          .run(Map.of(input, new Numbers(new float[] {3, 0, -2, 16}, 2, 2)))
          .values()
          .iterator()
          .next();
    }
  }
}
