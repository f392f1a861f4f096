package dev.pare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pare.candidate.Measurement;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.Sha256;
import dev.pare.train.DeviceKind;
import dev.pare.train.Devices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps whose students an OpenCL device trains: in builds PoCL, which is one on the processor. */
class EngineSweepTest {
  @TempDir static Path folder;

  private static SparkSession spark;

  @BeforeAll
  static void start() {
    DeviceKind kind = Devices.kind("opencl");
    assumeTrue(kind.missing().isEmpty(), () -> kind.missing().orElseThrow());
    spark = LocalSpark.open(2);
  }

  @AfterAll
  static void stop() {
    if (spark != null) {
      spark.stop();
    }
  }

  private static Sweep.Result run(String out, String engine) {
    return Sweep.run(spark, SmallSweep.spec(folder.resolve(out), "sweep.engine=" + engine));
  }

  /** All products of a store by their names, with their digests. */
  private static Map<String, String> products(String out) throws IOException {
    Map<String, String> products = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder.resolve(out).resolve("store"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".pare")).toList()) {
        products.put(file.getFileName().toString(), Sha256.hex(Files.readAllBytes(file)));
      }
    }
    return products;
  }

  private static List<Outcome.Measured> measured(Sweep.Result result) {
    return result.outcomes().values().stream().map(Outcome.Measured.class::cast).toList();
  }

  @Test
  void aDeviceGivesTheSameBytesTwiceAndTheProcessorsFrontierWithinNoise() throws IOException {
    List<Outcome.Measured> there = measured(run("device", "opencl"));
    run("again", "opencl");
    List<Outcome.Measured> here = measured(run("processor", "cpu"));

    assertThat(products("device")).isNotEmpty().isEqualTo(products("again"));
    assertThat(products("device").keySet())
        .doesNotContainAnyElementsOf(products("processor").keySet());
    assertThat(there).hasSameSizeAs(here);
    for (int i = 0; i < here.size(); i++) {
      assertThat(there.get(i).provenance().device()).contains(", driver ");
      assertThat(here.get(i).provenance().device()).isNull();
      // With two bits and one epoch errors are 0.12 to 0.21, whatever the seed and the engine.
      Measurement one = there.get(i).measurement();
      Measurement other = here.get(i).measurement();
      boolean coarse = one.score().value() > 0.13 || other.score().value() > 0.13;
      assertThat(one.score().value()).isCloseTo(other.score().value(), within(coarse ? 0.1 : 0.03));
      double bytes = other.size().totalBytes();
      assertThat((double) one.size().totalBytes()).isCloseTo(bytes, within(0.05 * bytes));
    }
  }
}
