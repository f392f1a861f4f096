package dev.pare.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.pare.candidate.Metric;
import dev.pare.result.Values;
import java.util.Map;

/**
 * The first version of {@code frontier.json}, under today's names: it had them with hyphens, in
 * objects {@code size}, {@code operations}, {@code validation} and {@code test}.
 */
final class EarlierFrontierJson {
  private static final Map<String, String> OF_SCORE =
      Map.of(
          "examples", "total",
          "correct", "correct",
          "score", "value",
          "score_low", "low",
          "score_high", "high");

  private EarlierFrontierJson() {}

  /** What the teacher, and so all files, are judged by. */
  static String metric(JsonNode teacher) {
    return teacher.path("validation").path("metric").asText(Metric.ERROR.toString());
  }

  static Values values(JsonNode row) {
    return name -> FrontierJson.value(find(row, name));
  }

  private static JsonNode find(JsonNode row, String name) {
    for (String part : new String[] {"validation", "test"}) {
      if (name.startsWith(part + "_")) {
        String ofScore = OF_SCORE.get(name.substring(part.length() + 1));
        return ofScore == null ? MissingNode.getInstance() : row.path(part).path(ofScore);
      }
    }
    String spelled = name.replace('_', '-');
    for (JsonNode object : new JsonNode[] {row, row.path("size"), row.path("operations")}) {
      if (object.has(spelled)) {
        return object.get(spelled);
      }
    }
    return MissingNode.getInstance();
  }
}
