package dev.pare.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Classes of examples that nobody has labelled. */
class NameDoubtsTest {
  private static List<String> doubts(String... names) {
    int[] counts = new int[names.length];
    for (int i = 0; i < names.length; i++) {
      counts[i] = 10 + i;
    }
    return NameDoubts.ofClasses(List.of(names), counts);
  }

  @Test
  void classesThatSayThatThereIsNoneAreNamed() {
    for (String word :
        List.of(
            "unlabelled", "Unlabeled", "UNKNOWN", "none", "missing", "TODO", "-", "??", "nil")) {
      assertThat(doubts("cat", "dog", word))
          .containsExactly("class \"" + word + "\" (12 examples): examples without a label?");
    }
    assertThat(doubts("None", "cat", "dog")).singleElement().asString().contains("pandas takes");
    assertThat(doubts("cat", "tbd", "unknown"))
        .containsExactly(
            "class \"tbd\" (11 examples) and \"unknown\" (12 examples): examples without a label?");
  }

  @Test
  void numbersAmongClassesThatMeanNoneAreNamed() {
    assertThat(doubts("0", "1", "2", "999"))
        .containsExactly("class \"999\" (13 examples): examples without a label?");
    assertThat(doubts("-1", "0", "1", "2"))
        .containsExactly("class \"-1\" (10 examples): examples without a label?");
    assertThat(doubts("-9999", "1", "2")).hasSize(1);
  }

  @Test
  void otherClassesAreNot() {
    assertThat(doubts("-1", "1")).isEmpty();
    assertThat(doubts("-1", "0", "1")).isEmpty();
    assertThat(doubts("cat", "dog", "knownothing", "no")).isEmpty();
    assertThat(doubts("997", "998", "999")).isEmpty();
    assertThat(doubts("100", "555", "999")).isEmpty();
    assertThat(doubts("cat", "999")).isEmpty();
    assertThat(doubts("7", "8", "9", "98")).isEmpty();
    assertThat(doubts("999")).isEmpty();
  }
}
