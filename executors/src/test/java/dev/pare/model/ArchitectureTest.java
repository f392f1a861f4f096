package dev.pare.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.model.ParameterTensor.Role;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final Layer OUTPUT = new Layer.Dense(10, Activation.SOFTMAX);
  private static final InputShape IMAGE = new InputShape(1, 28, 28, 255);

  @Test
  void lenet5HasTheTensorsOfItsCaffeVersion() {
    Architecture lenet =
        new Architecture(
            IMAGE,
            List.of(
                new Layer.Convolution(20, 5, 1, Activation.IDENTITY),
                new Layer.Pooling(Layer.Pool.MAX, 2, 2),
                new Layer.Convolution(50, 5, 1, Activation.IDENTITY),
                new Layer.Pooling(Layer.Pool.MAX, 2, 2),
                new Layer.Dense(500, Activation.RELU),
                OUTPUT));
    assertThat(lenet.parameters()).isEqualTo(431_080);
    assertThat(lenet.classes()).isEqualTo(10);
    assertThat(lenet.shapes().get(4)).isEqualTo(new Architecture.Shape(50, 4, 4));
    assertThat(lenet.tensors())
        .containsExactly(
            new ParameterTensor("0_W", Role.WEIGHT, 0, 0, 20, 25),
            new ParameterTensor("0_b", Role.BIAS, 0, 500, 1, 20),
            new ParameterTensor("2_W", Role.WEIGHT, 2, 520, 50, 500),
            new ParameterTensor("2_b", Role.BIAS, 2, 25_520, 1, 50),
            new ParameterTensor("4_W", Role.WEIGHT, 4, 25_570, 500, 800),
            new ParameterTensor("4_b", Role.BIAS, 4, 425_570, 1, 500),
            new ParameterTensor("5_W", Role.WEIGHT, 5, 426_070, 10, 500),
            new ParameterTensor("5_b", Role.BIAS, 5, 431_070, 1, 10));
  }

  @Test
  void windowsThatDoNotFitAreDropped() {
    Architecture odd =
        new Architecture(
            new InputShape(3, 9, 8, 1), List.of(new Layer.Pooling(Layer.Pool.MAX, 2, 2), OUTPUT));
    assertThat(odd.shapes().get(1)).isEqualTo(new Architecture.Shape(3, 4, 4));
  }

  @Test
  void whatDoesNotEndWithADenseLayerIsRefused() {
    refused(List.of(), "the last layer must be dense: there is none");
    refused(
        List.of(new Layer.Dense(4, Activation.SOFTMAX), OUTPUT),
        "layer 0: softmax is the last layer's activation alone");
    refused(
        List.of(new Layer.Pooling(Layer.Pool.MAX, 2, 2)),
        "the last layer must be dense: layer 0 is Pooling[pool=MAX, window=2, stride=2]");
    for (Activation activation : Activation.values()) {
      Architecture ends = new Architecture(IMAGE, List.of(new Layer.Dense(3, activation)));
      assertThat(ends.output()).isEqualTo(activation);
      assertThat(ends.classes()).isEqualTo(3);
    }
    refused(
        List.of(new Layer.Convolution(4, 29, 1, Activation.RELU), OUTPUT),
        "layer 0: a window of 29 does not fit 28×28");
    refused(
        List.of(
            new Layer.Convolution(4, Layer.Axis.POINTS, new Layer.Axis(29, 1, 0), Activation.RELU),
            OUTPUT),
        "layer 0: a window of 1×29 does not fit 28×28");
    refused(
        List.of(
            new Layer.Factored(
                new Layer.Convolution(4, 3, 1, Activation.RELU), List.of(5), Layer.Remainder.NONE),
            OUTPUT),
        "a rank of 5 for 4×9 weights");
    refused(
        List.of(new Layer.Dense(Integer.MAX_VALUE, Activation.RELU), OUTPUT),
        "more than 2147483583 parameters");
  }

  @Test
  void layersOfFactorsHaveTheirInnerLayersTensorsWithFactorsForWeights() {
    Architecture architecture =
        new Architecture(
            new InputShape(1, 4, 6, 1),
            List.of(
                new Layer.Factored(
                    new Layer.Lstm(3, Layer.Steps.LAST), List.of(2, 0), Layer.Remainder.NONE),
                new Layer.Factored(OUTPUT, List.of(1), Layer.Remainder.SPARSE)));

    assertThat(architecture.classes()).isEqualTo(10);
    assertThat(
            architecture.tensors().stream().map(t -> t.name() + " " + t.rows() + "×" + t.columns()))
        .containsExactly(
            "0_W.U 12×2",
            "0_W.V 2×6",
            "0_RW 12×3",
            "0_b 1×12",
            "1_W.U 10×1",
            "1_W.V 1×3",
            "1_W.S 10×3",
            "1_b 1×10");
    assertThat(architecture.tensors().stream().filter(architecture::isRemainder))
        .extracting(ParameterTensor::name)
        .containsExactly("1_W.S");
    assertThatThrownBy(() -> new Layer.Factored(OUTPUT, List.of(1, 2), Layer.Remainder.NONE))
        .hasMessageStartingWith("2 ranks for the 1 weight tensors of Dense");
    assertThatThrownBy(() -> new Layer.Factored(OUTPUT, List.of(0), Layer.Remainder.NONE))
        .hasMessage("ranks = [0]: must be at least 0, and not all");
    assertThatThrownBy(
            () -> new Layer.Factored(new Layer.Positions(), List.of(), Layer.Remainder.NONE))
        .hasMessageStartingWith("no weights to hold as products");
  }

  @Test
  void recurrentAndAttentiveLayersHaveDl4jsTensors() {
    Architecture architecture =
        new Architecture(
            IMAGE,
            List.of(
                new Layer.Convolution(6, 14, 14, Activation.IDENTITY),
                new Layer.Positions(),
                new Layer.LayerNormalization(1e-5f),
                new Layer.SelfAttention(3),
                new Layer.Lstm(5, Layer.Steps.LAST),
                OUTPUT));
    assertThat(architecture.shapes().get(4)).isEqualTo(new Architecture.Shape(6, 2, 2));
    assertThat(architecture.shapes().get(5)).isEqualTo(new Architecture.Shape(5, 1, 1));
    assertThat(
            architecture.tensors().stream().map(t -> t.name() + " " + t.rows() + "×" + t.columns()))
        .containsExactly(
            "0_W 6×196",
            "0_b 1×6",
            "1_b 1×24",
            "2_gamma 1×6",
            "2_beta 1×6",
            "3_Wq 6×6",
            "3_Wk 6×6",
            "3_Wv 6×6",
            "3_Wo 6×6",
            "4_W 20×12",
            "4_RW 20×5",
            "4_b 1×20",
            "5_W 10×5",
            "5_b 1×10");
  }

  @Test
  void paddingAddsToBothSides() {
    Architecture padded =
        new Architecture(
            IMAGE,
            List.of(
                new Layer.Convolution(2, 3, 1, 1, Activation.RELU),
                new Layer.Convolution(2, 3, 2, 1, Activation.RELU),
                new Layer.Convolution(2, 5, 1, 4, Activation.RELU),
                OUTPUT));
    assertThat(padded.shapes().stream().map(Architecture.Shape::height))
        .containsExactly(28, 28, 14, 18, 1);
  }

  @Test
  void shortcutsMustFit() {
    Layer narrow = new Layer.Convolution(2, 3, 2, 1, Activation.RELU);
    Layer wide = new Layer.Convolution(4, 3, 2, 1, Activation.RELU);
    Layer shortcut = new Layer.Shortcut(0, Activation.RELU);
    assertThat(new Architecture(IMAGE, List.of(narrow, wide, shortcut, OUTPUT)).shortcutStride(2))
        .isEqualTo(2);
    refused(
        List.of(wide, narrow, shortcut, OUTPUT),
        "layer 2: a shortcut from Shape[channels=4, height=14, width=14] does not fit"
            + " Shape[channels=2, height=7, width=7]");
    refused(
        List.of(narrow, new Layer.Convolution(2, 6, 1, Activation.RELU), shortcut, OUTPUT),
        "layer 2: a shortcut from Shape[channels=2, height=14, width=14] does not fit"
            + " Shape[channels=2, height=9, width=9]");
    refused(List.of(narrow, shortcut, OUTPUT), "layer 1: a shortcut from layer 0 skips nothing");
    refused(
        List.of(narrow, wide, new Layer.Shortcut(7, Activation.RELU), OUTPUT),
        "layer 2: a shortcut from layer 7 skips nothing");
    refused(List.of(wide, new Layer.SelfAttention(3), OUTPUT), "layer 1: 4 channels for 3 heads");
    assertThatThrownBy(() -> new Layer.Convolution(1, 3, 1, 3, Activation.RELU))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("padding = 3: must be at least 0 and less than the kernel's 3");
  }

  private static void refused(List<Layer> layers, String message) {
    assertThatThrownBy(() -> new Architecture(IMAGE, layers))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void sizesBeyondAnyArrayAreIllegalArguments() {
    assertThatThrownBy(() -> new InputShape(1 << 20, 1 << 20, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                new Architecture(
                    IMAGE,
                    List.of(
                        new Layer.Convolution(1 << 24, 1, 1, Activation.RELU),
                        new Layer.Dense(1, Activation.RELU),
                        OUTPUT)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                new Architecture(
                    IMAGE, List.of(new Layer.Convolution(1, 1 << 20, 1, Activation.RELU), OUTPUT)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void badSizesNameTheSetting() {
    assertThatThrownBy(() -> new Layer.Dense(0, Activation.RELU))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("units = 0: must be at least 1");
    assertThatThrownBy(() -> new Layer.Convolution(1, 1, 0, Activation.RELU))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("stride = 0: must be at least 1");
    assertThatThrownBy(() -> new InputShape(1, 0, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("input shape 1×0×1: sides must be at least 1");
    assertThatThrownBy(() -> new InputShape(1, 1, 1, Float.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("divisor = NaN: must be positive and finite");
  }

  @Test
  void parametersMustBeAsManyAsTheArchitectureHas() {
    Architecture architecture = new Architecture(IMAGE, List.of(OUTPUT));
    assertThatThrownBy(() -> new Network(architecture, new float[7850 - 1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("7849 parameters for an architecture of 7850");
  }
}
