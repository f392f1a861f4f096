package dev.pare;

import dev.pare.artifact.SizeBreakdown;
import dev.pare.candidate.Candidate;
import dev.pare.candidate.Correctness;
import dev.pare.candidate.Encode;
import dev.pare.candidate.Evaluation;
import dev.pare.candidate.LayerSize;
import dev.pare.candidate.Measurement;
import dev.pare.candidate.Operations;
import dev.pare.candidate.OriginBytes;
import dev.pare.candidate.Provenance;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Quantize;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.StageSettings;
import dev.pare.candidate.Training;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/** Candidates and outcomes for tests that train nothing. */
public final class SampleCandidates {
  /** What a tree may start from. */
  public static final StageKey ROOT = new StageKey("0".repeat(64));

  private static final Training TRAINING =
      new Training(1, 64, 0.001, Training.Decay.COSINE, 0, 4, 0.7);

  private SampleCandidates() {}

  public static Prune prune(double sparsity) {
    return new Prune(
        sparsity,
        null,
        Prune.Saliency.MAGNITUDE,
        Prune.Scope.GLOBAL,
        Prune.Schedule.GRADUAL,
        0.6,
        TRAINING);
  }

  public static Quantize quantize(int bits) {
    return new Quantize(bits, Quantize.Quantizer.CODEBOOK, 0, TRAINING);
  }

  /** A candidate; 32 bits leave the quantizer out. */
  public static Candidate candidate(double sparsity, int bits) {
    List<StageSettings> stages = new ArrayList<>(List.of(prune(sparsity)));
    if (bits != Quantize.FLOAT_BITS) {
      stages.add(quantize(bits));
    }
    stages.add(new Encode(Encode.Precision.FLOAT32));
    return new Candidate(
        Map.of("sparsity", String.valueOf(sparsity), "bits", String.valueOf(bits)), stages);
  }

  public static Measurement measurement(long bytes) {
    BitSet right = new BitSet();
    right.set(0, 9);
    return new Measurement(
        new SizeBreakdown(bytes - 40, 10, 15, 5, 10),
        new OriginBytes(bytes, bytes + 7),
        "ab".repeat(32),
        1000,
        100,
        new Operations(0.25, 2000, 1800, 300),
        List.of(new LayerSize("0_W", "codebook", 900, 30, 20, 100, 4, 25)),
        Evaluation.of(Correctness.of(right, 10)));
  }

  /** The same with other answers to the validation examples. */
  public static Measurement measurement(long bytes, BitSet right, int examples) {
    Measurement any = measurement(bytes);
    return new Measurement(
        any.size(),
        any.byOrigin(),
        any.sha256(),
        any.parameters(),
        any.nonzeroWeights(),
        any.operations(),
        any.layers(),
        Evaluation.of(Correctness.of(right, examples)));
  }

  public static Provenance provenance(String executor) {
    return new Provenance(7, "1.2.3", "17.0.1", "Linux amd64", "OpenBLAS", executor);
  }
}
