package dev.pare.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pare.data.TestSeed;
import dev.pare.graph.Network;
import dev.pare.graph.Parameter.Role;
import dev.pare.graph.ParameterTensor;
import dev.pare.quantize.UniformWeights.Sharing;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UniformWeightsTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void parametersAreExactlyLevelsTimesScales(int bits) {
    SplittableRandom random = TestSeed.random();
    for (Sharing sharing : Sharing.values()) {
      Network start = SparseNetworks.random(random);
      UniformWeights weights = new UniformWeights(start, bits, sharing);
      checkMaterialized(weights, start, bits, sharing);
      // As training might leave them.
      for (int i = 0; i < weights.values().length; i++) {
        boolean pruned = i < start.parameters().length && start.parameters()[i] == 0;
        weights.values()[i] += pruned ? 0 : (float) (random.nextDouble() - 0.5) / 2;
      }
      checkMaterialized(weights, start, bits, sharing);
    }
  }

  /** XNOR-Net: α* = ‖W‖₁/n, of the weights that are left. */
  @Test
  void theScaleOfSignsIsTheMeanMagnitude() {
    Network start = SparseNetworks.random(TestSeed.random());
    UniformWeights weights = new UniformWeights(start, 1, Sharing.ROW);
    for (ParameterTensor tensor : SparseNetworks.tensors(Role.WEIGHT)) {
      for (int row = 0; row < tensor.rows(); row++) {
        double sum = 0;
        int count = 0;
        int from = tensor.offset() + row * tensor.columns();
        for (int i = from; i < from + tensor.columns(); i++) {
          sum += Math.abs(start.parameters()[i]);
          count += start.parameters()[i] == 0 ? 0 : 1;
        }
        float expected = count == 0 ? 1 : (float) (sum / count);
        assertThat(weights.scales(tensor)[row]).isEqualTo(expected);
      }
    }
  }

  private static void checkMaterialized(
      UniformWeights weights, Network start, int bits, Sharing sharing) {
    int most = most(bits);
    float[] parameters = weights.parameters();
    for (ParameterTensor tensor : SparseNetworks.tensors(Role.WEIGHT)) {
      short[] levels = weights.levels(tensor);
      float[] scales = weights.scales(tensor);
      assertThat(scales).hasSize(sharing == Sharing.TENSOR ? 1 : tensor.rows());
      for (int i = 0; i < levels.length; i++) {
        float scale = scales[sharing == Sharing.TENSOR ? 0 : i / tensor.columns()];
        assertThat(scale).isPositive();
        float parameter = parameters[tensor.offset() + i];
        assertThat(Float.floatToRawIntBits(parameter))
            .isEqualTo(Float.floatToRawIntBits(levels[i] * scale));
        assertThat(Math.abs(levels[i])).isLessThanOrEqualTo((short) most);
        if (start.parameters()[tensor.offset() + i] == 0) {
          assertThat(levels[i]).isZero();
        } else if (bits == 1) {
          assertThat(levels[i]).isNotZero();
        }
      }
    }
    for (ParameterTensor tensor : SparseNetworks.tensors(Role.BIAS)) {
      float[] bias = Arrays.copyOfRange(weights.parameters(), tensor.offset(), tensor.end());
      for (int i = 0; i < bias.length; i++) {
        assertThat(bias[i])
            .isEqualTo(parameters[tensor.offset() + i])
            .isEqualTo(weights.values()[tensor.offset() + i]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void aGroupIsRoundedAsATensorOfItsOwn(int bits) {
    SplittableRandom random = TestSeed.random();
    Network start = SparseNetworks.random(random);
    for (int group : new int[] {1, 2, 5, 8, 1000, Integer.MAX_VALUE}) {
      UniformWeights weights = UniformWeights.grouped(start, bits, group);
      UniformWeights rows = new UniformWeights(start, bits, Sharing.ROW);
      float[] parameters = weights.parameters();
      float[] direction = SparseNetworks.gradient(random);
      float[] gradient = weights.pullBack(direction);
      int scaleIndex = start.parameters().length;
      for (ParameterTensor tensor : SparseNetworks.tensors(Role.WEIGHT)) {
        float[] scales = weights.scales(tensor);
        short[] levels = weights.levels(tensor);
        int next = 0;
        for (int row = 0; row < tensor.rows(); row++) {
          int width = Math.min(group, tensor.columns());
          for (int column = 0; column < tensor.columns(); column += width) {
            double terms = 0;
            for (int c = column; c < Math.min(column + width, tensor.columns()); c++) {
              int i = row * tensor.columns() + c;
              assertThat(parameters[tensor.offset() + i]).isEqualTo(levels[i] * scales[next]);
              terms += bits == 1 ? direction[tensor.offset() + i] * levels[i] * scales[next] : 0;
            }
            if (bits == 1) {
              assertThat((double) gradient[scaleIndex]).isCloseTo(terms, within(1e-5));
            }
            scaleIndex++;
            next++;
          }
        }
        assertThat(scales).hasSize(next);
        if (group >= tensor.columns()) {
          assertThat(scales).containsExactly(rows.scales(tensor));
        }
      }
      assertThat(weights.values()).hasSize(scaleIndex);
    }
  }

  @Test
  void moreBitsComeCloserAndAScalePerRowCloserStill() {
    SplittableRandom random = TestSeed.random();
    Network start = SparseNetworks.random(random);
    double before = Double.POSITIVE_INFINITY;
    for (int bits = 2; bits <= 8; bits++) {
      double tensor = error(start, new UniformWeights(start, bits, Sharing.TENSOR));
      double row = error(start, new UniformWeights(start, bits, Sharing.ROW));
      assertThat(tensor).isLessThan(before);
      assertThat(row).isLessThan(tensor * 1.05);
      before = tensor;
    }
    // Eight bits round to within half a step of the largest.
    assertThat(before / start.parameters().length).isLessThan(Math.pow(0.5 / 127, 2));
  }

  private static double error(Network start, UniformWeights weights) {
    float[] parameters = weights.parameters();
    double error = 0;
    for (int i = 0; i < parameters.length; i++) {
      error += Math.pow(parameters[i] - start.parameters()[i], 2);
    }
    return error;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 8})
  void gradientsAreThoseOfLearnedStepSizes(int bits) {
    SplittableRandom random = TestSeed.random();
    int most = most(bits);
    for (Sharing sharing : Sharing.values()) {
      Network start = SparseNetworks.random(random);
      UniformWeights weights = new UniformWeights(start, bits, sharing);
      float[] parameterGradient = SparseNetworks.gradient(random);
      weights.parameters();
      float[] gradient = weights.pullBack(parameterGradient);
      int scaleIndex = start.parameters().length;
      for (ParameterTensor tensor : SparseNetworks.tensors(Role.WEIGHT)) {
        int length = sharing == Sharing.TENSOR ? tensor.size() : tensor.columns();
        for (int from = tensor.offset(); from < tensor.end(); from += length) {
          double scale =
              weights
                  .scales(tensor)[
                  sharing == Sharing.TENSOR ? 0 : (from - tensor.offset()) / length];
          double expected = 0;
          for (int i = from; i < from + length; i++) {
            double x = weights.values()[i] / scale;
            double g = parameterGradient[i];
            boolean zero = start.parameters()[i] == 0;
            boolean inRange = bits == 1 || Math.abs(x) <= most + 0.5;
            if (zero) {
              // Neither moves it, nor has it a say in the scale.
              continue;
            }
            assertThat(gradient[i]).isEqualTo(inRange ? parameterGradient[i] : 0);
            if (bits == 1) {
              expected += g * Math.signum(x);
            } else if (inRange) {
              double rounded = Math.min(most, Math.floor(Math.abs(x) + 0.5)) * Math.signum(x);
              expected += g * (rounded - x);
            } else {
              expected += g * most * Math.signum(x);
            }
          }
          expected *= scale;
          assertThat((double) gradient[scaleIndex])
              .as("scale %d of %d bits", scaleIndex, bits)
              .isCloseTo(expected, within(1e-4 * (1 + Math.abs(expected))));
          scaleIndex++;
        }
      }
      for (ParameterTensor tensor : SparseNetworks.tensors(Role.BIAS)) {
        for (int i = tensor.offset(); i < tensor.end(); i++) {
          assertThat(gradient[i]).isEqualTo(parameterGradient[i]);
        }
      }
    }
  }

  /** Where nothing is rounded, beyond the range and with one bit, the derivative exists. */
  @Test
  void theScalesGradientIsTheDerivativeWhereThereIsOne() {
    SplittableRandom random = TestSeed.random();
    Network start = SparseNetworks.random(random);
    UniformWeights weights = new UniformWeights(start, 1, Sharing.TENSOR);
    float[] parameterGradient = SparseNetworks.gradient(random);
    weights.parameters();
    float[] gradient = weights.pullBack(parameterGradient).clone();
    int scale = start.parameters().length;
    for (ParameterTensor tensor : SparseNetworks.tensors(Role.WEIGHT)) {
      float kept = weights.values()[scale];
      weights.values()[scale] = kept + 0.01f;
      double above = inner(weights, parameterGradient);
      weights.values()[scale] = kept - 0.01f;
      double below = inner(weights, parameterGradient);
      weights.values()[scale] = kept;
      double derivative = (above - below) / 0.02;
      assertThat((double) gradient[scale++])
          .isCloseTo(derivative, within(1e-3 * (1 + Math.abs(derivative))));
    }
  }

  private static double inner(UniformWeights weights, float[] direction) {
    float[] parameters = weights.parameters();
    double sum = 0;
    for (int i = 0; i < direction.length; i++) {
      sum += (double) parameters[i] * direction[i];
    }
    return sum;
  }

  @Test
  void scalesNeverReachZero() {
    UniformWeights weights =
        new UniformWeights(SparseNetworks.random(TestSeed.random()), 3, Sharing.ROW);
    java.util.Arrays.fill(weights.values(), -5);
    for (ParameterTensor tensor : SparseNetworks.tensors(Role.WEIGHT)) {
      for (float scale : weights.scales(tensor)) {
        assertThat(scale).isPositive();
      }
    }
  }

  private static int most(int bits) {
    return bits == 1 ? 1 : (1 << (bits - 1)) - 1;
  }
}
