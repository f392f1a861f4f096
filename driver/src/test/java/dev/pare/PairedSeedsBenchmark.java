package dev.pare;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Correctness;
import dev.pare.candidate.Outcome;
import dev.pare.evaluate.McNemarTest;
import dev.pare.spec.SweepSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The candidates of a configuration over several seeds, each beside the first of them: mean error
 * and its standard error, and McNemar's test over the validation examples of all seeds. {@code
 * -Dconf=conf/mnist-distillation.conf -Dout=/tmp/x}, and {@code -Dseeds=3}.
 */
@EnabledIfSystemProperty(named = "conf", matches = ".+")
class PairedSeedsBenchmark {
  private static final int SEEDS = Integer.getInteger("seeds", 3);

  @Test
  void comparesEachCandidateWithTheFirst() throws IOException {
    String conf = SmallSweep.ROOT.resolve(System.getProperty("conf")).toString();
    Map<String, List<Outcome.Measured>> all = new LinkedHashMap<>();
    try (SparkSession spark = LocalSpark.open(Integer.getInteger("slots", 1))) {
      for (int seed = 1; seed <= SEEDS; seed++) {
        List<String> settings = new ArrayList<>();
        settings.add("sweep.seed=" + seed);
        settings.add("sweep.out=file://" + System.getProperty("out") + "/" + seed);
        if (System.getProperty("data-dir") != null) {
          settings.add("data-dir=" + System.getProperty("data-dir"));
        }
        for (Map.Entry<Candidate, Outcome> one :
            Sweep.run(spark, SweepSpec.load(conf, settings)).outcomes().entrySet()) {
          all.computeIfAbsent(one.getKey().label(), label -> new ArrayList<>())
              .add((Outcome.Measured) one.getValue());
        }
      }
    }
    List<Outcome.Measured> first = all.values().iterator().next();
    System.out.println("| candidate | error % | only it | only the first | p |");
    System.out.println("| --- | ---: | ---: | ---: | ---: |");
    all.forEach((label, outcomes) -> System.out.println(row(label, outcomes, first)));
  }

  private static String row(
      String label, List<Outcome.Measured> outcomes, List<Outcome.Measured> first) {
    int own = 0;
    int firsts = 0;
    double error = 0;
    double[] errors = new double[outcomes.size()];
    for (int seed = 0; seed < outcomes.size(); seed++) {
      Correctness right = outcomes.get(seed).measurement().validation();
      McNemarTest test = McNemarTest.of(right, first.get(seed).measurement().validation());
      own += test.onlyFirst();
      firsts += test.onlySecond();
      errors[seed] = 100 * (1 - right.accuracy());
      error += errors[seed] / outcomes.size();
    }
    double squares = 0;
    for (double one : errors) {
      squares += (one - error) * (one - error);
    }
    double standardError = Math.sqrt(squares / (errors.length - 1) / errors.length);
    return String.format(
        Locale.ROOT,
        "| %s | %.2f ± %.2f | %d | %d | %.4f |",
        label,
        error,
        standardError,
        own,
        firsts,
        new McNemarTest(own, firsts).pValue());
  }
}
