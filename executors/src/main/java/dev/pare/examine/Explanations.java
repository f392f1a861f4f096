package dev.pare.examine;

import static dev.pare.examine.Finding.Column.count;
import static dev.pare.examine.Finding.Column.number;
import static dev.pare.examine.Finding.Column.text;

import dev.pare.data.Examples;
import dev.pare.graph.Network;
import dev.pare.train.InputGradients;
import dev.pare.train.InputSpace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Whether a file looks at the same features as its teacher, by rank correlation of attributions.
 */
final class Explanations implements Measure<Map<Attribution, float[][]>> {
  private final Examples examples;
  private final InputSpace space;

  Explanations(Examples examples, InputSpace space) {
    this.examples = examples;
    this.space = space;
  }

  /** For each way a row of features for each example. */
  @Override
  public Map<Attribution, float[][]> of(Network network) {
    Attribution.Explained explained =
        new Attribution.Explained(
            new InputGradients(network), network.architecture().outputs(), space);
    Map<Attribution, float[][]> all = new EnumMap<>(Attribution.class);
    for (Attribution way : Attribution.values()) {
      float[][] rows = new float[examples.size()][];
      for (int i = 0; i < rows.length; i++) {
        float[] x = new float[examples.features()];
        examples.copyFeatures(i, x, 0);
        rows[i] = way.of(explained, x, examples.label(i));
      }
      all.put(way, rows);
    }
    return all;
  }

  @Override
  public List<Finding> findings(
      Map<Attribution, float[][]> teacher, Map<Attribution, float[][]> file) {
    List<List<Object>> rows = new ArrayList<>();
    for (Attribution way : Attribution.values()) {
      float[][] before = Objects.requireNonNull(teacher.get(way));
      float[][] after = Objects.requireNonNull(file.get(way));
      double[] correlations = new double[before.length];
      for (int i = 0; i < correlations.length; i++) {
        correlations[i] = RankCorrelation.of(before[i], after[i]);
      }
      double[] known =
          Arrays.stream(correlations).filter(each -> !Double.isNaN(each)).sorted().toArray();
      rows.add(
          List.of(
              way.title(),
              known.length,
              Arrays.stream(known).average().orElse(Double.NaN),
              at(known, 0.25),
              at(known, 0.75)));
    }
    return List.of(
        new Finding(
            "explanations",
            "Agreement of explanations",
            "Spearman's rank correlation of how much each feature speaks for the true class in"
                + " teacher and file, of validation examples: the mean, and the quartiles. 1 is the"
                + " same order of features.",
            List.of(
                text("method", "method"),
                count("examples", "examples"),
                number("correlation", "rank correlation"),
                number("lower_quartile", "lower quartile"),
                number("upper_quartile", "upper quartile")),
            rows));
  }

  private static double at(double[] sorted, double share) {
    return sorted.length == 0
        ? Double.NaN
        : sorted[(int) Math.min(sorted.length - 1L, (long) (share * sorted.length))];
  }
}
