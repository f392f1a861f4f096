package dev.pare.pipeline;

import static dev.pare.pipeline.SampleStages.PROVENANCE;
import static dev.pare.pipeline.SampleStages.key;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pare.artifact.SizeBreakdown;
import dev.pare.candidate.Confusion;
import dev.pare.candidate.Correctness;
import dev.pare.candidate.Estimate;
import dev.pare.candidate.Evaluation;
import dev.pare.candidate.Failure;
import dev.pare.candidate.FailureCode;
import dev.pare.candidate.LayerSize;
import dev.pare.candidate.Measurement;
import dev.pare.candidate.Metric;
import dev.pare.candidate.Operations;
import dev.pare.candidate.OriginBytes;
import dev.pare.candidate.StageSettings.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StageReportTest {
  private static final Correctness RIGHT = Correctness.of(BitSet.valueOf(new long[] {0b1011}), 12);

  private static StageReport failed(FailureCode code) {
    return new StageReport(
        key('a'),
        Map.of(Kind.PRUNE, 0.25),
        null,
        new Failure(code, Kind.QUANTIZE, "loss is NaN: \"why\"\nbecause"),
        PROVENANCE);
  }

  private static StageReport measured() {
    return measured(Evaluation.of(RIGHT));
  }

  private static StageReport measuredByRecall() {
    return measured(
        new Evaluation(
            new Estimate(new Metric(Metric.Kind.RECALL, "1"), 12, 0.5, 0.125, 0.875),
            RIGHT,
            Confusion.of(2, new int[] {0, 1, 1, 0}, new int[] {0, 1, -1, 1})));
  }

  private static StageReport measured(Evaluation evaluation) {
    return new StageReport(
        key('a'),
        Map.of(Kind.QUANTIZE, 1.5, Kind.ENCODE, 1e-3),
        new Measurement(
            new SizeBreakdown(1, 2, 3, 4, 5),
            OriginBytes.UNKNOWN,
            "cd".repeat(32),
            1000,
            100,
            new Operations(0.25, 2000, 1800, 300),
            List.of(new LayerSize("0_W", "codebook", 900, 30, 20, 100, 4, 12)),
            evaluation),
        null,
        PROVENANCE,
        new ProductDigest(key('a'), "cd".repeat(32), 15),
        new ProductDigest(key('b'), "ef".repeat(32), 99));
  }

  @Test
  void aMeasurementComesBackFromJson() throws IOException {
    for (StageReport report : List.of(measured(), measuredByRecall())) {
      assertThat(StageReport.fromJson(report.toJson())).isEqualTo(report);
    }
  }

  @Test
  void aReportOfAVersionWithoutMetricsIsOfTheError() throws IOException {
    ObjectNode json = (ObjectNode) new ObjectMapper().readTree(measured().toJson());
    ((ObjectNode) json.path("measurement")).remove(List.of("score", "confusion"));
    Measurement measurement = StageReport.fromJson(json.toString().getBytes(UTF_8)).measurement();
    assertThat(measurement.score().metric()).isEqualTo(Metric.ERROR);
    assertThat(measurement.score().value()).isEqualTo(0.75);
    assertThat(measurement.validation()).isEqualTo(RIGHT);
    assertThat(measurement.confusion()).isNull();
  }

  @Test
  void aMeasurementOfAnotherFileThanTheProductIsRefused() {
    String json = new String(measured().toJson(), StandardCharsets.UTF_8);
    for (String other :
        List.of(
            json.replaceFirst("(?s)(Bytes\" : )1,", "$12,"),
            json.replaceFirst("cd".repeat(32), "dc".repeat(32)))) {
      assertThat(other).isNotEqualTo(json);
      assertThatIOException()
          .isThrownBy(() -> StageReport.fromJson(other.getBytes(StandardCharsets.UTF_8)))
          .withMessageContaining("a measurement of another file than the stage's product");
    }
  }

  @ParameterizedTest
  @EnumSource(FailureCode.class)
  void aFailureComesBackFromJson(FailureCode code) throws IOException {
    assertThat(StageReport.fromJson(failed(code).toJson())).isEqualTo(failed(code));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "null", "[]", "7", "[1, 2", "{\"key\": {\"hex\": \"12\"}}"})
  void whatIsNoReportIsRefused(String json) {
    assertThatThrownBy(() -> StageReport.fromJson(json.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(IOException.class);
  }

  /** What may be missing in a report, or be null. */
  private static final Set<String> OPTIONAL =
      Set.of(
          "/provenance/comparison",
          "/provenance/device",
          "/measurement",
          "/failure",
          "/product",
          "/parent",
          "/measurement/byOrigin",
          "/measurement/validation",
          "/measurement/score",
          "/measurement/score/metric/ofClass",
          "/measurement/confusion");

  @Test
  void fieldsThatAreNullOrOfAnotherTypeAreRefused() throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    for (StageReport report :
        List.of(measured(), measuredByRecall(), failed(FailureCode.INTERNAL))) {
      byte[] json = report.toJson();
      List<String> accepted = new ArrayList<>();
      for (JsonPointer place : places(mapper.readTree(json), JsonPointer.empty())) {
        for (String other :
            List.of("null", "\"x\"", "true", "[]", "[null]", "{}", "1.5", "\"1\"")) {
          JsonNode root = mapper.readTree(json);
          JsonNode was = root.at(place);
          JsonNode now = mapper.readTree(other);
          if (was.getNodeType() == now.getNodeType() && !was.isIntegralNumber()) {
            continue;
          }
          JsonNode parent = root.at(place.head());
          if (parent instanceof ObjectNode object) {
            object.set(place.last().getMatchingProperty(), now);
          } else {
            ((ArrayNode) parent).set(place.last().getMatchingIndex(), now);
          }
          try {
            StageReport.fromJson(mapper.writeValueAsBytes(root));
            boolean text = was.isNull() && now.isTextual();
            if (!((now.isNull() || text) && OPTIONAL.contains(place.toString()))) {
              accepted.add(place + " = " + other);
            }
          } catch (IOException e) {
            // As it should be.
          }
        }
      }
      assertThat(accepted).isEmpty();
    }
  }

  private static List<JsonPointer> places(JsonNode node, JsonPointer here) {
    List<JsonPointer> places = new ArrayList<>();
    if (node instanceof ObjectNode object) {
      object
          .fieldNames()
          .forEachRemaining(
              name -> {
                places.add(here.appendProperty(name));
                places.addAll(places(object.get(name), here.appendProperty(name)));
              });
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      places.add(here.appendIndex(i));
      places.addAll(places(node.get(i), here.appendIndex(i)));
    }
    return places;
  }

  @Test
  void onlyWhatTheSettingsBringAboutIsSettled() {
    assertThat(failed(FailureCode.TRAINING_DIVERGED).settled()).isTrue();
    assertThat(failed(FailureCode.FILE_MISMATCH).settled()).isFalse();
    assertThat(failed(FailureCode.INTERNAL).settled()).isFalse();
  }
}
