package dev.pare.report;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Evaluation;
import dev.pare.candidate.Measurement;
import dev.pare.candidate.Operations;
import dev.pare.candidate.OriginBytes;
import dev.pare.candidate.SizeBreakdown;
import dev.pare.candidate.StageKey;
import dev.pare.frontier.FrontierPoint;
import dev.pare.frontier.Tradeoff;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is told of one file on the frontier.
 *
 * @param point the values that tell its candidate from the others, by dimension
 * @param key content address of the file
 * @param file its path within the results
 * @param sha256 of the file, in hexadecimal; null in frontiers of versions that did not keep it
 * @param size its bytes and where they went
 * @param byOrigin bytes of the same network with and without its origin
 * @param parameters of the network, biases included
 * @param nonzeroWeights weights that are not zero, biases left out
 * @param operations what an example asks of the file's network
 */
public record FrontierRow(
    Map<String, String> point,
    StageKey key,
    String file,
    @Nullable String sha256,
    SizeBreakdown size,
    OriginBytes byOrigin,
    long parameters,
    long nonzeroWeights,
    Operations operations,
    Score validation,
    Score test)
    implements Tradeoff {
  public FrontierRow {
    point = Collections.unmodifiableMap(new TreeMap<>(point));
    requireNonNull(key, "key is null");
    requireNonNull(file, "file is null");
    requireNonNull(size, "size is null");
    requireNonNull(byOrigin, "byOrigin is null");
    requireNonNull(operations, "operations is null");
    requireNonNull(validation, "validation is null");
    requireNonNull(test, "test is null");
  }

  /** A row of a file of which digest, operations and bytes by origin are unknown. */
  public FrontierRow(
      Map<String, String> point,
      StageKey key,
      String file,
      SizeBreakdown size,
      long parameters,
      long nonzeroWeights,
      Score validation,
      Score test) {
    this(
        point,
        key,
        file,
        null,
        size,
        OriginBytes.UNKNOWN,
        parameters,
        nonzeroWeights,
        Operations.UNKNOWN,
        validation,
        test);
  }

  /**
   * A row of what was measured.
   *
   * @param test what the decoded file does on the test examples
   * @param file the file's path within the results
   */
  public static FrontierRow of(FrontierPoint point, Evaluation test, String file) {
    Measurement measurement = point.outcome().measurement();
    return new FrontierRow(
        point.candidate().point(),
        point.key(),
        file,
        measurement.sha256(),
        measurement.size(),
        measurement.byOrigin(),
        measurement.parameters(),
        measurement.nonzeroWeights(),
        measurement.operations(),
        Score.of(measurement.evaluation()),
        Score.of(test));
  }

  @Override
  public long bytes() {
    return size.totalBytes();
  }

  @Override
  public double quality() {
    return validation.estimate().quality();
  }

  /** How many times smaller the file is than its parameters as 32-bit floats. */
  public double ratio() {
    return 4.0 * parameters / bytes();
  }
}
