package dev.pare.sparsify;

import dev.pare.candidate.Granularity;
import dev.pare.candidate.Prune;
import dev.pare.graph.Architecture;
import dev.pare.graph.ParameterTensor;
import dev.pare.train.MaskedWeights;
import java.util.Arrays;
import java.util.Optional;

/**
 * Layer-adaptive magnitude (LAMP, Lee et al. 2021): a weight's square over the sum of the squares
 * of all weights of its layer that are not smaller. Within a layer weights go as by their
 * magnitude; between layers by how much of what is left of each would go, so that no layer loses
 * all.
 */
final class LampSaliency implements Saliency {
  @Override
  public String name() {
    return "lamp";
  }

  @Override
  public Evidence evidence() {
    return Evidence.NONE;
  }

  @Override
  public Optional<String> conflict(Prune settings) {
    return settings.granularity().kind() == Granularity.Kind.WEIGHT
        ? Optional.empty()
        : Optional.of("saliency = lamp: needs granularity = weight");
  }

  @Override
  public SaliencyCriterion criterion(
      Prune settings,
      Architecture architecture,
      MaskedWeights weights,
      CalibrationSource calibration) {
    return new Criterion(architecture, weights);
  }

  private record Criterion(Architecture architecture, MaskedWeights weights)
      implements SaliencyCriterion {
    @Override
    public Combination combination() {
      return Combination.SUM;
    }

    @Override
    public void score(float[] scores) {
      for (ParameterTensor tensor : architecture.weights()) {
        score(tensor, weights.values(), scores);
      }
    }

    private static void score(ParameterTensor tensor, float[] values, float[] scores) {
      // By magnitude, whose bits order as it does, and then by place.
      long[] order = new long[tensor.end() - tensor.offset()];
      for (int i = 0; i < order.length; i++) {
        long bits = Float.floatToIntBits(Math.abs(values[tensor.offset() + i]));
        order[i] = bits << Integer.SIZE | i;
      }
      Arrays.sort(order);
      double sum = 0;
      for (int i = order.length - 1; i >= 0; i--) {
        int at = tensor.offset() + (int) order[i];
        double square = (double) values[at] * values[at];
        sum += square;
        scores[at] = sum == 0 ? 0 : (float) (square / sum);
      }
    }
  }
}
