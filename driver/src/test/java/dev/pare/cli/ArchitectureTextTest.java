package dev.pare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.model.InputShape;
import dev.pare.model.NamedArchitecture;
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
  }

  private static String text(NamedArchitecture.Name name) {
    return ArchitectureText.of(NamedArchitecture.of(name).resolve(MNIST, 10));
  }
}
