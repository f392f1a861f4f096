package dev.pare.quantize;

import dev.pare.graph.Quantization;
import java.util.Optional;

/**
 * How often activations have which values, and the clipping range for 8 bits that follows: the
 * range of the values, narrowed at both ends by the same share, that of least mean squared error
 * (Banner et al. 2019), where the error of rounding is taken as even within a step.
 */
public final class ActivationHistogram {
  private static final int BINS = 2048;

  /** The narrowest clipping range that is tried, in hundredths of the range of the values. */
  private static final int LEAST_PERCENT = 10;

  private final long[] counts = new long[BINS];
  private double low;
  private double high;

  /** Has the bins reach these values, before any is counted. */
  public void widen(float[] values) {
    for (float value : values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }

  /** Counts values that are not zero, which every range has. */
  public void count(float[] values) {
    double width = width();
    for (float value : values) {
      if (value != 0 && width > 0) {
        counts[(int) Math.min(BINS - 1, (value - low) / width)]++;
      }
    }
  }

  private double width() {
    return (high - low) / BINS;
  }

  /** Whether there was nothing but zeros, or what is too small for levels. */
  boolean isSilent() {
    return (high - low) / Quantization.LAST_LEVEL < Float.MIN_NORMAL;
  }

  /** The clipping range of least error; none if a value was no finite number. */
  public Optional<Quantization> range() {
    if (!Double.isFinite(low) || !Double.isFinite(high)) {
      return Optional.empty();
    }
    int best = 100;
    for (int percent = 99; percent >= LEAST_PERCENT; percent--) {
      if (error(percent) < error(best)) {
        best = percent;
      }
    }
    return Optional.of(Quantization.between(low * best / 100, high * best / 100));
  }

  /** Sum of the squared errors. */
  private double error(int percent) {
    double from = low * percent / 100;
    double to = high * percent / 100;
    double step = (to - from) / Quantization.LAST_LEVEL;
    double error = 0;
    for (int i = 0; i < BINS; i++) {
      double value = low + (i + 0.5) * width();
      double beyond = Math.max(0, Math.max(from - value, value - to));
      error += counts[i] * (beyond > 0 ? beyond * beyond : step * step / 12);
    }
    return error;
  }
}
