package dev.pare.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.candidate.Confusion;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClassOrderTest {
  private static final int CLASSES = 12;
  private static final int EXAMPLES = 600;

  /** As people name folders of months. */
  private static final List<String> MONTHS =
      IntStream.rangeClosed(1, CLASSES).mapToObj(String::valueOf).toList();

  /** Of a network that answers so, but is wrong in one of ten. */
  private static Confusion confusion(IntUnaryOperator answer) {
    SplittableRandom random = new SplittableRandom(5);
    int[] actual = IntStream.range(0, EXAMPLES).map(i -> i % CLASSES).toArray();
    int[] answers =
        IntStream.of(actual)
            .map(
                label ->
                    answer.applyAsInt(random.nextInt(10) == 0 ? random.nextInt(CLASSES) : label))
            .toArray();
    return Confusion.of(CLASSES, actual, answers);
  }

  @Test
  void foldersThatOthersSortAsTextsAreSeen() {
    List<String> texts = MONTHS.stream().sorted().toList();
    Confusion confusion = confusion(label -> texts.indexOf(MONTHS.get(label)));
    assertThat(ClassOrder.doubt(confusion, MONTHS))
        .hasValueSatisfying(
            doubt ->
                assertThat(doubt)
                    .contains("it says 2 for 10, 3 for 11, 4 for 12, …:")
                    .contains("in 600 validation examples"));
    assertThat(ClassOrder.doubt(confusion, List.of()))
        .get()
        .asString()
        .contains("1 for 9, 2 for 10");
  }

  @Test
  void twoClassesMayBeTheWrongWayRound() {
    assertThat(ClassOrder.doubt(confusion(label -> label < 2 ? 1 - label : label), MONTHS))
        .get()
        .asString()
        .contains("it says 1 for 2, 2 for 1:");
  }

  @Test
  void otherNetworksRaiseNone() {
    SplittableRandom random = new SplittableRandom(6);
    assertThat(ClassOrder.doubt(confusion(label -> label), MONTHS)).isEmpty();
    assertThat(ClassOrder.doubt(confusion(label -> random.nextInt(CLASSES)), MONTHS)).isEmpty();
    assertThat(ClassOrder.doubt(confusion(label -> 3), MONTHS)).isEmpty();
    assertThat(ClassOrder.doubt(confusion(label -> label == 3 ? 4 : label), MONTHS)).isEmpty();
  }
}
