package dev.pare.report.card;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pare.examine.Finding;
import dev.pare.examine.Finding.Column;
import dev.pare.examine.Finding.Kind;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelCardTest {
  private static final ModelCard CARD =
      new ModelCard(
          "a_b.pare",
          List.of(
              new ModelCard.Facts(
                  "file", "File", Map.of("layers_of_it", "<script>1</script>\n# no | [x](y)"))),
          List.of(
              new Finding(
                  "error",
                  "Error",
                  "How often.",
                  List.of(
                      new Column("name", "network", Kind.TEXT),
                      new Column("share", "error", Kind.SHARE),
                      new Column("p", "p", Kind.NUMBER),
                      new Column("rows", "which", Kind.COUNTS)),
                  List.of(List.of("file|x", 0.125, Double.NaN, List.of(3, 5))))),
          List.of("Nothing else."));

  @Test
  void textsFromOutsideAreNoMarkup() {
    assertThat(CARD.markdown())
        .isEqualTo(
            """
            # a\\_b.pare

            ## File

            | what | value |
            | --- | --- |
            | layers of it | &lt;script&gt;1&lt;/script&gt;?\\# no \\| \\[x\\](y) |

            ## Error

            How often.

            | network | error | p | which |
            | --- | ---: | ---: | --- |
            | file\\|x | 12.50% |  | 3 5 |

            ## Limits

            - Nothing else.
            """);
  }

  @Test
  void jsonHasTheSameUnderNames() throws IOException {
    JsonNode card = new ObjectMapper().readTree(CARD.json());
    assertThat(card.path("version").asInt()).isEqualTo(1);
    assertThat(card.path("file").path("layers_of_it").asText())
        .isEqualTo("<script>1</script>\n# no | [x](y)");
    JsonNode row = card.path("findings").path("error").path(0);
    assertThat(row.path("share").asDouble()).isEqualTo(0.125);
    assertThat(row.get("p").isNull()).isTrue();
    assertThat(row.path("rows").path(1).asInt()).isEqualTo(5);
    assertThat(card.path("limits").path(0).asText()).isEqualTo("Nothing else.");
  }

  @Test
  void namesOfFactsAreNoMarkupEither() {
    // Names of dimensions come from frontier.json.
    ModelCard card =
        new ModelCard(
            "x",
            List.of(new ModelCard.Facts("f", "F", Map.of("<b>|`x`", "$a$ @somebody"))),
            List.of(),
            List.of());
    assertThat(card.markdown()).contains("| &lt;b&gt;\\|\\`x\\` | \\$a\\$ \\@somebody |");
  }

  @Test
  void factsThatAreNoNumbersAreNull() throws IOException {
    ModelCard card =
        new ModelCard(
            "x",
            List.of(
                new ModelCard.Facts(
                    "f", "F", Map.of("a", Double.NaN, "b", Double.POSITIVE_INFINITY, "c", 0.5))),
            List.of(),
            List.of());
    JsonNode facts = new ObjectMapper().readTree(card.json()).path("f");
    assertThat(facts.get("a").isNull()).isTrue();
    assertThat(facts.get("b").isNull()).isTrue();
    assertThat(facts.path("c").asDouble()).isEqualTo(0.5);
  }
}
