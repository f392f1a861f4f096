package dev.pare.regularize;

import dev.pare.candidate.Regularize.Penalty;
import dev.pare.graph.Network;
import dev.pare.train.MaskedWeights;
import dev.pare.train.Schedule;
import dev.pare.train.Technique;
import dev.pare.train.TrainableParameters;
import java.util.List;

/**
 * Penalties that have no gradient where they matter, at zero: after each step of the optimizer,
 * weights w become the x that minimizes {@code ½·(x − w)²/s + λ·|x|}, s the size of the step, so
 * that both together go towards the least penalized loss (Parikh and Boyd 2014). Adam has a step
 * size for each weight; a group is drawn by the harmonic mean of its weights', as it has to keep
 * its direction.
 */
final class Proximal implements Technique, Schedule {
  private final MaskedWeights weights;
  private final Ramp ramp;

  /** Parameters that become zero together; none where each is by itself. */
  private final List<int[]> groups;

  private final boolean grouped;

  Proximal(Penalty penalty, Ramp ramp, Network start) {
    this.weights = MaskedWeights.ofNonzeros(start);
    this.ramp = ramp;
    this.grouped = penalty.isOfGroups();
    this.groups = grouped ? Groups.of(penalty, start.architecture()) : List.of();
  }

  @Override
  public TrainableParameters variables() {
    return weights;
  }

  @Override
  public Schedule schedule() {
    return this;
  }

  @Override
  public Network network() {
    return weights.network();
  }

  @Override
  public void before(int step, int steps) {}

  @Override
  public void after(int step, int steps, StepSizes sizes) {
    double strength = ramp.at(step, steps);
    float[] values = weights.values();
    if (grouped) {
      for (int[] group : groups) {
        shrink(values, group, strength * meanSize(group, sizes));
      }
    } else {
      for (TrainableParameters.Range range : weights.ranges()) {
        if (range.kind() == TrainableParameters.Kind.WEIGHTS) {
          for (int i = range.from(); i < range.to(); i++) {
            values[i] = shrunk(values[i], (float) strength * sizes.of(i));
          }
        }
      }
    }
  }

  private static double meanSize(int[] group, StepSizes sizes) {
    double inverse = 0;
    for (int i : group) {
      inverse += 1 / sizes.of(i);
    }
    return group.length / inverse;
  }

  /** A value drawn to zero by a distance. */
  static float shrunk(float value, float distance) {
    return Math.max(0, value - distance) + Math.min(0, value + distance);
  }

  /** Draws some values together to zero, by a distance for each, as lengths go. */
  static void shrink(float[] values, int[] group, double distance) {
    double square = 0;
    for (int i : group) {
      square += (double) values[i] * values[i];
    }
    double length = Math.sqrt(square);
    double all = distance * Math.sqrt(group.length);
    float left = length > all ? (float) (1 - all / length) : 0;
    for (int i : group) {
      values[i] = left == 0 ? 0 : left * values[i];
    }
  }
}
