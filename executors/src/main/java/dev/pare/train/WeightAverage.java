package dev.pare.train;

import dev.pare.candidate.Averaging;
import dev.pare.model.Dl4jNetworks;

/**
 * An {@link Averaging} of the variables of one training.
 *
 * <p>Statistics of batch normalization are not averaged: those of different weights are of
 * different numbers. After the average has taken the variables' place they are the mean of the
 * batches' of an epoch, all of them with the same weights.
 */
final class WeightAverage {
  private final Averaging settings;
  private final TrainableParameters variables;
  private final int epoch;
  private final int steps;
  private final float[] average;
  private int taken;

  /**
   * @param epoch steps of one
   */
  WeightAverage(Averaging settings, TrainableParameters variables, int epoch, int steps) {
    this.settings = settings;
    this.variables = variables;
    this.epoch = epoch;
    this.steps = steps;
    this.average =
        settings.kind() == Averaging.Kind.NONE ? new float[0] : variables.values().clone();
  }

  /** Takes what the variables are after a step, if it is one of those that count. */
  void after(int step) {
    boolean begun = step + 1 > settings.from() * steps;
    boolean counts =
        switch (settings.kind()) {
          case NONE -> false;
          case EMA -> begun;
          // The mean of the last one alone would be what there is without it.
          case SWA -> (step + 1) % epoch == 0 && (begun || step + 1 == steps - epoch);
        };
    if (counts) {
      taken++;
      float share =
          taken == 1
              ? 1
              : settings.kind() == Averaging.Kind.EMA ? (float) (1 - settings.decay()) : 1f / taken;
      float[] values = variables.values();
      for (int i = 0; i < average.length; i++) {
        average[i] += share * (values[i] - average[i]);
      }
    }
  }

  /** Puts the average in the variables' place. */
  void replace() {
    if (taken == 0) {
      return;
    }
    float[] values = variables.values();
    float[] mask = variables.mask();
    for (TrainableParameters.Range range : variables.ranges()) {
      for (int i = range.from(); i < range.to(); i++) {
        switch (range.kind()) {
          // What a penalty has made zero is not masked.
          case WEIGHTS -> values[i] = mask[i] == 0 || values[i] == 0 ? 0 : average[i];
          case FREE -> values[i] = average[i];
          case STATISTICS -> {}
        }
      }
    }
  }

  /** Whether statistics are to be measured anew. */
  boolean wantsStatistics() {
    return taken > 0
        && variables.ranges().stream()
            .anyMatch(range -> range.kind() == TrainableParameters.Kind.STATISTICS);
  }

  /**
   * Takes a batch's statistics into their mean.
   *
   * @param gradient of the variables, whose part of statistics is the step towards the batch's that
   *     training takes
   * @param batches that were taken before
   */
  void takeStatistics(float[] gradient, int batches) {
    float[] values = variables.values();
    float whole = (float) (1 - Dl4jNetworks.MEAN_DECAY) * (batches + 1);
    for (TrainableParameters.Range range : variables.ranges()) {
      if (range.kind() == TrainableParameters.Kind.STATISTICS) {
        for (int i = range.from(); i < range.to(); i++) {
          values[i] -= gradient[i] / whole;
        }
      }
    }
  }
}
