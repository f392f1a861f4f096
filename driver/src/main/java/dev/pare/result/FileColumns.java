package dev.pare.result;

import dev.pare.artifact.SizeBreakdown;
import dev.pare.candidate.FileSummary;
import dev.pare.candidate.Operations;
import dev.pare.candidate.OriginBytes;
import dev.pare.candidate.Robustness;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is told of a .pare file. */
public final class FileColumns {
  /** All of them, in the order of tables. */
  public static final List<Column<FileSummary>> ALL =
      List.of(
          bytes("bytes", "the whole file", FileSummary::bytes),
          Column.real(
              "ratio",
              "times",
              "how many times smaller the file is than the compressed network's parameters as 32-bit"
                  + " floats",
              FileSummary::ratio),
          bytes(
              "header_bytes",
              "magic, version, architecture, names, section frames, checksum",
              file -> file.size().headerBytes()),
          bytes("index_bytes", "positions of what is not zero", file -> file.size().indexBytes()),
          bytes(
              "value_bytes",
              "codes of what is not zero, or its floats",
              file -> file.size().valueBytes()),
          bytes(
              "codebook_bytes",
              "codebooks, scales and code-length tables",
              file -> file.size().codebookBytes()),
          bytes(
              "bias_bytes",
              "biases, and batch normalization's parameters",
              file -> file.size().biasBytes()),
          Column.whole(
              "bytes_with_origin",
              "bytes",
              "the same network in a file that holds the seed of its initial weights",
              file -> file.byOrigin().with()),
          Column.whole(
              "bytes_without_origin",
              "bytes",
              "the same network in a file without that seed",
              file -> file.byOrigin().without()),
          Column.text("sha256", "SHA-256 of the file, in hexadecimal", FileSummary::sha256),
          Column.whole(
              "parameters",
              "parameters",
              "of the network that was compressed, biases included",
              FileSummary::parameters),
          Column.whole(
              "nonzero_weights",
              "weights",
              "of the file's network that are not zero, biases left out",
              FileSummary::nonzeroWeights),
          Column.real(
              "activation_density",
              "share",
              "of the numbers between layers that are not zero",
              file -> file.operations().activationDensity()),
          multiplyAdds(
              "original_multiply_adds",
              "of one example in the network that was compressed",
              file -> file.operations().originalMultiplyAdds()),
          multiplyAdds(
              "multiply_adds",
              "of one example in the file's network",
              file -> file.operations().multiplyAdds()),
          multiplyAdds(
              "effective_multiply_adds",
              "multiply-adds of an example, in the mean, whose weight and input are not zero, and all products of two activations",
              file -> file.operations().effectiveMultiplyAdds()),
          Column.real(
              "robust_radius",
              "units",
              "how far attacks on the file moved features, in units of an image's range or a feature's standard deviation",
              file -> file.robustness() == null ? null : file.robustness().radius()),
          Column.whole(
              "robust_examples",
              "examples",
              "validation examples that were attacked by PGD (Madry et al. 2018)",
              file -> file.robustness() == null ? null : (long) file.robustness().examples()),
          Column.whole(
              "robust_correct",
              "examples",
              "of these, how many no wrong answer was found for",
              file -> file.robustness() == null ? null : (long) file.robustness().correct()),
          Column.real(
              "robust_error",
              "share",
              "of the attacked examples that are answered wrongly within the radius",
              file -> file.robustness() == null ? null : file.robustness().error()));

  private FileColumns() {}

  private interface Count {
    long of(FileSummary file);
  }

  private static Column<FileSummary> bytes(String name, String meaning, Count count) {
    return Column.whole(name, "bytes", meaning, count::of);
  }

  private static Column<FileSummary> multiplyAdds(String name, String meaning, Count count) {
    return Column.whole(name, "multiply-adds", meaning, count::of);
  }

  /**
   * What a row of a table tells. What earlier versions did not keep is unknown.
   *
   * @throws IllegalArgumentException naming the column that is missing or wrong
   */
  public static FileSummary read(Values row) {
    return new FileSummary(
            size(row),
            new OriginBytes(
                countOrNull(row, "bytes_with_origin"), countOrNull(row, "bytes_without_origin")),
            row.textOrNull("sha256"),
            count(row, "parameters"),
            count(row, "nonzero_weights"),
            row.value("multiply_adds") == null
                ? Operations.UNKNOWN
                : new Operations(
                    row.real("activation_density"),
                    row.whole("original_multiply_adds"),
                    row.whole("multiply_adds"),
                    row.whole("effective_multiply_adds")))
        .with(robustness(row));
  }

  private static @Nullable Robustness robustness(Values row) {
    return row.value("robust_radius") == null
        ? null
        : new Robustness(
            row.real("robust_radius"),
            Math.toIntExact(row.whole("robust_examples")),
            Math.toIntExact(row.whole("robust_correct")));
  }

  private static SizeBreakdown size(Values row) {
    SizeBreakdown size =
        new SizeBreakdown(
            row.whole("header_bytes"),
            row.whole("index_bytes"),
            row.whole("value_bytes"),
            row.whole("codebook_bytes"),
            row.whole("bias_bytes"));
    long bytes = row.whole("bytes");
    if (bytes != size.totalBytes()) {
      throw new IllegalArgumentException(
          "bytes = " + bytes + ", but its parts have " + size.totalBytes());
    }
    if (bytes == 0) {
      throw new IllegalArgumentException("bytes = 0: must be at least 1");
    }
    return size;
  }

  private static long count(Values row, String column) {
    return notNegative(column, row.whole(column));
  }

  private static @Nullable Long countOrNull(Values row, String column) {
    Long value = row.wholeOrNull(column);
    return value == null ? null : Long.valueOf(notNegative(column, value));
  }

  private static long notNegative(String column, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(column + " = " + value + ": must be at least 0");
    }
    return value;
  }
}
