package dev.pare.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pare.ledger.Ledger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** What a sweep has left on this machine's disk. */
final class SweepFiles {
  private static final Pattern EXECUTOR = Pattern.compile("\"(\\d+)@127\\.0\\.0\\.1\"");

  private SweepFiles() {}

  /** The report of every task in a store, by its file; none is half. */
  static Map<String, String> reports(Path store) throws IOException {
    Map<String, String> reports = new TreeMap<>();
    if (Files.exists(store)) {
      try (Stream<Path> files = Files.walk(store)) {
        for (Path file : files.filter(SweepFiles::isReport).toList()) {
          reports.put(file.getFileName().toString(), Files.readString(file));
        }
      }
    }
    return reports;
  }

  private static boolean isReport(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".json") && !name.startsWith(".");
  }

  /** The sum of the numbers of a field, by kinds of stages; 0 without such a field. */
  static double seconds(String json, String field) throws IOException {
    double sum = 0;
    for (JsonNode kind : new ObjectMapper().readTree(json).path(field)) {
      sum += kind.doubleValue();
    }
    return sum;
  }

  /** How many tasks have ended. */
  static int ended(Path store) {
    if (!Files.exists(store)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(store)) {
      return (int) files.filter(SweepFiles::isReport).count();
    } catch (IOException | UncheckedIOException e) {
      // A file went while it was looked at.
      return 0;
    }
  }

  /** Spark's ids of the executors on which tasks in a store ended. */
  static SortedSet<String> executors(Path store) {
    SortedSet<String> ids = new TreeSet<>();
    try {
      for (String report : reports(store).values()) {
        Matcher matcher = EXECUTOR.matcher(report);
        if (matcher.find()) {
          ids.add(matcher.group(1));
        }
      }
    } catch (IOException | UncheckedIOException e) {
      // A file went while it was looked at; who waits looks again.
      ids.clear();
    }
    return ids;
  }

  /** The ledger's rows by candidate; each candidate is there once. */
  static Map<String, Row> ledger(SparkSession spark, Path out) {
    List<Row> rows = Ledger.read(spark, out + "/ledger").collectAsList();
    Map<String, Row> byCandidate = new HashMap<>();
    rows.forEach(row -> byCandidate.put(row.getAs("candidate"), row));
    assertThat(byCandidate).hasSameSizeAs(rows);
    return byCandidate;
  }

  /** A column of a ledger by candidate. */
  static Map<String, String> column(Map<String, Row> ledger, String name) {
    Map<String, String> column = new TreeMap<>();
    ledger.forEach((candidate, row) -> column.put(candidate, row.getAs(name)));
    return column;
  }
}
