package dev.pare.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PreparationTest {
  private static final Preparation STRICT =
      new Preparation(
          List.of(
              new Column.Numeric("x", Float.NaN, 2, 4),
              new Column.Categorical("c", List.of("a", "b"), Column.Others.REFUSED)),
          List.of("no", "yes"));
  private static final Preparation LENIENT =
      new Preparation(
          List.of(
              new Column.Numeric("x", 6, 2, 4),
              new Column.Categorical("c", List.of("a", "b"), Column.Others.ZEROS)),
          List.of());

  @Test
  void makesFeaturesOfARow() {
    assertThat(STRICT.features(List.of(" 4 ", "b"))).containsExactly(0.5f, 0, 1);
    assertThat(STRICT.features(Map.of("c", "a", "x", "-2e0", "y", "?"))).containsExactly(-1, 1, 0);
    assertThat(LENIENT.features(List.of("NA", "z"))).containsExactly(1, 0, 0);
    assertThat(LENIENT.features(List.of("", ""))).containsExactly(1, 0, 0);
  }

  @Test
  void namesTheColumnThatCannotBeUsed() {
    refuses(List.of("", "a"), "column x: the value is missing");
    refuses(List.of("0x1p3", "a"), "column x: \"0x1p3\" is not a finite number");
    refuses(List.of("1e99", "a"), "column x: \"1e99\" is not a finite number");
    refuses(List.of("1", "z"), "column c: \"z\" is no category of the training data");
    refuses(List.of("1"), "1 values for 2 columns");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> STRICT.features(Map.of("x", "1")))
        .withMessage("column c is not there");
  }

  @Test
  void refusesWhatIsNoPreparation() {
    Column column = new Column.Numeric("x", 0, 0, 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Preparation(List.of(column, column), List.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Preparation(List.of(), List.of("a", "a")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Preparation(List.of(), List.of("a".repeat(1001))));
    assertThatIllegalArgumentException().isThrownBy(() -> new Column.Numeric("x", 0, 0, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Column.Categorical("c", List.of("b", "a"), Column.Others.REFUSED));
  }

  private static void refuses(List<String> row, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> STRICT.features(row))
        .withMessage(message);
  }
}
