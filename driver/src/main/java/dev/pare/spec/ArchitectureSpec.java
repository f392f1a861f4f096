package dev.pare.spec;

import static java.util.Objects.requireNonNull;

import dev.pare.model.NamedArchitecture;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A network that students may begin with in place of the teacher: of a family that Pare knows, or
 * that of a file.
 *
 * @param named the family with its sizes; null for a file
 * @param model any Hadoop path of a network, as a teacher's may be; null for a family
 * @param weights what students have of it
 */
public record ArchitectureSpec(
    @Nullable NamedArchitecture named, @Nullable String model, Weights weights)
    implements Serializable {
  public ArchitectureSpec {
    if ((named == null) == (model == null)) {
      throw new IllegalArgumentException("needs a family or a file: " + named + ", " + model);
    }
    if (named != null && requireNonNull(weights, "weights is null") == Weights.FILE) {
      throw new IllegalArgumentException(named + " has no weights");
    }
  }

  /** What weights students begin with. */
  public enum Weights {
    /** They are drawn by the seed of the student's stage. */
    RANDOM,
    /** Those of the file. */
    FILE
  }
}
