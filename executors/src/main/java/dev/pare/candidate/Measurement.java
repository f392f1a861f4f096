package dev.pare.candidate;

import static java.util.Objects.requireNonNull;

import dev.pare.artifact.SizeBreakdown;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was measured on a candidate's file, after it was written and read back.
 *
 * @param size the file's bytes and where they went
 * @param byOrigin bytes of the same network with and without its origin, one of which is the file's
 * @param sha256 of the file, in hexadecimal
 * @param parameters of the network that was compressed, biases included; the file's own network may
 *     have fewer
 * @param nonzeroWeights weights that are not zero, biases left out
 * @param operations what an example asks of the file's network
 * @param layers the file's tensors, in the order of the architecture
 * @param validation which validation examples the decoded file got right; null unless it tells
 *     classes apart
 * @param score what the decoded file is judged by, on the validation examples; the classification
 *     error where a report of an earlier version has none
 * @param confusion of the validation examples' classes; null where {@link Evaluation} has none
 * @param robustness under attack; null where nobody attacked it
 */
public record Measurement(
    SizeBreakdown size,
    OriginBytes byOrigin,
    String sha256,
    long parameters,
    long nonzeroWeights,
    Operations operations,
    List<LayerSize> layers,
    @Nullable Correctness validation,
    Estimate score,
    @Nullable Confusion confusion,
    @Nullable Robustness robustness)
    implements Serializable {
  public Measurement {
    requireNonNull(size, "size is null");
    requireNonNull(byOrigin, "byOrigin is null");
    requireNonNull(sha256, "sha256 is null");
    requireNonNull(operations, "operations is null");
    layers = List.copyOf(layers);
    if (score == null) {
      requireNonNull(validation, "validation is null");
      score = Evaluation.of(validation).score();
    }
  }

  /** What was measured without attacks, of an evaluation on the validation examples. */
  public Measurement(
      SizeBreakdown size,
      OriginBytes byOrigin,
      String sha256,
      long parameters,
      long nonzeroWeights,
      Operations operations,
      List<LayerSize> layers,
      Evaluation validation) {
    this(
        size,
        byOrigin,
        sha256,
        parameters,
        nonzeroWeights,
        operations,
        layers,
        validation.correctness(),
        validation.score(),
        validation.confusion(),
        null);
  }

  /** The same with what attacks came to. */
  public Measurement with(@Nullable Robustness attacked) {
    return new Measurement(
        size,
        byOrigin,
        sha256,
        parameters,
        nonzeroWeights,
        operations,
        layers,
        validation,
        score,
        confusion,
        attacked);
  }

  /** What was measured on the validation examples. */
  public Evaluation evaluation() {
    return new Evaluation(score, validation, confusion);
  }

  /** The binary logarithm of the file's bytes: half the size is one less, whatever the size. */
  public double log2Bytes() {
    return StrictMath.log(size.totalBytes()) / StrictMath.log(2);
  }

  /**
   * What is told of the file without its layers and without what it does on examples as they are.
   */
  public FileSummary file() {
    return new FileSummary(size, byOrigin, sha256, parameters, nonzeroWeights, operations)
        .with(robustness);
  }
}
