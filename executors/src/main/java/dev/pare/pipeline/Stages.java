package dev.pare.pipeline;

import static java.util.Objects.requireNonNull;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.candidate.Activate;
import dev.pare.candidate.Encode;
import dev.pare.candidate.Factorize;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Quantize;
import dev.pare.candidate.Regularize;
import dev.pare.candidate.StageSettings;
import dev.pare.candidate.Start;
import dev.pare.rewrite.WrittenNetwork;

/** The stages that change a student, by their settings. */
final class Stages {
  private final DistillationData data;

  Stages(DistillationData data) {
    this.data = requireNonNull(data, "data is null");
  }

  /**
   * Runs one stage.
   *
   * @param student left as it is; of {@link Start} what it begins with, if it draws no weights
   * @param seed of all that is random in the stage
   * @return the product; of encoding, whose file has been written already, with it
   */
  WrittenNetwork run(StageSettings settings, CompressedNetwork student, long seed) {
    return switch (settings.kind()) {
      case START -> {
        Start start = (Start) settings;
        StartStage stage = new StartStage(data);
        yield WrittenNetwork.of(
            start.weights() == null
                ? stage.drawn(start, seed)
                : stage.taught(start, student, seed));
      }
      case FACTORIZE ->
          WrittenNetwork.of(new FactorizeStage(data).run((Factorize) settings, student, seed));
      case ACTIVATE ->
          WrittenNetwork.of(new ActivateStage(data).run((Activate) settings, student, seed));
      case REGULARIZE ->
          WrittenNetwork.of(new RegularizeStage(data).run((Regularize) settings, student, seed));
      case PRUNE -> WrittenNetwork.of(new PruneStage(data).run((Prune) settings, student, seed));
      case QUANTIZE ->
          WrittenNetwork.of(new QuantizeStage(data).run((Quantize) settings, student, seed));
      case ENCODE -> new EncodeStage(data.preparation()).run((Encode) settings, student);
    };
  }
}
