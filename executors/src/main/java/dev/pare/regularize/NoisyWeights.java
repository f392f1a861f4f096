package dev.pare.regularize;

import dev.pare.graph.Network;
import dev.pare.train.MaskedWeights;
import dev.pare.train.Schedule;
import dev.pare.train.Technique;
import dev.pare.train.TrainableParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Weights with noise whose amount is trained along: beside each weight a second variable says how
 * much there is, and a penalty on it is added to the loss. Weights that are zero at the start stay
 * so.
 *
 * <p>Noise is drawn once a step for all its examples, as layers of any kind can have it.
 */
abstract class NoisyWeights implements Technique, TrainableParameters, Schedule {
  /**
   * A logarithm that says how much noise there is, over the variable it is trained by. The
   * optimizer moves variables by about its learning rate, whatever their gradients; logarithms have
   * further to go than weights.
   */
  static final float PACE = 40;

  /** How much noise there is to draw from. */
  static final int DRAWS = 1 << 16;

  private final Network start;
  private final Ramp ramp;
  private final int examples;
  private final SplittableRandom random;
  private final float[] draws;
  private final float[] values;
  private final float[] mask;
  private final float[] parameters;
  private final float[] gradient;
  private final float[] noise;
  private final List<Range> ranges;
  private final List<Span> spans;
  private float penalty;

  /**
   * A tensor's weights.
   *
   * @param from index of the first among the parameters
   * @param logarithm index of the first one's logarithm, over {@link #PACE}, among the variables
   * @param noise index of the first one's among all weights
   */
  record Span(int from, int count, int logarithm, int noise) {}

  /**
   * @param start is copied
   * @param examples how many the penalty is shared among
   * @param draws {@value #DRAWS} numbers to draw noise from
   * @param firstLogarithm of every weight
   */
  NoisyWeights(
      Network start, Ramp ramp, int examples, long seed, float[] draws, float firstLogarithm) {
    this.start = start;
    this.ramp = ramp;
    this.examples = examples;
    this.random = new SplittableRandom(seed).split();
    this.draws = draws;
    int count = start.parameters().length;
    this.ranges = new ArrayList<>(MaskedWeights.ranges(start.architecture()));
    this.spans = new ArrayList<>();
    int weights = 0;
    for (Range range : ranges) {
      if (range.kind() == Kind.WEIGHTS) {
        int length = range.to() - range.from();
        spans.add(new Span(range.from(), length, count + weights, weights));
        weights += length;
      }
    }
    ranges.add(new Range(count, count + weights, Kind.FREE));
    this.values = Arrays.copyOf(start.parameters(), count + weights);
    Arrays.fill(values, count, count + weights, firstLogarithm / PACE);
    this.mask = new float[values.length];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = values[i] == 0 ? 0 : 1;
    }
    this.parameters = start.parameters().clone();
    this.gradient = new float[values.length];
    this.noise = new float[weights];
  }

  /** Writes a tensor's parameters with this step's noise. */
  abstract void fill(Span span, float[] noise, float[] parameters);

  /**
   * Writes the gradient of a tensor's weights and logarithms, penalties included.
   *
   * @param penalty what a weight's own counts in the loss
   */
  abstract void pullBack(
      Span span, float[] noise, float penalty, float[] parameterGradient, float[] gradient);

  /** What a weight is without noise; zero if it goes. */
  abstract float last(float weight, float logarithm);

  /** The logarithm of a weight of a tensor. */
  final float logarithm(Span span, int i) {
    return PACE * values[span.logarithm() + i];
  }

  @Override
  public final TrainableParameters variables() {
    return this;
  }

  @Override
  public final Schedule schedule() {
    return this;
  }

  @Override
  public final void before(int step, int steps) {
    penalty = (float) (ramp.at(step, steps) / examples);
    long bits = 0;
    for (int i = 0; i < noise.length; i++) {
      if (i % 4 == 0) {
        bits = random.nextLong();
      }
      noise[i] = draws[(int) bits & DRAWS - 1];
      bits >>>= 16;
    }
  }

  @Override
  public final float[] parameters() {
    System.arraycopy(values, 0, parameters, 0, parameters.length);
    for (Span span : spans) {
      fill(span, noise, parameters);
    }
    return parameters;
  }

  @Override
  public final float[] pullBack(float[] parameterGradient) {
    System.arraycopy(parameterGradient, 0, gradient, 0, parameterGradient.length);
    for (Span span : spans) {
      pullBack(span, noise, penalty, parameterGradient, gradient);
    }
    return gradient;
  }

  @Override
  public final Network network() {
    float[] weights = Arrays.copyOf(values, parameters.length);
    for (Span span : spans) {
      for (int i = 0; i < span.count(); i++) {
        int at = span.from() + i;
        weights[at] = mask[at] == 0 ? 0 : last(weights[at], logarithm(span, i));
      }
    }
    return new Network(start.architecture(), weights);
  }

  @Override
  public final float[] values() {
    return values;
  }

  @Override
  public final List<Range> ranges() {
    return ranges;
  }

  @Override
  public final float[] mask() {
    return mask;
  }
}
