package dev.pare.pipeline;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Spelling;
import dev.pare.candidate.StageKey;
import java.util.Set;
import org.apache.hadoop.fs.Path;

/**
 * A file of a store.
 *
 * @param key whose product it is, or was to be
 * @param modifiedMillis when it was written, since 1970
 */
public record StoredFile(Path path, StageKey key, Kind kind, long bytes, long modifiedMillis) {
  /** What it is. */
  public enum Kind {
    /** A network, as a .pare file. */
    NETWORK,
    /** A teacher's logits. */
    LOGITS,
    /** A stage's report. */
    REPORT,
    /** Half a product, which a writer works on or has left when it was killed. */
    UNFINISHED;

    /** For people. */
    public String title() {
      return Spelling.of(this);
    }
  }

  public StoredFile {
    requireNonNull(path, "path is null");
    requireNonNull(key, "key is null");
    requireNonNull(kind, "kind is null");
  }

  /** Whether it is a product of one of some stages; what is unfinished belongs to none. */
  public boolean belongsToAnyOf(Set<StageKey> keys) {
    return kind != Kind.UNFINISHED && keys.contains(key);
  }
}
