package dev.pare.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final Layer OUTPUT = new Dense(10, Activation.SOFTMAX);
  private static final InputShape IMAGE = new InputShape(1, 28, 28, 255);

  @Test
  void lenet5HasTheTensorsOfItsCaffeVersion() {
    Architecture lenet =
        new Architecture(
            IMAGE,
            List.of(
                new Convolution(20, 5, 1, Activation.IDENTITY),
                new Pooling(Pooling.Pool.MAX, 2, 2),
                new Convolution(50, 5, 1, Activation.IDENTITY),
                new Pooling(Pooling.Pool.MAX, 2, 2),
                new Dense(500, Activation.RELU),
                OUTPUT));
    assertThat(lenet.parameters()).isEqualTo(431_080);
    assertThat(lenet.outputs()).isEqualTo(10);
    assertThat(lenet.inputShape(4)).isEqualTo(new Shape(50, 4, 4));
    assertThat(
            lenet.tensors().stream()
                .map(
                    t ->
                        t.name()
                            + " "
                            + t.role()
                            + " "
                            + t.offset()
                            + " "
                            + t.rows()
                            + "×"
                            + t.columns()))
        .containsExactly(
            "0_W WEIGHT 0 20×25",
            "0_b BIAS 500 1×20",
            "2_W WEIGHT 520 50×500",
            "2_b BIAS 25520 1×50",
            "4_W WEIGHT 25570 500×800",
            "4_b BIAS 425570 1×500",
            "5_W WEIGHT 426070 10×500",
            "5_b BIAS 431070 1×10");
  }

  @Test
  void windowsThatDoNotFitAreDropped() {
    Architecture odd =
        new Architecture(
            new InputShape(3, 9, 8, 1), List.of(new Pooling(Pooling.Pool.MAX, 2, 2), OUTPUT));
    assertThat(odd.inputShape(1)).isEqualTo(new Shape(3, 4, 4));
  }

  @Test
  void outputsAreTheUnitsOfTheLastWeightsBeforeThem() {
    List<Architecture> endings = OperatorSamples.endings();
    assertThat(endings.get(0).outputLayers()).containsExactly(1);
    assertThat(endings.get(1).outputLayers()).containsExactly(1);
    assertThat(endings.get(2).outputLayers()).containsExactly(0, 1);
    assertThat(endings.get(3).outputLayers()).containsExactly(1, 2);
    assertThat(OperatorSamples.projection().outputLayers()).containsExactly(10);
    assertThat(endings).allSatisfy(ending -> assertThat(ending.outputs()).isEqualTo(4));
  }

  @Test
  void whatMakesNoPointAndASoftmaxElsewhereAreRefused() {
    refused(List.of(), "a network needs at least one layer");
    refused(
        List.of(new Dense(4, Activation.SOFTMAX), OUTPUT),
        "layer 0: softmax is the activation of a dense last layer alone");
    for (Activation activation : Activation.values()) {
      Architecture ends = new Architecture(IMAGE, List.of(new Dense(3, activation)));
      assertThat(ends.output()).isEqualTo(activation);
      assertThat(ends.outputs()).isEqualTo(3);
    }
    assertThatThrownBy(
            () -> new Architecture(IMAGE, List.of(new Convolution(2, 3, 1, Activation.RELU))))
        .hasMessage(
            "layer 0: the last layer must make one number an output, not 2×26×26 (convolution)");
    assertThatThrownBy(
            () -> new Architecture(IMAGE, List.of(new Convolution(2, 28, 1, Activation.SOFTMAX))))
        .hasMessageStartingWith("layer 0: softmax is the activation of a dense last layer alone");
    refused(
        List.of(new Convolution(4, 29, 1, Activation.RELU), OUTPUT),
        "layer 0: a window of 29 does not fit 28×28");
    refused(
        List.of(new Convolution(4, Window.POINTS, new Window(29, 1, 0), Activation.RELU), OUTPUT),
        "layer 0: a window of 1×29 does not fit 28×28");
    refused(
        List.of(
            new Factored(
                new Convolution(4, 3, 1, Activation.RELU),
                List.of(5),
                Factored.SparseResidual.NONE),
            OUTPUT),
        "layer 0: a rank of 5 for 4×9 weights");
    refused(
        List.of(new Dense(Integer.MAX_VALUE, Activation.RELU), OUTPUT),
        "layer 0: more than 2147483583 parameters");
  }

  @Test
  void layersOfFactorsHaveTheirInnerLayersTensorsWithFactorsForWeights() {
    Architecture architecture =
        new Architecture(
            new InputShape(1, 4, 6, 1),
            List.of(
                new Factored(
                    new Lstm(3, Lstm.Steps.LAST), List.of(2, 0), Factored.SparseResidual.NONE),
                new Factored(OUTPUT, List.of(1), Factored.SparseResidual.PRESENT)));

    assertThat(architecture.outputs()).isEqualTo(10);
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
    assertThat(
            architecture.tensors().stream().filter(t -> t.role() == Parameter.Role.SPARSE_RESIDUAL))
        .extracting(ParameterTensor::name)
        .containsExactly("1_W.S");
    assertThatThrownBy(() -> new Factored(OUTPUT, List.of(1, 2), Factored.SparseResidual.NONE))
        .hasMessageStartingWith("2 ranks for the 1 weight tensors of Dense");
    assertThatThrownBy(() -> new Factored(OUTPUT, List.of(0), Factored.SparseResidual.NONE))
        .hasMessage("ranks = [0]: must be at least 0, and not all");
    assertThatThrownBy(() -> new Factored(new Positions(), List.of(), Factored.SparseResidual.NONE))
        .hasMessageStartingWith("no weights to hold as products");
  }

  @Test
  void recurrentAndAttentiveLayersHaveDl4jsTensors() {
    Architecture architecture =
        new Architecture(
            IMAGE,
            List.of(
                new Convolution(6, 14, 14, Activation.IDENTITY),
                new Positions(),
                new LayerNormalization(1e-5f),
                new SelfAttention(3),
                new Lstm(5, Lstm.Steps.LAST),
                OUTPUT));
    assertThat(architecture.inputShape(4)).isEqualTo(new Shape(6, 2, 2));
    assertThat(architecture.inputShape(5)).isEqualTo(new Shape(5, 1, 1));
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
                new Convolution(2, 3, 1, 1, Activation.RELU),
                new Convolution(2, 3, 2, 1, Activation.RELU),
                new Convolution(2, 5, 1, 4, Activation.RELU),
                OUTPUT));
    assertThat(IntStream.range(-1, 4).map(i -> padded.outputShape(i).height()))
        .containsExactly(28, 28, 14, 18, 1);
  }

  @Test
  void shortcutsMustFit() {
    Layer narrow = new Convolution(2, 3, 2, 1, Activation.RELU);
    Layer wide = new Convolution(4, 3, 2, 1, Activation.RELU);
    Step shortcut = Shortcut.from(0, Activation.RELU);
    Architecture fits = new Architecture(IMAGE, List.of(narrow, wide, shortcut, OUTPUT));
    assertThat(Shortcut.stride(fits.inputShape(2), fits.outputShape(0))).isEqualTo(2);
    refused(
        List.of(wide, narrow, shortcut, OUTPUT),
        "layer 2: a shortcut from 4×14×14 does not fit" + " 2×7×7");
    refused(
        List.of(narrow, new Convolution(2, 6, 1, Activation.RELU), shortcut, OUTPUT),
        "layer 2: a shortcut from 2×14×14 does not fit" + " 2×9×9");
    refused(List.of(narrow, shortcut, OUTPUT), "layer 1: a shortcut from layer 0 skips nothing");
    refused(
        List.of(narrow, wide, Shortcut.from(7, Activation.RELU), OUTPUT),
        "layer 2: a shortcut from layer 7 skips nothing");
    refused(List.of(wide, new SelfAttention(3), OUTPUT), "layer 1: 4 channels for 3 heads");
    assertThatThrownBy(() -> new Convolution(1, 3, 1, 3, Activation.RELU))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("padding = 3: must be at least 0 and less than the window's 3");
  }

  private static void refused(List<? extends Step> layers, String message) {
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
                        new Convolution(1 << 24, 1, 1, Activation.RELU),
                        new Dense(1, Activation.RELU),
                        OUTPUT)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                new Architecture(
                    IMAGE, List.of(new Convolution(1, 1 << 20, 1, Activation.RELU), OUTPUT)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void badSizesNameTheSetting() {
    assertThatThrownBy(() -> new Dense(0, Activation.RELU))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("units = 0: must be at least 1");
    assertThatThrownBy(() -> new Convolution(1, 1, 0, Activation.RELU))
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

  @Test
  void tokensAreFollowedThroughSelectionsOfSelections() {
    Layer reversed = new ChannelSelection(List.of(3, 2, 1, 0));
    Architecture network =
        new Architecture(
            new InputShape(4, 1, 1, 1),
            List.of(
                Node.of(reversed, Node.NETWORK_INPUT),
                Node.of(ChannelSelection.range(0, 1), 0),
                Node.of(new Embedding(9, 1), 1),
                Node.of(ChannelSelection.range(1, 1), 0),
                Node.of(new Embedding(5, 1), 3),
                Node.of(new Concatenation(), 2, 4),
                Node.of(OUTPUT, 5)));
    assertThat(network.vocabularies()).containsExactly(0, 0, 5, 9);
  }

  @Test
  void selectionsTogetherAreBounded() {
    List<Layer> layers = new ArrayList<>();
    int channels = 1 << 12;
    for (int i = 0; i <= ChannelSelection.MOST_CHANNELS / channels; i++) {
      layers.add(ChannelSelection.range(0, channels));
    }
    layers.add(OUTPUT);
    assertThatThrownBy(() -> new Architecture(new InputShape(channels, 1, 1, 1), layers))
        .hasMessageContaining("more than " + ChannelSelection.MOST_CHANNELS);
  }
}
