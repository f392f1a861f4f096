package dev.pare.data;

import static java.util.Objects.requireNonNull;

/**
 * The test data, loaded; for what is reported, never for a choice.
 *
 * @param examples in the file's order
 * @param digest of the files, made as {@link TrainingData#digest()} is
 * @param files where they are from
 */
public record TestData(Examples examples, String digest, Files files) {
  /** Where test examples are from. */
  public enum Files {
    /** Files of their own. */
    OWN,
    /** The training files, of which they are a share that nothing is trained on. */
    SHARED
  }

  public TestData {
    requireNonNull(examples, "examples is null");
    requireNonNull(digest, "digest is null");
    requireNonNull(files, "files is null");
  }
}
