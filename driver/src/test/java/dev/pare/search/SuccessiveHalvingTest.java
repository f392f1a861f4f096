package dev.pare.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.pare.SampleCandidates;
import dev.pare.candidate.Failure;
import dev.pare.candidate.FailureCode;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.StageSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SuccessiveHalvingTest {
  private static final SearchSpace NINE =
      new SearchSpace(
          List.of(new SearchAxis("x", IntStream.range(0, 9).mapToObj(String::valueOf).toList())));

  private static Search grid(SearchSpace space, Double... rungs) {
    return SearchStrategies.start(
        space,
        new SearchSettings(
            SearchSettings.Strategy.GRID, null, Budgets.NONE, 20, null, List.of(rungs), 1),
        TwoCosts.ALIKE,
        7);
  }

  private static String text(SearchPoint point) {
    return point.values().get("x") + "@" + point.values().get("epochs-share");
  }

  private static List<String> texts(List<SearchPoint> points) {
    return points.stream().map(SuccessiveHalvingTest::text).toList();
  }

  private static SearchPoint point(int x, String share) {
    return SuccessiveHalving.with(NINE.point(x), share);
  }

  /** The larger x is, the smaller the file, all as good. */
  private static Outcome outcome(SearchPoint point) {
    return TwoCosts.outcome(point, 5 - 0.1 * Integer.parseInt(point.values().get("x")), 1);
  }

  @Test
  void allAreTriedWithTheSmallestShareFirst() {
    assertThat(texts(grid(NINE, 0.1, 0.3).ask(100)))
        .containsExactly(
            "0@0.1", "1@0.1", "2@0.1", "3@0.1", "4@0.1", "5@0.1", "6@0.1", "7@0.1", "8@0.1");
  }

  @Test
  void theBestThirdOfThoseKnownGoesOnAsSoonAsItIsOne() {
    Search search = grid(NINE, 0.1, 0.3);
    search.ask(100);

    search.tell(point(0, "0.1"), outcome(point(0, "0.1")));
    search.tell(point(1, "0.1"), outcome(point(1, "0.1")));
    assertThat(search.ask(100)).isEmpty();
    search.tell(point(2, "0.1"), outcome(point(2, "0.1")));
    assertThat(texts(search.ask(100))).containsExactly("2@0.3");
    // Of six the two best go on, whatever went before.
    search.tell(point(3, "0.1"), outcome(point(3, "0.1")));
    search.tell(point(4, "0.1"), outcome(point(4, "0.1")));
    search.tell(point(5, "0.1"), outcome(point(5, "0.1")));
    assertThat(texts(search.ask(100))).containsExactlyInAnyOrder("4@0.3", "5@0.3").hasSize(2);
  }

  @Test
  void ofThreeThatWentOnTheBestIsTrainedToTheEnd() {
    Search search = grid(NINE, 0.1, 0.3);
    List<SearchPoint> asked = new ArrayList<>(search.ask(100));
    for (int told = 0; told < asked.size(); told++) {
      search.tell(asked.get(told), outcome(asked.get(told)));
      asked.addAll(search.ask(100));
    }

    // Those that were best of the 3, 4, 5 … 9 known until then, and of those with 0.3 likewise.
    assertThat(texts(asked).subList(9, asked.size()))
        .startsWith("2@0.3")
        .contains("8@0.3", "8@1")
        .noneMatch(text -> text.startsWith("0@") || text.startsWith("1@"));
    assertThat(asked).doesNotHaveDuplicates();
  }

  @Test
  void whatNothingElseBeatsGoesOnWhateverItsSize() {
    // Of 0 to 4 each is smaller and worse than the one before, 5 to 8 are beaten by 0.
    Search search = grid(NINE, 0.2);
    List<SearchPoint> asked = search.ask(100);
    asked.forEach(
        point -> {
          int x = Integer.parseInt(point.values().get("x"));
          search.tell(
              point, x < 5 ? TwoCosts.outcome(point, 4 - x, x) : TwoCosts.outcome(point, 5, x));
        });

    assertThat(search.ask(100))
        .isNotEmpty()
        .allMatch(point -> Integer.parseInt(point.values().get("x")) < 5);
  }

  @Test
  void pointsThatComeToTheSameCandidateCountOnce() {
    Search search = grid(NINE, 0.1);
    search.ask(100);
    Outcome.Measured same = (Outcome.Measured) outcome(point(0, "0.1"));
    for (int x = 0; x < 9; x++) {
      search.tell(point(x, "0.1"), same);
    }

    // Of one candidate none goes on.
    assertThat(search.ask(100)).isEmpty();
  }

  @Test
  void whatFailsGoesNowhere() {
    Search search = grid(NINE, 0.1);
    search
        .ask(100)
        .forEach(
            point ->
                search.tell(
                    point,
                    new Outcome.Failed(
                        StageKey.of(new Named(text(point))),
                        new Failure(
                            FailureCode.TRAINING_DIVERGED,
                            StageSettings.Kind.PRUNE,
                            "the loss is not finite"),
                        SampleCandidates.provenance("0@here"))));

    assertThat(search.ask(100)).isEmpty();
  }

  private record Named(String point) {}

  @Test
  void theStrategyChoosesByWhatCameOfTheSmallestShare() {
    Search search =
        SearchStrategies.start(
            TestFunctions.SPACE,
            new SearchSettings(
                new SearchSettings.Strategy("motpe"),
                10_000,
                Budgets.NONE,
                4,
                null,
                List.of(0.5),
                1),
            TwoCosts.ALIKE,
            7);
    List<SearchPoint> asked = new ArrayList<>(search.ask(100));
    assertThat(asked).hasSize(4);
    int told = 0;
    for (; asked.size() < 100; told++) {
      search.tell(asked.get(told), TwoCosts.outcome(asked.get(told), told % 7, told % 5));
      asked.addAll(search.ask(100));
    }

    // Four of the strategy's own are under way at a time, whatever goes on.
    long first = asked.stream().filter(point -> point.values().containsValue("0.5")).count();
    long toldOfFirst =
        asked.subList(0, told).stream()
            .filter(point -> point.values().containsValue("0.5"))
            .count();
    assertThat(first).isEqualTo(toldOfFirst + 4);
  }

  @Test
  void howManyAreAskedForAtOnceChangesNothing() {
    List<List<SearchPoint>> runs = new ArrayList<>();
    for (int most : new int[] {1, 3, 100}) {
      Search search = grid(NINE, 0.1, 0.3);
      List<SearchPoint> asked = new ArrayList<>();
      int told = 0;
      while (true) {
        List<SearchPoint> more = search.ask(most);
        asked.addAll(more);
        if (more.isEmpty()) {
          if (told == asked.size()) {
            break;
          }
          search.tell(asked.get(told), outcome(asked.get(told)));
          told++;
        }
      }
      runs.add(asked);
    }

    assertThat(runs.get(1)).isEqualTo(runs.get(0));
    assertThat(runs.get(2)).isEqualTo(runs.get(0));
  }

  @Test
  void rungsRise() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> grid(NINE, 0.3, 0.1))
        .withMessage("search.rungs = [0.3, 0.1]: must rise, above 0 and below 1");
  }
}
