package dev.pare.search;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** That strategies that try some of a space take no more of anything where there is more of it. */
@Timeout(60)
class LargeSpaceTest {
  private static final int AXES = 12;
  private static final int POINTS = 300;

  static List<String> limited() {
    return SearchStrategies.names().stream()
        .filter(
            name ->
                SearchStrategies.of(new SearchSettings.Strategy(name))
                    .parameters()
                    .contains(SearchStrategy.Parameter.CANDIDATES))
        .toList();
  }

  /** Of so many axes with ten values, and others with one. */
  private static SearchSpace space(int many) {
    return new SearchSpace(
        IntStream.range(0, AXES)
            .mapToObj(
                i ->
                    new SearchAxis(
                        "x" + i,
                        IntStream.range(0, i < many ? 10 : 1).mapToObj(String::valueOf).toList()))
            .toList());
  }

  /** How many bytes a search of some points allocates. */
  private static long allocated(String name, SearchSpace space) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    TwoCosts.search(name, space, POINTS, 20, 7, LargeSpaceTest::costs);
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  private static double[] costs(SearchPoint point) {
    double first = 0;
    double second = 0;
    List<String> values = new ArrayList<>(point.values().values());
    for (int i = 0; i < values.size(); i++) {
      double x = Double.parseDouble(values.get(i)) / 10;
      first += x / AXES;
      second += (1 - x) * (1 - x) / AXES;
    }
    return new double[] {first, second};
  }

  @ParameterizedTest
  @MethodSource("limited")
  void aMillionTimesTheCombinationsTakeNoMoreMemory(String name) {
    assertThat(space(6).size()).isEqualTo(1_000_000L);
    assertThat(space(12).size()).isEqualTo(1_000_000_000_000L);
    allocated(name, space(6));

    assertThat(allocated(name, space(12))).isLessThan(3 * allocated(name, space(6)));
  }
}
