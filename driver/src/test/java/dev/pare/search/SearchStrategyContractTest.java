package dev.pare.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.pare.SampleCandidates;
import dev.pare.SmallSweep;
import dev.pare.candidate.Failure;
import dev.pare.candidate.FailureCode;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.StageSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every strategy on the class path must do, whoever wrote it. */
@Timeout(60)
class SearchStrategyContractTest {
  private static final SearchSpace SPACE =
      new SearchSpace(
          List.of(
              new SearchAxis("sparsity", List.of("0.5", "0.8", "0.9", "0.95")),
              new SearchAxis("alone", List.of("x")),
              new SearchAxis("scope", List.of("global", "layer", "sensitivity")),
              new SearchAxis("bits", List.of("4", "2", "3"))));

  static List<String> all() {
    return SearchStrategies.names();
  }

  private static SearchStrategy strategy(String name) {
    return SearchStrategies.of(new SearchSettings.Strategy(name));
  }

  private static Search start(String name, SearchSpace space, long seed) {
    boolean limited = strategy(name).parameters().contains(SearchStrategy.Parameter.CANDIDATES);
    SearchSettings settings =
        new SearchSettings(
            new SearchSettings.Strategy(name),
            limited ? 1000 : null,
            Budgets.NONE,
            6,
            null,
            List.of(),
            1);
    return strategy(name).start(space, settings, TwoCosts.ALIKE, seed);
  }

  private static StageKey key(SearchPoint point) {
    return StageKey.of(new Named(point.values().toString()));
  }

  private record Named(String point) {}

  /** Some points fail, some come to the same file. */
  private static Outcome outcome(SearchPoint point) {
    StageKey key = key(point);
    if (key.hex().startsWith("0")) {
      return new Outcome.Failed(
          key,
          new Failure(
              FailureCode.TRAINING_DIVERGED, StageSettings.Kind.PRUNE, "the loss is not finite"),
          SampleCandidates.provenance("0@here"));
    }
    long bytes = 100 + Integer.parseInt(key.hex().substring(0, 4), 16) % 900;
    return new Outcome.Measured(
        key, SampleCandidates.measurement(bytes), Map.of(), SampleCandidates.provenance("0@here"));
  }

  /** Everything that a search asks for, told in the order of asking. */
  private static List<SearchPoint> run(Search search, boolean learns, int most) {
    List<SearchPoint> asked = new ArrayList<>();
    int told = 0;
    while (true) {
      List<SearchPoint> more = search.ask(most);
      assertThat(more).hasSizeLessThanOrEqualTo(most);
      asked.addAll(more);
      if (more.isEmpty()) {
        if (!learns || told == asked.size()) {
          return asked;
        }
        search.tell(asked.get(told), outcome(asked.get(told)));
        told++;
      }
    }
  }

  @Test
  void thereAreThoseOfThePapersAndOneOfOnesOwn() {
    assertThat(SearchStrategies.names())
        .containsExactly("grid", "random", "halton", "nsga-ii", "motpe", "gaussian-process", "toy");
  }

  @Test
  void docsExplainAllOfThem() throws IOException {
    String docs = Files.readString(SmallSweep.ROOT.resolve("docs/search.md"));
    List<String> explained =
        Pattern.compile("^\\| `([a-z-]+)` \\|", Pattern.MULTILINE)
            .matcher(docs)
            .results()
            .map(row -> row.group(1))
            .toList();

    List<String> own = new ArrayList<>(SearchStrategies.names());
    own.remove("toy");
    assertThat(explained).containsExactlyElementsOf(own);
  }

  @Test
  void whereThereIsNoneOfANameItSaysWhichThereAre() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SearchStrategies.of(new SearchSettings.Strategy("magic")))
        .withMessageStartingWith("search.strategy = magic: must be one of grid, random, ");
  }

  @ParameterizedTest
  @MethodSource("all")
  void everyPointIsAskedForOnceAndNoOther(String name) {
    List<SearchPoint> asked = run(start(name, SPACE, 7), strategy(name).learns(), 5);

    assertThat(asked).doesNotHaveDuplicates();
    assertThat(asked)
        .containsExactlyInAnyOrderElementsOf(
            LongStream.range(0, SPACE.size()).mapToObj(SPACE::point).toList());
  }

  @ParameterizedTest
  @MethodSource("all")
  void theSameOutcomesGiveTheSamePointsHoweverManyAreAskedForAtOnce(String name) {
    boolean learns = strategy(name).learns();
    List<SearchPoint> once = run(start(name, SPACE, 7), learns, 5);

    assertThat(run(start(name, SPACE, 7), learns, 5)).isEqualTo(once);
    assertThat(run(start(name, SPACE, 7), learns, 1)).isEqualTo(once);
    assertThat(run(start(name, SPACE, 7), learns, 1000)).isEqualTo(once);
  }

  @ParameterizedTest
  @MethodSource("all")
  void aSpaceOfOnePointIsOnePoint(String name) {
    SearchSpace point = new SearchSpace(List.of());

    assertThat(run(start(name, point, 7), strategy(name).learns(), 5))
        .containsExactly(new SearchPoint(Map.of()));
  }

  @ParameterizedTest
  @MethodSource("all")
  void aLargeSpaceTakesNoTimeForItsFirstPoints(String name) {
    List<SearchAxis> axes = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      axes.add(
          new SearchAxis("axis-" + i, LongStream.range(0, 60).mapToObj(String::valueOf).toList()));
    }

    assertThat(start(name, new SearchSpace(axes), 7).ask(6)).isNotEmpty();
  }

  @Test
  void seedsTellRandomSearchesApart() {
    Set<List<SearchPoint>> different = new HashSet<>();
    for (String name : List.of("random", "halton", "nsga-ii", "motpe")) {
      different.add(start(name, SPACE, 1).ask(6));
      different.add(start(name, SPACE, 2).ask(6));
    }
    assertThat(different).hasSize(8);
  }
}
