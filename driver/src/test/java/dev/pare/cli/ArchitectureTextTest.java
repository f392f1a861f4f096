package dev.pare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Factored;
import dev.pare.graph.InputShape;
import dev.pare.graph.Lstm;
import dev.pare.graph.SelfAttention;
import dev.pare.graph.SparseActivation;
import dev.pare.graph.Window;
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
        .contains(" → shortcut relu from layer 1 → ");
    assertThat(text(NamedArchitecture.Name.LSTM))
        .isEqualTo("1×28×28 → LSTM 128 last step → dense 10 softmax");
    assertThat(text(NamedArchitecture.Name.ATTENTION))
        .startsWith(
            "1×28×28 → convolution 64 of 7×7 stride 7 → positions → layer normalization →"
                + " self-attention of 4 heads → shortcut from layer 1 → ");
  }

  @Test
  void saysHowLargeItIs() {
    assertThat(
            ArchitectureText.size(
                NamedArchitecture.of(NamedArchitecture.Name.LENET_300_100).resolve(MNIST, 10)))
        .isEqualTo("3 layers, 266610 parameters, 266200 multiply-adds an example");
    // Five places of four channels: four matrices at each, two products of all with all.
    assertThat(
            ArchitectureText.size(
                new Architecture(
                    new InputShape(4, 5, 1, 1),
                    List.of(new SelfAttention(2), new Dense(3, Activation.SOFTMAX)))))
        .isEqualTo(
            "2 layers, 127 parameters, 580 multiply-adds an example, 200 of these of two"
                + " activations");
  }

  @Test
  void saysOfWhatRankFactorsAre() {
    Architecture architecture =
        new Architecture(
            new InputShape(1, 9, 9, 1),
            List.of(
                new Convolution(4, new Window(3, 2, 1), Window.POINTS, Activation.IDENTITY),
                new Factored(
                    new Lstm(6, Lstm.Steps.LAST), List.of(2, 0), Factored.SparseResidual.NONE),
                new Factored(
                    new Dense(3, Activation.SOFTMAX),
                    List.of(1),
                    Factored.SparseResidual.PRESENT)));

    assertThat(ArchitectureText.of(architecture))
        .isEqualTo(
            "1×9×9 → convolution 4 of 3×1 stride 2×1 padding 1×0 → LSTM 6 last step of rank 2/– →"
                + " dense 3 softmax of rank 1 and a sparse residual");
  }

  @Test
  void tellsOfSparseActivationsAndWidthsOfHeads() {
    Architecture architecture =
        new Architecture(
            new InputShape(1, 4, 4, 1),
            List.of(
                new Convolution(6, 2, 2, Activation.IDENTITY),
                SparseActivation.threshold(0.5f),
                new SelfAttention(1, 3),
                SparseActivation.topK(7),
                SparseActivation.binary(0.75f),
                new Dense(3, Activation.SOFTMAX)));
    assertThat(ArchitectureText.of(architecture))
        .isEqualTo(
            "1×4×4 → convolution 6 of 2×2 stride 2 → threshold 0.5 → self-attention of 1 head of 3"
                + " → top-7 → binary 0.75 → dense 3 softmax");
  }

  private static String text(NamedArchitecture.Name name) {
    return ArchitectureText.of(NamedArchitecture.of(name).resolve(MNIST, 10));
  }
}
