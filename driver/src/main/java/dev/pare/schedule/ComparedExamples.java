package dev.pare.schedule;

import dev.pare.data.Examples;
import dev.pare.graph.InputShape;
import java.util.Arrays;
import java.util.SplittableRandom;

/** On what a network from outside is compared with its own library. */
final class ComparedExamples {
  /** How many of the data's own. */
  private static final int MOST = 8;

  private ComparedExamples() {}

  /**
   * A few of the data's own, and as many drawn from the range that each channel has in all of the
   * data: whole ones if its are, as tokens beside numbers. A column may be 0 in the first examples,
   * and an image black at its edges.
   *
   * @return {@code [count × features]}, raw
   */
  static float[] of(Examples data, InputShape input) {
    int features = data.features();
    int own = Math.min(MOST, data.size());
    float[] examples = new float[2 * own * features];
    for (int i = 0; i < own; i++) {
      data.copyFeatures(i, examples, i * features);
    }
    int places = input.height() * input.width();
    Range[] ranges = ranges(data, places);
    SplittableRandom random = new SplittableRandom(0);
    for (int channel = 0; channel < ranges.length; channel++) {
      for (int i = own * places; i < 2 * own * places; i++) {
        examples[i / places * features + channel * places + i % places] =
            ranges[channel].drawn(random);
      }
    }
    return examples;
  }

  /** The values of a channel: whether all are whole, and their ends. */
  private record Range(float least, float most, boolean isWhole) {
    Range with(float value) {
      return new Range(
          Math.min(least, value), Math.max(most, value), isWhole && value == Math.rint(value));
    }

    float drawn(SplittableRandom random) {
      double drawn = least + random.nextDouble() * ((double) most - least);
      return (float) (isWhole ? Math.rint(drawn) : drawn);
    }
  }

  private static Range[] ranges(Examples data, int places) {
    float[] row = new float[data.features()];
    Range[] ranges = new Range[row.length / places];
    Arrays.fill(ranges, new Range(Float.MAX_VALUE, -Float.MAX_VALUE, true));
    for (int i = 0; i < data.size(); i++) {
      data.copyFeatures(i, row, 0);
      for (int at = 0; at < row.length; at++) {
        Range its = ranges[at / places];
        if (row[at] < its.least
            || row[at] > its.most
            || its.isWhole && row[at] != Math.rint(row[at])) {
          ranges[at / places] = its.with(row[at]);
        }
      }
    }
    return ranges;
  }
}
