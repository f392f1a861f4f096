package dev.pare.examine;

import static dev.pare.examine.Finding.Column.count;
import static dev.pare.examine.Finding.Column.number;
import static dev.pare.examine.Finding.Column.share;
import static dev.pare.examine.Finding.Column.text;

import dev.pare.candidate.Estimate;
import dev.pare.data.Examples;
import dev.pare.graph.Network;
import dev.pare.train.InputSpace;
import java.util.List;
import java.util.SplittableRandom;

/** Errors on inputs that one corruption of one severity makes worse: the same for all networks. */
final class Corruptions implements Measure<Integer> {
  private final Corruption corruption;
  private final int severity;
  private final Examples corrupted;

  /**
   * Corrupts the examples.
   *
   * @param severity from 1 on
   */
  Corruptions(Corruption corruption, int severity, Examples examples, InputSpace space, long seed) {
    this.corruption = corruption;
    this.severity = severity;
    SplittableRandom random = new SplittableRandom(seed + severity - 1);
    float[] values = ChangedExamples.features(examples);
    float[] row = new float[examples.features()];
    for (int i = 0; i < examples.size(); i++) {
      System.arraycopy(values, i * row.length, row, 0, row.length);
      corruption.apply(row, strength(), space, random.split());
      System.arraycopy(row, 0, values, i * row.length, row.length);
    }
    this.corrupted = new ChangedExamples(examples, values);
  }

  private double strength() {
    return corruption.strengths()[severity - 1];
  }

  /** Wrong answers. */
  @Override
  public Integer of(Network network) {
    return Outputs.of(network, corrupted).wrong();
  }

  @Override
  public List<Finding> findings(Integer teacher, Integer file) {
    int size = corrupted.size();
    Estimate error = Estimate.error(size - file, size);
    List<Object> row =
        List.of(
            corruption.title(),
            severity,
            strength(),
            size,
            (double) teacher / size,
            error.value(),
            error.low(),
            error.high());
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
            List.of(row)));
  }
}
