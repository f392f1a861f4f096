package dev.pare.regrow;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Prune;
import dev.pare.graph.Network;
import dev.pare.layers.TopK;
import dev.pare.train.MaskedWeights;
import dev.pare.train.Schedule;
import dev.pare.train.Technique;
import dev.pare.train.TrainableParameters;
import dev.pare.train.TrainableParameters.Kind;
import dev.pare.train.TrainableParameters.Range;
import java.util.List;

/**
 * Training at a fixed density: every so many steps each layer drops the smallest of its weights,
 * and as many others grow as were dropped, which may be some of the same. How many is a share of
 * those there are, which falls along half a cosine wave from the settings' share at the start to
 * none at the end of the ramp (Evci et al. 2020); after that, weights stay where they are.
 *
 * <p>A weight that grows starts from zero and without the optimizer's memory; one that is dropped
 * and grows at once stays as it is. The number of weights there are never changes. With sparse
 * momentum, the layers' mean momentum magnitudes say how many of all dropped weights each of them
 * gets; with the others, layers keep their densities. Ties go to what comes first.
 */
public final class FixedDensity implements Schedule, Technique {
  private final MaskedWeights weights;
  private final double share;
  private final double ramp;
  private final int interval;
  private final GrowthCriterion growth;
  private final List<Range> layers;
  private final float[] scratch;
  private final float[] worths;
  private double due;

  /**
   * @param settings with a schedule by which weights change places
   * @param weights pruned to their density, which are to be trained with this as their schedule
   * @param seed of what is drawn
   */
  public FixedDensity(Prune settings, MaskedWeights weights, long seed) {
    requireNonNull(settings, "settings is null");
    this.weights = requireNonNull(weights, "weights is null");
    this.share = settings.regrowth().share();
    this.ramp = settings.ramp();
    this.interval = settings.regrowth().interval();
    int parameters = weights.values().length;
    this.growth = GrowthCriteria.of(settings.schedule(), parameters, seed);
    this.layers = weights.ranges().stream().filter(range -> range.kind() == Kind.WEIGHTS).toList();
    int largest = layers.stream().mapToInt(range -> range.to() - range.from()).max().orElse(0);
    this.scratch = new float[largest];
    this.worths = new float[largest];
    weights.watch(this::watch);
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
  public void before(int step, int steps) {
    double end = ramp * (steps - 1);
    boolean now = step > 0 && step < end && step % interval == 0;
    due = now ? share * 0.5 * (1 + StrictMath.cos(Math.PI * step / end)) : 0;
  }

  private void watch(float[] gradient) {
    if (growth.watchesAlways() || due > 0) {
      growth.observe(gradient);
    }
    if (due > 0) {
      change(due);
      due = 0;
    }
  }

  private void change(double dropped) {
    float[] before = weights.mask().clone();
    int[] counts = new int[layers.size()];
    for (int l = 0; l < counts.length; l++) {
      counts[l] = drop(layers.get(l), dropped);
    }
    int[] growing = growth.parts(layers, weights.mask(), counts);
    for (int l = 0; l < growing.length; l++) {
      grow(layers.get(l), growing[l]);
    }
    float[] values = weights.values();
    for (Range layer : layers) {
      for (int i = layer.from(); i < layer.to(); i++) {
        if (before[i] != 0 && weights.isPruned(i)) {
          values[i] = 0;
        }
      }
    }
  }

  /** Masks the smallest weights, which keep their values for now; returns how many. */
  private int drop(Range layer, double part) {
    float[] values = weights.values();
    float[] mask = weights.mask();
    int alive = 0;
    for (int i = layer.from(); i < layer.to(); i++) {
      if (mask[i] != 0) {
        scratch[alive++] = Math.abs(values[i]);
      }
    }
    int count = (int) (part * alive);
    if (count == 0) {
      return 0;
    }
    float threshold = TopK.smallest(scratch, alive, count);
    int ties = count;
    for (int i = 0; i < alive; i++) {
      ties -= scratch[i] < threshold ? 1 : 0;
    }
    for (int i = layer.from(); i < layer.to(); i++) {
      float size = Math.abs(values[i]);
      if (mask[i] != 0 && (size < threshold || size == threshold && ties-- > 0)) {
        mask[i] = 0;
      }
    }
    return count;
  }

  /** Lets those of most worth grow of all that are not there, dropped ones with their values. */
  private void grow(Range layer, int count) {
    if (count == 0) {
      return;
    }
    float[] mask = weights.mask();
    int candidates = 0;
    for (int i = layer.from(); i < layer.to(); i++) {
      if (mask[i] == 0) {
        worths[i - layer.from()] = growth.worth(i);
        scratch[candidates++] = -worths[i - layer.from()];
      }
    }
    float threshold = -TopK.smallest(scratch, candidates, count);
    int ties = count;
    for (int i = 0; i < candidates; i++) {
      ties -= -scratch[i] > threshold ? 1 : 0;
    }
    for (int i = layer.from(); i < layer.to(); i++) {
      float worth = worths[i - layer.from()];
      if (mask[i] == 0 && (worth > threshold || worth == threshold && ties-- > 0)) {
        weights.grow(i);
      }
    }
  }
}
