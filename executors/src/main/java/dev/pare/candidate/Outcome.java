package dev.pare.candidate;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** What came of a candidate. */
public sealed interface Outcome extends Serializable {
  /** Content address of the candidate's last stage. */
  StageKey key();

  /** Where it was computed. */
  Provenance provenance();

  /**
   * It has a file, and the file was measured.
   *
   * @param seconds wall time of each stage on the candidate's path, by the stage's kind in lower
   *     case; the time of a shared stage stands in every candidate that shares it
   */
  record Measured(
      StageKey key, Measurement measurement, Map<String, Double> seconds, Provenance provenance)
      implements Outcome {
    public Measured {
      requireNonNull(key, "key is null");
      requireNonNull(measurement, "measurement is null");
      seconds = Collections.unmodifiableMap(new TreeMap<>(seconds));
      requireNonNull(provenance, "provenance is null");
    }
  }

  /** It came to nothing, for a reason that another try would meet again. */
  record Failed(StageKey key, Failure failure, Provenance provenance) implements Outcome {
    public Failed {
      requireNonNull(key, "key is null");
      requireNonNull(failure, "failure is null");
      requireNonNull(provenance, "provenance is null");
    }
  }
}
