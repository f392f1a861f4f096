package dev.pare.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pare.candidate.Correctness;
import dev.pare.candidate.StageKey;
import dev.pare.frontier.FrontierSnapshot;
import dev.pare.report.FrontierReport;
import dev.pare.report.FrontierRow;
import dev.pare.result.Score;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Which validation examples each file of a frontier gets right, as JSON: bits by the file's key.
 * Files that do not tell classes apart have none.
 */
final class CorrectnessJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String EXAMPLES = "examples";
  private static final String RIGHT = "right";
  private static final String FRONTIER = "frontier_sha256";

  private CorrectnessJson() {}

  /**
   * @param frontier SHA-256 of the {@code frontier.json} beside it
   */
  static String of(FrontierSnapshot snapshot, String frontier) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put(FRONTIER, frontier);
    root.put(EXAMPLES, snapshot.examples().hex());
    ObjectNode right = root.putObject(RIGHT);
    for (FrontierSnapshot.Point point : snapshot.points()) {
      Correctness validation = point.validation();
      if (validation != null) {
        right.put(point.key().hex(), validation.bits());
      }
    }
    return root.toPrettyString().replace(System.lineSeparator(), "\n") + "\n";
  }

  /**
   * What {@link #of} has written, for the files that a report tells of.
   *
   * @param frontier SHA-256 of the report; not compared where an earlier version has noted none
   * @throws IOException if it is not that, saying why
   */
  static FrontierSnapshot read(String json, FrontierReport report, String frontier)
      throws IOException {
    try {
      JsonNode root = MAPPER.readTree(json);
      if (root.has(FRONTIER) && !text(root, FRONTIER).equals(frontier)) {
        throw new IOException(
            "is of a frontier.json with SHA-256 %s, but the one beside it has %s: one of both was changed"
                .formatted(text(root, FRONTIER), frontier));
      }
      List<FrontierSnapshot.Point> points = new ArrayList<>();
      for (FrontierRow row : report.rows()) {
        Score score = row.validation();
        Integer correct = score.correct();
        Correctness validation =
            correct == null
                ? null
                : new Correctness(score.total(), correct, text(root.path(RIGHT), row.key().hex()));
        points.add(
            new FrontierSnapshot.Point(
                row.key(), row.point(), row.bytes(), score.estimate(), validation));
      }
      return new FrontierSnapshot(new StageKey(text(root, EXAMPLES)), points);
    } catch (JsonProcessingException e) {
      throw new IOException("is not JSON: " + e.getOriginalMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new IOException("does not fit the frontier: " + e.getMessage(), e);
    }
  }

  private static String text(JsonNode node, String name) throws IOException {
    JsonNode value = node.path(name);
    if (!value.isTextual()) {
      throw new IOException("does not fit the frontier: it lacks " + name);
    }
    return value.textValue();
  }
}
