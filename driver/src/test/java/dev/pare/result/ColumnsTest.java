package dev.pare.result;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.ledger.LedgerColumns;
import dev.pare.ledger.SparkTables;
import dev.pare.report.FrontierRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.Test;

class ColumnsTest {
  /** The reference is written by this test with {@code -Dcolumns.write=true}. */
  @Test
  void theReferenceListsEveryColumn() throws IOException {
    Path file = Path.of("../docs/columns.md");
    String reference =
        """
        # Columns of results

        A number has one name, in the ledger, `frontier.csv`, `frontier.json`, the page's data and DataFrames; schemas of
        DataFrames have units and meanings as comments. Where a value is not known it is null, or empty in CSV.

        ## The frontier: a row a file

        `frontier.csv` has a column a dimension in place of `point`. The teacher's scores in `frontier.json` have the same names.

        %s
        ## The ledger: a row a candidate

        A candidate that failed has its reason and no measurement, all others a measurement and no reason.

        %s"""
            .formatted(table(FrontierRow.table()), table(LedgerColumns.ALL));
    if (Boolean.getBoolean("columns.write")) {
      Files.writeString(file, reference);
    }

    assertThat(Files.readString(file)).isEqualTo(reference);
  }

  private static String table(List<? extends Column<?>> columns) {
    return columns.stream()
        .map(
            column ->
                "| `%s` | %s | %s | %s |\n"
                    .formatted(
                        column.name(),
                        column.type().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        column.unit(),
                        column.meaning()))
        .collect(
            Collectors.joining(
                "", "| column | type | unit | meaning |\n| --- | --- | --- | --- |\n", ""));
  }

  @Test
  void aNameMeansTheSameInEveryTable() {
    Map<String, String> meanings = new HashMap<>();
    Stream.concat(FrontierRow.table().stream(), LedgerColumns.ALL.stream())
        .filter(column -> FileColumns.ALL.stream().anyMatch(c -> c.name().equals(column.name())))
        .forEach(
            column ->
                assertThat(meanings.merge(column.name(), column.meaning(), (a, b) -> a))
                    .as(column.name())
                    .isEqualTo(column.meaning()));
    for (List<? extends Column<?>> columns : List.of(FrontierRow.table(), LedgerColumns.ALL)) {
      assertThat(columns).extracting(Column::name).doesNotHaveDuplicates();
      assertThat(SparkTables.schema(columns).fields())
          .allMatch(field -> field.getComment().isDefined())
          .extracting(StructField::name)
          .containsExactlyElementsOf(columns.stream().map(Column::name).toList());
    }
  }
}
