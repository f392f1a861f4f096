package dev.pare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageKey;
import dev.pare.folder.References;
import dev.pare.folder.SweepFolder;
import dev.pare.ledger.Ledger;
import dev.pare.plan.StageTree;
import dev.pare.report.FrontierRow;
import dev.pare.spec.SweepSpec;
import dev.pare.status.StatusFile;
import dev.pare.status.SweepStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps that do not try all of their space. */
@Timeout(300)
class SearchSweepTest {
  private static SparkSession spark;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    spark = LocalSpark.open(2);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private SweepSpec spec(String out, String... search) {
    return SmallSweep.spec(
        folder.resolve(out),
        Stream.concat(
                Stream.of(
                    "sweep.name=searched",
                    "space={ sparsity = [0.5, 0.7, 0.9, 0.95], bits = [2, 3, 4, 5] }",
                    "student { epochs = 0, quantize.epochs = 0 }"),
                Stream.of(search))
            .toArray(String[]::new));
  }

  private static final String NSGA2 =
      "search={ strategy = nsga-ii, candidates = 10, population = 4 }";

  /** What a sweep told while it ran, which is killed at some candidate. */
  private static final class Killed implements Progress {
    private final List<String> planned = new ArrayList<>();
    private final int last;

    Killed(int last) {
      this.last = last;
    }

    @Override
    public void planned(StageTree tree, int atMost) {
      planned.add(tree.keys().size() + " of " + atMost);
    }

    @Override
    public void finished(Candidate candidate, Outcome outcome, int done) {
      if (done == last) {
        throw new IllegalStateException("killed");
      }
    }
  }

  /** The files of all products, by their names in the store, and when they were written. */
  private Map<String, Object> products(String out) throws IOException {
    Map<String, Object> products = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder.resolve(out).resolve("store"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        products.put(file.getFileName().toString(), Files.getLastModifiedTime(file));
      }
    }
    return products;
  }

  @Test
  void aRandomSearchTriesAsManyAsAskedAndIsKnownBeforehand() {
    Killed told = new Killed(-1);
    Sweep.Result result =
        Sweep.run(spark, spec("random", "search={ strategy = random, candidates = 5 }"), told);

    assertThat(result.outcomes()).hasSize(5);
    assertThat(result.outcomes().values()).allMatch(Outcome.Measured.class::isInstance);
    assertThat(told.planned).containsExactly("5 of 5");
    assertThat(Files.exists(folder.resolve("random/report.html"))).isTrue();
  }

  /** Keys alone: the configurations have different folders. */
  private Set<StageKey> references(String name) throws IOException {
    return References.of(new SweepFolder(folder.resolve(name).toString(), new Configuration()))
        .orElseThrow()
        .keys();
  }

  @Test
  void aKilledSearchGoesOnWhereItWasAndComesToTheSame() throws IOException {
    Killed told = new Killed(-1);
    Sweep.Result whole = Sweep.run(spark, spec("whole", NSGA2), told);
    assertThat(whole.outcomes()).hasSize(10);
    assertThat(told.planned).containsExactly("4 of 10", "8 of 10", "10 of 10");

    SweepSpec spec = spec("killed", NSGA2);
    for (int last : new int[] {2, 7}) {
      assertThatThrownBy(() -> Sweep.run(spark, spec, new Killed(last)))
          .hasMessageContaining("killed");
    }
    SweepStatus status =
        StatusFile.read(new SweepFolder(folder.resolve("killed").toString(), new Configuration()));
    assertThat(status.candidates()).isEqualTo(8);
    assertThat(status.atMost()).isEqualTo(10);
    Map<String, Object> before = products("killed");
    Sweep.Result resumed = Sweep.run(spark, spec);

    assertThat(resumed.outcomes().keySet()).containsExactlyElementsOf(whole.outcomes().keySet());
    assertThat(SmallSweep.bytes(folder.resolve("killed")))
        .isEqualTo(SmallSweep.bytes(folder.resolve("whole")));
    assertThat(products("killed")).containsAllEntriesOf(before);
    assertThat(products("killed")).containsOnlyKeys(products("whole").keySet());
    assertThat(references("killed")).isEqualTo(references("whole"));
    assertThat(Ledger.read(spark, spec.out() + "/ledger").count()).isEqualTo(10);
  }

  /** Of 2,000 validation examples: neighbours that differ by a few are trained again. */
  @Test
  void whatCannotBeToldApartIsTrainedAgainAndAKilledSearchComesToTheSame() throws IOException {
    String[] settings = {
      "space={ sparsity = [0.5, 0.6], bits = [4, 5] }",
      "student { epochs = 1, quantize.epochs = 0 }",
      "search.repeats=3"
    };
    Sweep.Result whole = Sweep.run(spark, spec("repeats", settings));
    List<Candidate> tried = List.copyOf(whole.outcomes().keySet());

    assertThat(tried.subList(0, 4)).noneMatch(c -> c.point().containsKey("repeat"));
    assertThat(tried.subList(4, tried.size()))
        .isNotEmpty()
        .allMatch(c -> c.point().containsKey("repeat"));
    List<FrontierRow> rows = whole.frontier().rows();
    assertThat(rows)
        .extracting(row -> row.point().get("sparsity") + " " + row.point().get("bits"))
        .doesNotHaveDuplicates();
    assertThat(rows).anyMatch(row -> row.runs() != null && row.runs().count() > 1);
    Map<String, List<Byte>> files = SmallSweep.bytes(folder.resolve("repeats"));
    assertThatThrownBy(() -> Sweep.run(spark, spec("again", settings), new Killed(6)))
        .hasMessageContaining("killed");

    assertThat(Sweep.run(spark, spec("again", settings)).outcomes().keySet())
        .containsExactlyElementsOf(tried);
    assertThat(SmallSweep.bytes(folder.resolve("again"))).isEqualTo(files);
  }

  @Test
  void aBudgetEndsASearchAndARerunTriesTheSame() throws IOException {
    String budget = "search={ strategy = random, budget = 0.4, population = 4 }";
    assertThatThrownBy(() -> Sweep.run(spark, spec("budget", budget), new Killed(3)))
        .hasMessageContaining("killed");
    Set<Candidate> tried = Sweep.run(spark, spec("budget", budget)).outcomes().keySet();
    Map<String, Object> products = products("budget");

    assertThat(tried).hasSizeBetween(4, 16);
    assertThat(Sweep.run(spark, spec("budget", budget)).outcomes().keySet())
        .containsExactlyElementsOf(tried);
    assertThat(products("budget")).isEqualTo(products);
  }
}
