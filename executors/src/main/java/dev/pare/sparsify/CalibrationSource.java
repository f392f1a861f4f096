package dev.pare.sparsify;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Prune;
import dev.pare.data.Examples;
import dev.pare.data.SubsetExamples;
import dev.pare.graph.Architecture;

/**
 * What saliencies and scopes may ask.
 *
 * @param examples for calibration, as the network to prune reads them
 * @param teacher the architecture that shares of units are shares of
 * @param seed of what is random
 */
public record CalibrationSource(Examples examples, Architecture teacher, long seed) {
  public CalibrationSource {
    requireNonNull(examples, "examples is null");
    requireNonNull(teacher, "teacher is null");
  }

  /**
   * As many examples as some settings want, drawn by the seed.
   *
   * @param reduction to the network that is to be pruned
   * @param examples as its original network reads them
   */
  public static CalibrationSource draw(
      Prune settings,
      ReducedNetwork reduction,
      Examples examples,
      Architecture teacher,
      long seed) {
    int count = Math.min(settings.calibration().examples(), examples.size());
    Examples drawn = SubsetExamples.draw(examples, count, seed).drawn();
    return new CalibrationSource(reduction.examples(drawn), teacher, seed);
  }
}
