package dev.pare.examine;

import static dev.pare.examine.Finding.Column.count;
import static dev.pare.examine.Finding.Column.number;
import static dev.pare.examine.Finding.Column.share;
import static dev.pare.examine.Finding.Column.text;

import dev.pare.candidate.Estimate;
import dev.pare.data.Examples;
import dev.pare.graph.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Errors on inputs that one corruption has made worse: the same inputs for all networks. */
final class Corruptions implements Measure<int[]> {
  private final Corruption corruption;
  private final Examples examples;
  private final InputSpace space;
  private final long seed;

  /** By severity; made when first asked for, and let go with this measure. */
  private final List<Examples> corrupted = new ArrayList<>();

  Corruptions(Corruption corruption, Examples examples, InputSpace space, long seed) {
    this.corruption = corruption;
    this.examples = examples;
    this.space = space;
    this.seed = seed;
  }

  /** Wrong answers at each severity. */
  @Override
  public int[] of(Network network) {
    double[] strengths = corruption.strengths();
    int[] wrong = new int[strengths.length];
    for (int s = 0; s < strengths.length; s++) {
      if (corrupted.size() == s) {
        corrupted.add(corrupted(strengths[s], seed + s));
      }
      wrong[s] = Outputs.of(network, corrupted.get(s)).wrong();
    }
    return wrong;
  }

  private Examples corrupted(double strength, long own) {
    SplittableRandom random = new SplittableRandom(own);
    float[] values = ChangedExamples.features(examples);
    float[] row = new float[examples.features()];
    for (int i = 0; i < examples.size(); i++) {
      System.arraycopy(values, i * row.length, row, 0, row.length);
      corruption.apply(row, strength, space, random.split());
      System.arraycopy(row, 0, values, i * row.length, row.length);
    }
    return new ChangedExamples(examples, values);
  }

  @Override
  public List<Finding> findings(int[] teacher, int[] file) {
    List<List<Object>> rows = new ArrayList<>();
    double[] strengths = corruption.strengths();
    int size = examples.size();
    for (int s = 0; s < file.length; s++) {
      Estimate error = Estimate.error(size - file[s], size);
      rows.add(
          List.of(
              corruption.title(),
              s + 1,
              strengths[s],
              size,
              (double) teacher[s] / size,
              error.value(),
              error.low(),
              error.high()));
    }
    return List.of(
        new Finding(
            "corruptions",
            "Error on corrupted inputs",
            "At five severities, after ImageNet-C (Hendrycks and Dietterich 2019): the same seeded"
                + " sample, corrupted alike for both.",
            List.of(
                text("corruption", "corruption"),
                count("severity", "severity"),
                number("strength", "strength"),
                count("examples", "examples"),
                share("teacher_error", "teacher's error"),
                share("error", "error"),
                share("low", "low"),
                share("high", "high")),
            rows));
  }
}
