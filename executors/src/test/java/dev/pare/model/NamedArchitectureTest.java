package dev.pare.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.pare.model.NamedArchitecture.Name;
import java.util.List;
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
  void mlpHasTheWidthsAskedFor() {
    Architecture architecture =
        new NamedArchitecture(Name.MLP, List.of(128, 64)).resolve(MNIST, 10);

    assertThat(architecture.layers())
        .containsExactly(
            new Layer.Dense(128, Activation.RELU),
            new Layer.Dense(64, Activation.RELU),
            new Layer.Dense(10, Activation.SOFTMAX));
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
  void refusesImagesTooSmallForTheConvolutions() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> NamedArchitecture.of(Name.LENET_5).resolve(new InputShape(1, 8, 8, 16), 10))
        .withMessageContaining("does not fit");
  }
}
