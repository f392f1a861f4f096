package dev.pare.evaluate;

/** The coefficient of determination R², the mean over outputs. */
final class Determination implements Statistic {
  private final int outputs;
  private final double[] targets;
  private final double[] squaredErrors;

  /**
   * @param targets {@code [examples × outputs]}
   * @param squaredErrors the same shape
   */
  Determination(int outputs, double[] targets, double[] squaredErrors) {
    this.outputs = outputs;
    this.targets = targets;
    this.squaredErrors = squaredErrors;
  }

  @Override
  public double of(int[] weights) {
    double mean = 0;
    for (int o = 0; o < outputs; o++) {
      mean += of(weights, o) / outputs;
    }
    return mean;
  }

  private double of(int[] weights, int output) {
    double count = 0;
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      count += weights[i];
      sum += weights[i] * targets[i * outputs + output];
    }
    double mean = sum / count;
    double residual = 0;
    double total = 0;
    for (int i = 0; i < weights.length; i++) {
      int at = i * outputs + output;
      residual += weights[i] * squaredErrors[at];
      total += weights[i] * (targets[at] - mean) * (targets[at] - mean);
    }
    // Of targets that are all the same nothing is left to explain.
    return total == 0 ? (residual == 0 ? 1 : 0) : 1 - residual / total;
  }
}
