package dev.pare.data;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Sha256;
import dev.pare.prepare.Preparation;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The training data, loaded and divided.
 *
 * @param train what networks are trained on, in the file's order
 * @param validation what choices are made by, in the file's order: of files of their own, or of the
 *     training files and disjoint from {@code train}
 * @param shape what one example is
 * @param divisor what raw feature values are divided by before a network's first layer
 * @param preparation that made the features of the files' rows, and the classes' names
 * @param trainingDigest SHA-256, in 64 lower-case hexadecimal digits, of the files' SHA-256 digests
 *     (of their bytes as stored, features before labels) one after the other; it does not depend on
 *     how the data are divided
 * @param validationDigest the same of the validation examples' own files; null where they have none
 * @param gaps what columns lack in {@code train}
 * @param validationGaps what they lack in validation examples of files of their own; empty where
 *     these have none
 * @param doubts what was strange while the files were read, each in some words
 */
public record TrainingData(
    Examples train,
    Examples validation,
    ExampleShape shape,
    float divisor,
    Preparation preparation,
    String trainingDigest,
    @Nullable String validationDigest,
    List<ColumnGap> gaps,
    List<ColumnGap> validationGaps,
    List<String> doubts) {
  public TrainingData {
    requireNonNull(train, "train is null");
    requireNonNull(validation, "validation is null");
    requireNonNull(shape, "shape is null");
    requireNonNull(preparation, "preparation is null");
    requireNonNull(trainingDigest, "trainingDigest is null");
    gaps = List.copyOf(gaps);
    validationGaps = List.copyOf(validationGaps);
    doubts = List.copyOf(doubts);
  }

  /** Of all files: {@code trainingDigest}, or that of both digests, one after the other. */
  public String digest() {
    return validationDigest == null
        ? trainingDigest
        : Sha256.hex(HexFormat.of().parseHex(trainingDigest + validationDigest));
  }

  /** About how much memory they take. */
  public long bytes() {
    return train.bytes() + validation.bytes();
  }

  /** How many outputs a network for them has. */
  public int outputs() {
    return train.outputs();
  }

  /** How many classes there are: 1 + the largest label, those of {@code validation} included. */
  public int classes() {
    return train.classes();
  }

  /** What other data must have in common with these. */
  public DataForm form() {
    return new DataForm(shape, outputs(), divisor, preparation);
  }
}
