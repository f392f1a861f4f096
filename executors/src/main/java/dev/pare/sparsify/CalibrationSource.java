package dev.pare.sparsify;

import static java.util.Objects.requireNonNull;

import dev.pare.data.Examples;
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
}
