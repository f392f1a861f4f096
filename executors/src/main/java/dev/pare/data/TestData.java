package dev.pare.data;

import static java.util.Objects.requireNonNull;

/**
 * The test data, loaded; for what is reported, never for a choice.
 *
 * @param examples in the file's order
 * @param digest of the files, made as {@link TrainingData#digest()} is
 */
public record TestData(Examples examples, String digest) {
  public TestData {
    requireNonNull(examples, "examples is null");
    requireNonNull(digest, "digest is null");
  }
}
