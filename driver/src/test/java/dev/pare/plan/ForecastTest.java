package dev.pare.plan;

import static dev.pare.SampleCandidates.ROOT;
import static dev.pare.SampleCandidates.candidate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.pare.candidate.Candidate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForecastTest {
  private static TaskTree tasks() {
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      for (int bits = 2; bits <= 4; bits++) {
        candidates.add(candidate(i / 10.0, bits));
      }
    }
    return TaskTree.of(StageTree.of(ROOT, candidates), SampleWorkload.costs());
  }

  @Test
  void oneSlotTakesAllTheWork() {
    assertThat(Forecast.seconds(tasks(), 1)).isCloseTo(Forecast.work(tasks()), within(1e-9));
  }

  @Test
  void anyNumberOfSlotsTakesTheLongestPath() {
    double longest =
        tasks().tasks().stream().mapToDouble(TaskTree.Task::pathSeconds).max().orElseThrow();

    assertThat(Forecast.seconds(tasks(), 1000)).isCloseTo(longest, within(1e-9));
  }

  @Test
  void noNumberOfSlotsBeatsWorkOrPath() {
    double longest =
        tasks().tasks().stream().mapToDouble(TaskTree.Task::pathSeconds).max().orElseThrow();
    for (int slots = 1; slots < 20; slots++) {
      double work = Forecast.work(tasks()) / slots;
      assertThat(Forecast.seconds(tasks(), slots))
          .isGreaterThanOrEqualTo(Math.max(work, longest) - 1e-9)
          // Graham's bound.
          .isLessThanOrEqualTo(work + longest + 1e-9);
    }
  }

  @Test
  void needsASlot() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Forecast.seconds(tasks(), 0))
        .withMessage("slots = 0: must be at least 1");
  }
}
