package dev.pare.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.InputShape;
import dev.pare.graph.Lstm;
import dev.pare.graph.SelfAttention;
import dev.pare.graph.Shape;
import dev.pare.graph.Shortcut;
import dev.pare.model.NamedArchitecture.Name;
import dev.pare.model.NamedArchitecture.Size;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NamedArchitectureTest {
  private static final InputShape MNIST = new InputShape(1, 28, 28, 255);

  @Test
  void networksHaveTheParametersThatAreKnownOfThem() {
    assertThat(NamedArchitecture.of(Name.LENET_300_100).resolve(MNIST, 10).parameters())
        .isEqualTo(266_610);
    assertThat(NamedArchitecture.of(Name.LENET_5).resolve(MNIST, 10).parameters())
        .isEqualTo(431_080);
  }

  @Test
  void residualNetworksHaveBlocksOfTwoConvolutionsWithAShortcut() {
    Architecture architecture =
        new NamedArchitecture(Name.RESNET, List.of(4, 8), Map.of(Size.BLOCKS, 2))
            .resolve(MNIST, 10);

    assertThat(architecture.layers()).filteredOn(Shortcut.class::isInstance).hasSize(4);
    assertThat(architecture.layers()).filteredOn(Convolution.class::isInstance).hasSize(9);
    assertThat(architecture.inputShape(architecture.layers().size() - 1))
        .isEqualTo(new Shape(8, 1, 1));
    assertThat(NamedArchitecture.of(Name.RESNET).resolve(MNIST, 10).parameters()).isEqualTo(75_722);
  }

  @Test
  void lstmReadsRows() {
    Architecture architecture =
        new NamedArchitecture(Name.LSTM, List.of(32, 16)).resolve(MNIST, 10);

    assertThat(architecture.layers())
        .containsExactly(
            new Lstm(32, Lstm.Steps.ALL),
            new Lstm(16, Lstm.Steps.LAST),
            new Dense(10, Activation.SOFTMAX));
    assertThat(architecture.parameters())
        .isEqualTo(4 * 32 * (28 + 32 + 1) + 4 * 16 * (32 + 16 + 1) + 170);
  }

  @Test
  void attentionSeesPatches() {
    Architecture architecture = NamedArchitecture.of(Name.ATTENTION).resolve(MNIST, 10);

    assertThat(architecture.inputShape(1)).isEqualTo(new Shape(64, 4, 4));
    assertThat(architecture.layers()).filteredOn(SelfAttention.class::isInstance).hasSize(2);
    assertThat(architecture.parameters()).isEqualTo(71_434);
  }

  @Test
  void mlpHasTheWidthsAskedFor() {
    Architecture architecture =
        new NamedArchitecture(Name.MLP, List.of(128, 64)).resolve(MNIST, 10);

    assertThat(architecture.layers())
        .containsExactly(
            new Dense(128, Activation.RELU),
            new Dense(64, Activation.RELU),
            new Dense(10, Activation.SOFTMAX));
  }

  @Test
  void mlpWithoutWidthsIsSoftmaxRegression() {
    assertThat(NamedArchitecture.of(Name.MLP).resolve(MNIST, 10).parameters()).isEqualTo(7850);
  }

  @Test
  void refusesWidthsThatMeanNothing() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NamedArchitecture(Name.LENET_5, List.of(128)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NamedArchitecture(Name.MLP, List.of(128, 0)));
  }

  @Test
  void refusesWhatDoesNotFitTogether() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NamedArchitecture(Name.RESNET, List.of(16, 8)))
        .withMessage("widths = [16, 8]: must not fall from one to the next");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NamedArchitecture(Name.ATTENTION, List.of(30, 8)))
        .withMessage("widths = [30, 8]: the first must be a multiple of heads, 4");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NamedArchitecture(Name.ATTENTION, List.of(32)))
        .withMessage("widths = [32]: must be a list of 2 whole numbers");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> NamedArchitecture.of(Name.ATTENTION).resolve(new InputShape(1, 28, 30, 1), 10))
        .withMessage("images of 28×30 are no squares of patches of 7");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> NamedArchitecture.of(Name.RESNET).resolve(new InputShape(5, 28, 30, 1), 10))
        .withMessage("images of 28×30 are no squares");
  }

  @Test
  void refusesImagesTooSmallForTheConvolutions() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> NamedArchitecture.of(Name.LENET_5).resolve(new InputShape(1, 8, 8, 16), 10))
        .withMessageContaining("does not fit");
  }
}
