package dev.pare.report;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Prune;
import dev.pare.candidate.StageKey;
import dev.pare.sparsify.Sensitivity;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How sensitive a teacher is to the sparsity of each of its layers.
 *
 * @param teacher content address of the teacher
 * @param settings SHA-256 of what else the scans go by, as {@link
 *     dev.pare.spec.ScanSettings#digest} has it
 * @param rows by way of pruning, then by layer, then by sparsity
 */
public record SensitivityTable(StageKey teacher, String settings, List<Row> rows) {
  private static final SealedCsv CSV =
      new SealedCsv(
          "teacher,settings,saliency,granularity,layer,sparsity,loss,accuracy",
          "sensitivities",
          "`pare sensitivity` of the sweep's configuration writes it anew");

  public SensitivityTable {
    requireNonNull(teacher, "teacher is null");
    requireNonNull(settings, "settings is null");
    rows = List.copyOf(rows);
  }

  /**
   * What comes of one sparsity of one layer alone.
   *
   * @param layer its weight, as {@code 0_W}
   * @param loss of the calibration examples, as in training
   * @param accuracy share of them that is answered rightly; no number unless they have classes
   */
  public record Row(
      String saliency,
      String granularity,
      String layer,
      double sparsity,
      double loss,
      double accuracy) {
    public Row {
      requireNonNull(saliency, "saliency is null");
      requireNonNull(granularity, "granularity is null");
      requireNonNull(layer, "layer is null");
    }

    /** The way of pruning, for people. */
    private String scan() {
      return saliency + ", " + granularity;
    }
  }

  /** The rows of one scan, to six digits behind the point. */
  public static List<Row> rows(Prune settings, Sensitivity sensitivity) {
    String saliency = settings.saliency().name();
    List<Row> rows = new ArrayList<>();
    for (Sensitivity.Layer layer : sensitivity.layers()) {
      for (Sensitivity.Point point : layer.points()) {
        rows.add(
            new Row(
                saliency,
                settings.granularity().toString(),
                layer.name(),
                point.sparsity(),
                rounded(point.loss()),
                rounded(point.accuracy())));
      }
    }
    return rows;
  }

  /** To what {@link #csv} keeps. */
  private static double rounded(double value) {
    return Math.rint(1e6 * value) / 1e6;
  }

  /** Whether its scans go by the same, so that they can stand in one table. */
  boolean isLike(SensitivityTable other) {
    return teacher.equals(other.teacher) && settings.equals(other.settings);
  }

  /** These scans, and of the other table those by ways of pruning that are not among them. */
  public SensitivityTable or(SensitivityTable other) {
    Set<String> own = rows.stream().map(Row::scan).collect(Collectors.toSet());
    return new SensitivityTable(
        teacher,
        settings,
        Stream.concat(other.rows.stream().filter(row -> !own.contains(row.scan())), rows.stream())
            .toList());
  }

  /** A line a row, with a header; {@link #read} reads it. */
  public String csv() {
    List<String> lines = new ArrayList<>();
    for (Row row : rows) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%s,%s,%s,%s,%s,%s,%.6f,%.6f",
              teacher.hex(),
              settings,
              row.saliency(),
              row.granularity(),
              row.layer(),
              row.sparsity(),
              row.loss(),
              row.accuracy()));
    }
    return CSV.of(lines);
  }

  /**
   * What {@link #csv} has written.
   *
   * @throws IOException if it is not that, naming the line, or was changed since, or an earlier
   *     version wrote it
   */
  public static SensitivityTable read(String csv) throws IOException {
    List<Row> rows = new ArrayList<>();
    Set<String> teachers = new LinkedHashSet<>();
    Set<String> settings = new LinkedHashSet<>();
    int line = 1;
    for (String[] values : CSV.read(csv)) {
      line++;
      teachers.add(values[0]);
      settings.add(values[1]);
      try {
        rows.add(
            new Row(
                values[2],
                values[3],
                values[4],
                Double.parseDouble(values[5]),
                Double.parseDouble(values[6]),
                Double.parseDouble(values[7])));
      } catch (NumberFormatException e) {
        throw new IOException("line " + line + ": " + e.getMessage(), e);
      }
    }
    if (teachers.size() > 1) {
      throw new IOException("is of several teachers: " + String.join(", ", teachers));
    }
    if (settings.size() > 1) {
      throw new IOException("is of several settings: " + String.join(", ", settings));
    }
    try {
      return new SensitivityTable(
          new StageKey(teachers.iterator().next()), settings.iterator().next(), rows);
    } catch (IllegalArgumentException e) {
      throw new IOException("line 2: " + e.getMessage(), e);
    }
  }

  /**
   * Prints the errors, or the losses where there are no classes, a line a layer and a column a
   * sparsity.
   */
  public void print(PrintWriter out) {
    Map<String, List<Row>> scans = new LinkedHashMap<>();
    for (Row row : rows) {
      scans.computeIfAbsent(row.scan(), key -> new ArrayList<>()).add(row);
    }
    scans.forEach((scan, own) -> print(scan, own, out));
  }

  private static void print(String scan, List<Row> rows, PrintWriter out) {
    Map<String, List<Row>> layers = new LinkedHashMap<>();
    rows.forEach(row -> layers.computeIfAbsent(row.layer(), key -> new ArrayList<>()).add(row));
    boolean classified = rows.stream().noneMatch(row -> Double.isNaN(row.accuracy()));
    String what = classified ? "error %" : "loss";
    out.println(scan + ": " + what + " on calibration examples, one layer pruned at a time");
    out.printf("  %-8s", "sparsity");
    for (Row row : layers.values().iterator().next()) {
      out.printf(Locale.ROOT, "%8s", String.valueOf(row.sparsity()));
    }
    out.println();
    layers.forEach(
        (layer, points) -> {
          out.printf("  %-8s", layer);
          for (Row row : points) {
            if (classified) {
              out.printf(Locale.ROOT, "%8.2f", 100 * (1 - row.accuracy()));
            } else {
              out.printf(Locale.ROOT, "%8s", String.format(Locale.ROOT, "%.4g", row.loss()));
            }
          }
          out.println();
        });
    out.println();
  }
}
