package dev.pare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Measurement;
import dev.pare.candidate.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sweep over ways of adversarial training, quantized, with activations of 8 bits and masks. */
class AdversarialSweepTest {
  private static final String ALL = "space.adversarial=[none,pgd,trades]";

  @TempDir private Path folder;

  private static Map<String, Measurement> measured(Sweep.Result result) {
    Map<String, Measurement> measured = new TreeMap<>();
    for (Map.Entry<Candidate, Outcome> entry : result.outcomes().entrySet()) {
      assertThat(entry.getValue())
          .as("%s", entry.getKey().label())
          .isInstanceOf(Outcome.Measured.class);
      measured.put(entry.getKey().label(), ((Outcome.Measured) entry.getValue()).measurement());
    }
    return measured;
  }

  private Map<String, Measurement> sweep(int slots, String out, String... more) {
    String[] overrides =
        Stream.concat(
                Stream.of(
                    "space.sparsity=[0.8]",
                    "space.bits=[4]",
                    "space.activation-bits=[32,8]",
                    "student.quantize.quantizer=uniform",
                    "student.adversarial.steps=1"),
                Arrays.stream(more))
            .toArray(String[]::new);
    try (SparkSession spark = LocalSpark.open(slots)) {
      return measured(Sweep.run(spark, SmallSweep.spec(folder.resolve(out), overrides)));
    }
  }

  @Test
  void everyWayComesToFilesThatAreTheSameWithOneSlotAndSeveral() throws IOException {
    Map<String, Measurement> one = sweep(1, "one/sweep", ALL, "student.adversarial.radius=0.05");
    Map<String, Measurement> several =
        sweep(2, "several/sweep", ALL, "student.adversarial.radius=0.05");

    assertThat(one).hasSize(6).isEqualTo(several);
    assertThat(one.values().stream().map(Measurement::sha256)).doesNotHaveDuplicates();
    assertThat(SmallSweep.bytes(folder.resolve("one/sweep")))
        .isEqualTo(SmallSweep.bytes(folder.resolve("several/sweep")));
    // Guesses are wrong in nine of ten.
    one.forEach((label, file) -> assertThat(file.score().value()).as(label).isLessThan(0.2));
  }

  @Test
  void candidatesWithoutItAreWhatTheyWereWithoutTheSettings() {
    Map<String, Measurement> with = sweep(2, "with", "space.adversarial=[none,pgd]");
    Map<String, Measurement> without = sweep(2, "without", "student.adversarial.radius=0.2");

    assertThat(without).hasSize(2);
    without.forEach(
        (label, file) ->
            assertThat(with.values().stream().map(Measurement::sha256))
                .as(label)
                .contains(file.sha256()));
  }
}
