package dev.pare.candidate;

import dev.pare.artifact.SizeBreakdown;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/** One value of every type, for tests. */
final class Samples {
  static final Training TRAINING = new Training(20, 64, 0.001, Training.Decay.COSINE, 1e-4, 4, 0.7);
  static final Regularize REGULARIZE = new Regularize(Regularize.Penalty.L1, 0.01, 0.3, TRAINING);
  static final Prune PRUNE =
      new Prune(
          0.95,
          null,
          Prune.Saliency.MAGNITUDE,
          Prune.Scope.GLOBAL,
          Prune.Schedule.GRADUAL,
          0.5,
          TRAINING);
  static final Quantize QUANTIZE = new Quantize(3, Quantize.Quantizer.CODEBOOK, 0, TRAINING);
  static final StageKey KEY = StageKey.of(PRUNE);
  static final Provenance PROVENANCE =
      new Provenance(-7, "0.1.0", "17.0.9", "Linux amd64", "OpenBLAS Haswell", "3 worker-1");

  static final LayerSize LAYER = new LayerSize("0_W", "codebook", 235_200, 290, 700, 4_000, 8, 540);

  private Samples() {}

  static Candidate candidate() {
    return new Candidate(
        Map.of("sparsity", "0.95", "bits", "3"),
        List.of(PRUNE, QUANTIZE, new Encode(Encode.Precision.FLOAT32)));
  }

  static Correctness correctness() {
    BitSet right = new BitSet();
    right.set(0, 7);
    right.set(9);
    return Correctness.of(right, 10);
  }

  static Measurement measurement() {
    return new Measurement(
        new SizeBreakdown(100, 200, 300, 40, 5),
        OriginBytes.UNKNOWN,
        KEY.hex(),
        266_610,
        5_000,
        new Operations(0.3, 266_200, 204_000, 1_400),
        List.of(LAYER),
        Evaluation.of(correctness()));
  }

  static Outcome.Measured measured() {
    return new Outcome.Measured(
        KEY, measurement(), Map.of("prune", 12.5, "encode", 0.25), PROVENANCE);
  }

  static Outcome.Failed failed() {
    return new Outcome.Failed(
        KEY,
        new Failure(FailureCode.TRAINING_DIVERGED, StageSettings.Kind.PRUNE, "the loss is NaN"),
        PROVENANCE);
  }
}
