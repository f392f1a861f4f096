package dev.pare.data;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * The test data, loaded; for what is reported, never for a choice.
 *
 * @param examples in the file's order
 * @param digest of the files, made as {@link TrainingData#trainingDigest()} is
 * @param files where they are from
 * @param gaps what columns lack in {@code examples}
 */
public record TestData(Examples examples, String digest, Files files, List<ColumnGap> gaps) {
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
    gaps = List.copyOf(gaps);
  }
}
