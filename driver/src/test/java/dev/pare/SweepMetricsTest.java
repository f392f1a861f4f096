package dev.pare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Outcome;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class SweepMetricsTest {
  @TempDir private Path folder;

  private static SparkSession sparkWithMetrics() {
    return SparkSession.builder()
        .appName("pare tests")
        .master("local[1]")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.ui.port", "0")
        .config(
            "spark.metrics.conf.*.sink.prometheusServlet.class",
            "org.apache.spark.metrics.sink.PrometheusServlet")
        .config("spark.metrics.conf.*.sink.prometheusServlet.path", "/metrics/prometheus")
        .getOrCreate();
  }

  private static String metrics(SparkSession spark) {
    URI address = URI.create(spark.sparkContext().uiWebUrl().get() + "/metrics/prometheus/");
    try {
      return HttpClient.newHttpClient()
          .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static double value(String metrics, String name) {
    String line =
        metrics
            .lines()
            .filter(l -> l.contains("_driver_pare_" + name + "_Value{"))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no " + name + " in\n" + metrics));
    return Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
  }

  @Test
  @Timeout(120)
  void aSweepIsSeenOverHttpWhileItRunsAndNotAfter() throws IOException {
    try (SparkSession spark = sparkWithMetrics()) {
      List<String> seen = new ArrayList<>();
      Sweep.run(
          spark,
          SmallSweep.spec(
              folder.resolve("sweep"),
              "space={ sparsity = [0.5], bits = [2, 4], learning-rate = [0.001, 1e30] }"),
          new Progress() {
            @Override
            public void finished(Candidate candidate, Outcome outcome, int done) {
              seen.add(metrics(spark));
            }
          });

      assertThat(seen).hasSize(4);
      for (int i = 0; i < 4; i++) {
        assertThat(value(seen.get(i), "candidates_total")).isEqualTo(4);
        assertThat(value(seen.get(i), "candidates_done")).isEqualTo(i + 1);
      }
      String last = seen.get(3);
      assertThat(value(last, "candidates_failed")).isEqualTo(2);
      assertThat(value(last, "frontier_size")).isBetween(1.0, 2.0);
      assertThat(value(last, "frontier_hypervolume")).isGreaterThan(1);
      assertThat(value(last, "stage_seconds_prune")).isGreaterThan(0);
      assertThat(value(last, "stage_seconds_encode")).isGreaterThan(0);
      assertThat(metrics(spark)).doesNotContain("_pare_").contains("_driver_");
    }
  }
}
