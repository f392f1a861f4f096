package dev.pare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.candidate.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SerializersTest {
  private static final Map<String, String> STRICT_KRYO =
      Map.of(
          "spark.serializer",
          "org.apache.spark.serializer.KryoSerializer",
          "spark.kryo.registrationRequired",
          "true");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"driver", "spark"})
  void aSweepDoesNotDependOnSparksSerializer(String trainOn) throws IOException {
    String[] overrides = {
      "teacher.train-on=" + trainOn,
      "teacher.epochs=2",
      "space={ sparsity = [0.5, 0.9], bits = [2, 4] }",
      "student.prune.scope=sensitivity"
    };
    try (SparkSession spark = LocalSpark.open(2, STRICT_KRYO)) {
      Sweep.Result result = Sweep.run(spark, SmallSweep.spec(folder.resolve("kryo/x"), overrides));
      assertThat(result.outcomes().values())
          .hasSize(4)
          .allMatch(Outcome.Measured.class::isInstance);
    }
    try (SparkSession spark = LocalSpark.open(2)) {
      Sweep.run(spark, SmallSweep.spec(folder.resolve("java/x"), overrides));
    }
    assertThat(SmallSweep.bytes(folder.resolve("kryo/x")))
        .isEqualTo(SmallSweep.bytes(folder.resolve("java/x")));
  }

  @Test
  void whatASweepLeftIsReadWithKryoThatKnowsSparksOwnTypes() throws IOException {
    Path out = folder.resolve("sweep");
    Map<String, String> kryo = new TreeMap<>(STRICT_KRYO);
    // Spark's own rows of tables would have to be registered.
    kryo.remove("spark.kryo.registrationRequired");
    try (SparkSession spark = LocalSpark.open(2, kryo)) {
      Sweep.Result result = Sweep.run(spark, SmallSweep.spec(out));
      assertThat(result.candidateTable().collectAsList()).hasSize(4);
      assertThat(result.frontierTable().collectAsList()).isNotEmpty();
      for (var table :
          List.of(
              SweepTables.ledger(spark, out.toString()),
              SweepTables.frontier(spark, out.toString()),
              SweepTables.history(spark, out.toString()))) {
        assertThat(table.collectAsList()).isNotEmpty();
      }
    }
  }
}
