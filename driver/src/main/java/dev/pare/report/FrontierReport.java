package dev.pare.report;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Confusion;
import dev.pare.candidate.Metric;
import dev.pare.result.Score;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is told of a sweep's frontier. Nothing in it depends on when or where the sweep ran.
 *
 * @param name of the sweep
 * @param rows the files by rising bytes
 */
public record FrontierReport(String name, Teacher teacher, List<FrontierRow> rows) {
  public FrontierReport {
    requireNonNull(name, "name is null");
    requireNonNull(teacher, "teacher is null");
    rows = List.copyOf(rows);
  }

  /** What files are judged by. */
  public Metric metric() {
    return teacher.validation().metric();
  }

  /** Beyond all networks; as floats they still have a whole number of bytes. */
  private static final long MOST_PARAMETERS = 1L << 48;

  /**
   * The network that was compressed.
   *
   * @param test null while the sweep runs: test examples are read at its end
   * @param guess value of the metric for a network that has learned nothing; null where it is not
   *     known
   * @param confusion of the validation examples' classes; null where it is not known
   * @param comparison how its outputs differ from those of the library that it comes from, for
   *     people; null if it comes from none
   * @param sha256 of its file among the results, in hexadecimal; null where it is not known
   * @param testSha256 of the test examples, in hexadecimal; null where it is not known
   */
  public record Teacher(
      long parameters,
      Score validation,
      @Nullable Score test,
      @Nullable Double guess,
      @Nullable Confusion confusion,
      @Nullable String comparison,
      @Nullable String sha256,
      @Nullable String testSha256) {
    /** One that is judged by its classification error, and of which no more is known. */
    public Teacher(long parameters, Score validation, Score test) {
      this(parameters, validation, test, null, null, null, null, null);
    }

    public Teacher {
      requireNonNull(validation, "validation is null");
      if (parameters < 0 || parameters > MOST_PARAMETERS) {
        throw new IllegalArgumentException(
            "parameters = " + parameters + ": must be 0 to " + MOST_PARAMETERS);
      }
      if (guess != null && !Double.isFinite(guess)) {
        throw new IllegalArgumentException("guess = " + guess + ": must be finite");
      }
    }

    /** Its size as 32-bit floats. */
    public long bytes() {
      return 4 * parameters;
    }
  }

  /** The same report of fewer rows. */
  public FrontierReport withRows(List<FrontierRow> others) {
    return new FrontierReport(name, teacher, others);
  }

  /** The dimensions that any row has a value of, in alphabetical order. */
  List<String> dimensions() {
    TreeSet<String> dimensions = new TreeSet<>();
    rows.forEach(row -> dimensions.addAll(row.point().keySet()));
    return List.copyOf(dimensions);
  }
}
