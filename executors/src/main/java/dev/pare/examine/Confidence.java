package dev.pare.examine;

/**
 * How far a classifier's probabilities can be believed.
 *
 * @param calibrationError expected calibration error in 15 bins of equal width (Guo et al. 2017,
 *     section 2): the mean over examples of how far the share of right answers in their bin is from
 *     its mean confidence
 * @param logLoss the mean negative logarithm of the true class's probability, in nats
 */
record Confidence(double calibrationError, double logLoss) {
  private static final int BINS = 15;

  static Confidence of(Outputs outputs) {
    double[] confidences = new double[BINS];
    int[] right = new int[BINS];
    double loss = 0;
    for (int i = 0; i < outputs.examples(); i++) {
      double confidence = outputs.confidence(i);
      // A bin has its upper end: (0, 1/15], (1/15, 2/15] and so on.
      int bin = Math.max(0, Math.min(BINS, (int) Math.ceil(confidence * BINS)) - 1);
      confidences[bin] += confidence;
      right[bin] += outputs.isRight(i) ? 1 : 0;
      loss -= outputs.logProbability(i, outputs.label(i));
    }
    double error = 0;
    for (int bin = 0; bin < BINS; bin++) {
      error += Math.abs(right[bin] - confidences[bin]);
    }
    return new Confidence(error / outputs.examples(), loss / outputs.examples());
  }
}
