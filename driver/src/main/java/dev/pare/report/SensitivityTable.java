package dev.pare.report;

import dev.pare.candidate.Prune;
import dev.pare.sparsify.Sensitivity;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How much a teacher minds the sparsity of each of its layers.
 *
 * @param rows by way of pruning, then by layer, then by sparsity
 */
public record SensitivityTable(List<Row> rows) {
  public SensitivityTable {
    rows = List.copyOf(rows);
  }

  /**
   * What comes of one sparsity of one layer alone.
   *
   * @param layer its weight, as {@code 0_W}
   * @param loss mean cross entropy of the calibration examples
   * @param accuracy share of them that is answered rightly
   */
  public record Row(
      String saliency,
      String granularity,
      String layer,
      double sparsity,
      double loss,
      double accuracy) {}

  /** The rows of one scan. */
  public static List<Row> rows(Prune settings, Sensitivity sensitivity) {
    String saliency = settings.saliency().name().toLowerCase(Locale.ROOT);
    List<Row> rows = new ArrayList<>();
    for (Sensitivity.Layer layer : sensitivity.layers()) {
      for (Sensitivity.Point point : layer.points()) {
        rows.add(
            new Row(
                saliency,
                settings.granularity().toString(),
                layer.name(),
                point.sparsity(),
                point.loss(),
                point.accuracy()));
      }
    }
    return rows;
  }

  /** A line a row, with a header. */
  public String csv() {
    StringBuilder csv = new StringBuilder("saliency,granularity,layer,sparsity,loss,accuracy\n");
    for (Row row : rows) {
      csv.append(
          String.format(
              Locale.ROOT,
              "%s,%s,%s,%s,%.6f,%.6f\n",
              row.saliency(),
              row.granularity(),
              row.layer(),
              row.sparsity(),
              row.loss(),
              row.accuracy()));
    }
    return csv.toString();
  }

  /** Prints the errors, a line a layer and a column a sparsity. */
  public void print(PrintWriter out) {
    Map<String, List<Row>> scans = new LinkedHashMap<>();
    for (Row row : rows) {
      scans
          .computeIfAbsent(row.saliency() + ", " + row.granularity(), key -> new ArrayList<>())
          .add(row);
    }
    scans.forEach((scan, own) -> print(scan, own, out));
  }

  private static void print(String scan, List<Row> rows, PrintWriter out) {
    Map<String, List<Row>> layers = new LinkedHashMap<>();
    rows.forEach(row -> layers.computeIfAbsent(row.layer(), key -> new ArrayList<>()).add(row));
    out.println(scan + ": error % on calibration examples, one layer pruned at a time");
    out.printf("  %-8s", "sparsity");
    for (Row row : layers.values().iterator().next()) {
      out.printf(Locale.ROOT, "%8s", String.valueOf(row.sparsity()));
    }
    out.println();
    layers.forEach(
        (layer, points) -> {
          out.printf("  %-8s", layer);
          for (Row row : points) {
            out.printf(Locale.ROOT, "%8.2f", 100 * (1 - row.accuracy()));
          }
          out.println();
        });
    out.println();
  }
}
