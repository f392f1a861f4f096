package dev.pare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.model.Activation;
import dev.pare.model.Architecture;
import dev.pare.model.InputShape;
import dev.pare.model.Layer;
import dev.pare.model.NamedArchitecture;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArchitectureTextTest {
  private static final InputShape MNIST = new InputShape(1, 28, 28, 255);

  @Test
  void saysWhatEachLayerIs() {
    assertThat(text(NamedArchitecture.Name.LENET_300_100))
        .isEqualTo("1×28×28 → dense 300 relu → dense 100 relu → dense 10 softmax");
    assertThat(text(NamedArchitecture.Name.LENET_5))
        .startsWith("1×28×28 → convolution 20 of 5×5")
        .contains(" → max pool 2×2 → ")
        .endsWith(" → dense 500 relu → dense 10 softmax");
    assertThat(text(NamedArchitecture.Name.RESNET))
        .startsWith("1×28×28 → convolution 16 of 3×3 padding 1 → batch normalization relu → ")
        .contains(" → shortcut from layer 1 relu → ");
    assertThat(text(NamedArchitecture.Name.LSTM))
        .isEqualTo("1×28×28 → LSTM 128 last step → dense 10 softmax");
    assertThat(text(NamedArchitecture.Name.ATTENTION))
        .startsWith(
            "1×28×28 → convolution 64 of 7×7 stride 7 → positions → layer normalization →"
                + " self-attention of 4 heads → shortcut from layer 1 → ");
  }

  @Test
  void saysOfWhatRankFactorsAre() {
    Architecture architecture =
        new Architecture(
            new InputShape(1, 9, 9, 1),
            List.of(
                new Layer.Convolution(
                    4, new Layer.Axis(3, 2, 1), Layer.Axis.POINTS, Activation.IDENTITY),
                new Layer.Factored(
                    new Layer.Lstm(6, Layer.Steps.LAST), List.of(2, 0), Layer.Remainder.NONE),
                new Layer.Factored(
                    new Layer.Dense(3, Activation.SOFTMAX), List.of(1), Layer.Remainder.SPARSE)));

    assertThat(ArchitectureText.of(architecture))
        .isEqualTo(
            "1×9×9 → convolution 4 of 3×1 stride 2×1 padding 1×0 → LSTM 6 last step of rank 2/– →"
                + " dense 3 softmax of rank 1 and a remainder");
  }

  @Test
  void tellsOfSparseActivationsAndWidthsOfHeads() {
    Architecture architecture =
        new Architecture(
            new InputShape(1, 4, 4, 1),
            List.of(
                new Layer.Convolution(6, 2, 2, Activation.IDENTITY),
                Layer.SparseActivation.threshold(0.5f),
                new Layer.SelfAttention(1, 3),
                Layer.SparseActivation.winners(7),
                Layer.SparseActivation.binary(0.75f),
                new Layer.Dense(3, Activation.SOFTMAX)));
    assertThat(ArchitectureText.of(architecture))
        .isEqualTo(
            "1×4×4 → convolution 6 of 2×2 stride 2 → threshold 0.5 → self-attention of 1 head of 3"
                + " → 7 winners → binary 0.75 → dense 3 softmax");
  }

  private static String text(NamedArchitecture.Name name) {
    return ArchitectureText.of(NamedArchitecture.of(name).resolve(MNIST, 10));
  }
}
