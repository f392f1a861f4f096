package dev.pare.examine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.data.DataException;
import dev.pare.data.Examples;
import dev.pare.data.ExamplesView;
import dev.pare.data.MemoryExamples;
import dev.pare.prepare.Column;
import dev.pare.prepare.Preparation;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GroupsTest {
  private static final Preparation PREPARATION =
      new Preparation(
          List.of(
              new Column.Categorical(
                  "job", List.of("clerk", "smith"), Column.Categorical.Others.ZEROS),
              new Column.Numeric("age", 0, 0, 1)),
          List.of());

  /** Rows of a job and an age, as a table has them. */
  private static Examples rows(float... values) {
    int count = values.length / 2;
    return new ExamplesView(MemoryExamples.of(new float[3 * count], 3, new int[count], 2)) {
      @Override
      public int columns() {
        return 2;
      }

      @Override
      public void copyRow(int index, float[] row) {
        System.arraycopy(values, 2 * index, row, 0, 2);
      }
    };
  }

  private static List<String> groups(Examples examples, Preparation preparation, String column) {
    Groups groups = Groups.of(examples, preparation, column);
    return IntStream.range(0, examples.size())
        .mapToObj(i -> groups.names().get(groups.of(i)))
        .toList();
  }

  @Test
  void categoriesAreGroups() {
    assertThat(groups(rows(1, 0, 0, 0, Float.NaN, 0), PREPARATION, "job"))
        .containsExactly("smith", "clerk", "(missing or unknown)");
  }

  @Test
  void fewNumbersAreGroups() {
    assertThat(groups(rows(0, 30, 0, 20.5f, 0, 30, 0, Float.NaN), PREPARATION, "age"))
        .containsExactly("30", "20.5", "30", "(missing or unknown)");
  }

  @Test
  void manyNumbersAreGroupedByQuartile() {
    float[] values = new float[2 * 40];
    for (int i = 0; i < 40; i++) {
      values[2 * i + 1] = i + 1;
    }
    List<String> groups = groups(rows(values), PREPARATION, "age");
    assertThat(groups.subList(0, 10)).containsOnly("at most 10");
    assertThat(groups.subList(10, 20)).containsOnly("at most 20");
    assertThat(groups.subList(30, 40)).containsOnly("at most 40");
  }

  @Test
  void columnsWithoutNamesHaveNumbers() {
    assertThat(groups(rows(1, 5, 1, 7), Preparation.NONE, "2")).containsExactly("5", "7");
    assertThatThrownBy(() -> Groups.of(rows(1, 5), Preparation.NONE, "3"))
        .isInstanceOf(DataException.class)
        .hasMessage("--groups 3: no column of features; there are 1 to 2");
  }

  @Test
  void aWrongNameIsAnsweredWithThoseThatThereAre() {
    assertThatThrownBy(() -> Groups.of(rows(1, 5), PREPARATION, "sex"))
        .isInstanceOf(DataException.class)
        .hasMessage("--groups sex: no column of features; there are job, age");
  }
}
