package dev.pare.regularize;

import dev.pare.candidate.Regularize.Penalty;
import dev.pare.model.Network;
import dev.pare.train.MaskedWeights;
import dev.pare.train.Schedule;
import dev.pare.train.Variables;
import java.util.List;

/**
 * Penalties that have no gradient where they matter, at zero: after each step of the optimizer,
 * weights w become what minimizes {@code ½·‖x − w‖² + η·penalty(x)}, η the learning rate (Parikh
 * and Boyd 2014).
 */
final class Proximal implements Regularization.Way, Schedule {
  private final MaskedWeights weights;
  private final Ramp ramp;

  /** Parameters that become zero together; none where each is by itself. */
  private final List<int[]> groups;

  private final boolean grouped;

  Proximal(Penalty penalty, Ramp ramp, Network start) {
    this.weights = new MaskedWeights(start);
    weights.holdZeros();
    this.ramp = ramp;
    this.grouped = penalty.isOfGroups();
    this.groups = grouped ? Groups.of(penalty, start.architecture()) : List.of();
  }

  @Override
  public Variables variables() {
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
  public void after(int step, int steps, double learningRate) {
    double distance = learningRate * ramp.at(step, steps);
    if (grouped) {
      for (int[] group : groups) {
        shrink(weights.values(), group, distance);
      }
    } else {
      for (Variables.Range range : weights.ranges()) {
        if (range.kind() == Variables.Kind.WEIGHTS) {
          shrink(weights.values(), range.from(), range.to(), (float) distance);
        }
      }
    }
  }

  /** Draws each of some values to zero by a distance. */
  static void shrink(float[] values, int from, int to, float distance) {
    for (int i = from; i < to; i++) {
      values[i] = Math.max(0, values[i] - distance) + Math.min(0, values[i] + distance);
    }
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
