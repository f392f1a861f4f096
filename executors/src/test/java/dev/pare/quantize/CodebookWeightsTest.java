package dev.pare.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pare.data.TestSeed;
import dev.pare.graph.Network;
import dev.pare.graph.Parameter.Role;
import dev.pare.graph.ParameterTensor;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodebookWeightsTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 8})
  void levelsAndCodebookDecodeToTheParameters(int bits) {
    SplittableRandom random = TestSeed.random();
    Network start = SparseNetworks.random(random);
    CodebookWeights weights = new CodebookWeights(start, bits);
    checkDecoded(weights, start, bits);
    float[] values = weights.values();
    float[] original = values.clone();
    for (int i = 0; i < values.length; i++) {
      values[i] = -original[i];
    }
    checkDecoded(weights, start, bits);
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.round(original[i] * 4) / 4f + 0f;
    }
    checkDecoded(weights, start, bits);
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(2) == 0 ? 0 : original[i];
    }
    checkDecoded(weights, start, bits);
    java.util.Arrays.fill(values, 0.5f);
    checkDecoded(weights, start, bits);
    java.util.Arrays.fill(values, 0);
    checkDecoded(weights, start, bits);
  }

  private static void checkDecoded(CodebookWeights weights, Network start, int bits) {
    float[] parameters = weights.parameters();
    for (ParameterTensor tensor : SparseNetworks.tensors(Role.WEIGHT)) {
      float[] codebook = weights.codebook(tensor);
      assertThat(codebook.length).isLessThanOrEqualTo(1 << bits);
      int negatives = 0;
      for (int c = 0; c < codebook.length; c++) {
        assertThat(codebook[c]).isNotZero();
        assertThat(c == 0 || codebook[c] > codebook[c - 1]).isTrue();
        negatives += codebook[c] < 0 ? 1 : 0;
      }
      short[] levels = weights.levels(tensor);
      for (int i = 0; i < levels.length; i++) {
        float decoded =
            levels[i] == 0 ? 0 : codebook[negatives + levels[i] - (levels[i] > 0 ? 1 : 0)];
        // As numbers: a centroid of minus zero is a zero.
        assertThat(decoded == parameters[tensor.offset() + i])
            .as(
                "%s[%d] = %s, decoded %s",
                tensor.name(), i, parameters[tensor.offset() + i], decoded)
            .isTrue();
        if (start.parameters()[tensor.offset() + i] == 0) {
          assertThat(levels[i]).isZero();
        }
      }
    }
    for (ParameterTensor tensor : SparseNetworks.tensors(Role.BIAS)) {
      float[] bias = Arrays.copyOfRange(weights.parameters(), tensor.offset(), tensor.end());
      for (int i = 0; i < bias.length; i++) {
        assertThat(bias[i]).isEqualTo(parameters[tensor.offset() + i]);
      }
    }
  }

  @Test
  void startsFromTheNearestCentroidsAndTheBiasesAsTheyAre() {
    Network start = SparseNetworks.random(TestSeed.random());
    CodebookWeights weights = new CodebookWeights(start, 3);
    float[] parameters = weights.parameters();
    for (ParameterTensor tensor : SparseNetworks.tensors(Role.WEIGHT)) {
      Set<Float> values = new HashSet<>();
      for (float value : weights.codebook(tensor)) {
        values.add(value);
      }
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        float w = start.parameters()[i];
        for (float value : values) {
          assertThat(w == 0 || Math.abs(w - parameters[i]) <= Math.abs(w - value) + 1e-7).isTrue();
        }
      }
    }
    for (ParameterTensor tensor : SparseNetworks.tensors(Role.BIAS)) {
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        assertThat(parameters[i]).isEqualTo(start.parameters()[i]);
      }
    }
  }

  @Test
  void gradientsAreCentralDifferencesThroughTheParameters() {
    SplittableRandom random = TestSeed.random();
    Network start = SparseNetworks.random(random);
    CodebookWeights weights = new CodebookWeights(start, 3);
    float[] direction = SparseNetworks.gradient(random);
    float[] values = weights.values();
    float[] gradient = weights.pullBack(direction).clone();
    for (int i = 0; i < values.length; i++) {
      float kept = values[i];
      values[i] = kept + 0.25f;
      double above = inner(weights, direction);
      values[i] = kept - 0.25f;
      double below = inner(weights, direction);
      values[i] = kept;
      assertThat((double) gradient[i])
          .as("variable %d", i)
          .isCloseTo((above - below) / 0.5, within(1e-5));
    }
  }

  @Test
  void aTensorOfZerosHasAnEmptyCodebook() {
    Network start =
        new Network(
            SparseNetworks.ARCHITECTURE, new float[SparseNetworks.ARCHITECTURE.parameters()]);
    CodebookWeights weights = new CodebookWeights(start, 4);
    checkDecoded(weights, start, 4);
    for (ParameterTensor tensor : SparseNetworks.tensors(Role.WEIGHT)) {
      assertThat(weights.codebook(tensor)).isEmpty();
    }
    ParameterTensor bias = SparseNetworks.tensors(Role.BIAS).get(0);
    assertThatThrownBy(() -> weights.codebook(bias))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no weight tensor 0_b");
  }

  private static double inner(CodebookWeights weights, float[] direction) {
    float[] parameters = weights.parameters();
    double sum = 0;
    for (int i = 0; i < direction.length; i++) {
      sum += (double) parameters[i] * direction[i];
    }
    return sum;
  }
}
