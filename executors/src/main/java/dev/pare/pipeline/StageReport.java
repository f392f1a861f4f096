package dev.pare.pipeline;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pare.candidate.Failure;
import dev.pare.candidate.Measurement;
import dev.pare.candidate.Provenance;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.StageSettings;
import java.io.IOException;
import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What came of a step of a {@link StageTask} whose product is kept.
 *
 * @param key of the step
 * @param seconds wall time of the step, by its kind, and of those before it whose products were not
 *     kept
 * @param measurement of the file, if the step wrote a candidate's
 * @param failure why there is no product, or null if there is one
 * @param product the bytes that the step kept, or null if it kept none; reports of versions that
 *     wrote no digests have none either, and their steps run again
 * @param parent the product in the store that the step was computed from, at once or through steps
 *     whose products were not kept; null if it is from none
 */
public record StageReport(
    StageKey key,
    Map<StageSettings.Kind, Double> seconds,
    @Nullable Measurement measurement,
    @Nullable Failure failure,
    Provenance provenance,
    @Nullable ProductDigest product,
    @Nullable ProductDigest parent)
    implements Serializable {
  private static final ObjectMapper JSON = StrictJson.mapper();

  public StageReport {
    requireNonNull(key, "key is null");
    seconds = Collections.unmodifiableMap(new TreeMap<>(seconds));
    requireNonNull(provenance, "provenance is null");
    if (product != null && !product.stage().equals(key)) {
      throw new IllegalArgumentException(
          "the product of " + product.stage().abbreviated() + " in a report of another stage");
    }
    if (product != null
        && measurement != null
        && !(measurement.sha256().equals(product.sha256())
            && measurement.size().totalBytes() == product.bytes())) {
      throw new IllegalArgumentException("a measurement of another file than the stage's product");
    }
  }

  /** A report of a step that kept no product, from nothing. */
  public StageReport(
      StageKey key,
      Map<StageSettings.Kind, Double> seconds,
      @Nullable Measurement measurement,
      @Nullable Failure failure,
      Provenance provenance) {
    this(key, seconds, measurement, failure, provenance, null, null);
  }

  /** Whether another try could only come to the same. */
  public boolean settled() {
    return failure == null || failure.code().number() < 200;
  }

  byte[] toJson() {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a report is always JSON", e);
    }
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @throws IOException if it is something else
   */
  public static StageReport fromJson(byte[] json) throws IOException {
    return StrictJson.read(JSON, json, StageReport.class);
  }
}
