package dev.pare.report.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pare.candidate.Outcome;
import dev.pare.ledger.LedgerEntry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportPageTest {
  @TempDir private Path folder;

  private static final Pattern DATA =
      Pattern.compile(
          "<script id=\"data\" type=\"application/json\">(.*?)</script>", Pattern.DOTALL);

  private static JsonNode json(String page) throws IOException {
    Matcher matcher = DATA.matcher(page);
    assertThat(matcher.find()).isTrue();
    return new ObjectMapper().readTree(matcher.group(1));
  }

  @Test
  void whateverAConfigurationHoldsStaysData() throws IOException {
    String page = ReportPage.of(SampleReport.data(SampleReport.HOSTILE));

    assertThat(page.split("<script", -1)).hasSize(4);
    assertThat(page).doesNotContain("<img src=x");
    assertThat(json(page).get("name").asText()).isEqualTo(SampleReport.HOSTILE);
    assertThat(json(page).at("/failures/0/message").asText()).isEqualTo(SampleReport.HOSTILE);
  }

  @Test
  void theStrategyThatChoseTheCandidatesIsThere() throws IOException {
    ReportData data = SampleReport.data("sample");
    assertThat(json(ReportPage.of(data)).get("search").asText()).isEqualTo("grid");

    ReportData searched =
        new ReportData(
            data.frontier(),
            data.out(),
            "search { strategy = nsga-ii, candidates = 120 }",
            data.candidates(),
            data.earlier(),
            data.sensitivity(),
            data.latency());
    assertThat(json(ReportPage.of(searched)).get("search").asText()).isEqualTo("nsga-ii");
  }

  /** HOCON would fetch a URL, read files and the class path while it is parsed. */
  @Test
  void whatAConfigurationIncludesIsNotRead() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      server.setSoTimeout(1);
      Path file = Files.writeString(folder.resolve("x.conf"), "search.strategy = halton");
      for (String include :
          List.of(
              "url(\"http://127.0.0.1:" + server.getLocalPort() + "/x.conf\")",
              "url(\"" + file.toUri() + "\")",
              "file(\"" + file + "\")",
              "classpath(\"reference.conf\")",
              "\"" + file + "\"",
              "required(file(\"" + file + "\"))")) {
        ReportData data = SampleReport.data("sample");
        ReportData including =
            new ReportData(
                data.frontier(),
                data.out(),
                "include " + include,
                data.candidates(),
                data.earlier(),
                data.sensitivity(),
                data.latency());
        assertThat(json(ReportPage.of(including)).get("search").asText())
            .as(include)
            .isEqualTo("grid");
      }
      assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(server::accept);
    }
  }

  @Test
  void everyCandidateIsThere() throws IOException {
    ReportData data = SampleReport.data("sample");
    JsonNode json = json(ReportPage.of(data));

    assertThat(json.get("candidates")).hasSize(118);
    assertThat(json.get("failures")).hasSize(2);
    assertThat(json.get("candidates").findValuesAsText("file"))
        .containsExactlyElementsOf(data.frontier().rows().stream().map(row -> row.file()).toList());
    assertThat(json.at("/candidates/0/layers/0/0").asText()).isEqualTo("0_W");
  }

  @Test
  void ofVeryManyCandidatesTheFrontierAndAFairSampleAreShown() throws IOException {
    ReportData data = SampleReport.large();
    String page = ReportPage.of(data);
    JsonNode json = json(page);

    assertThat(json.get("tried").asInt()).isEqualTo(10_120);
    assertThat(json.get("candidates").size())
        .isLessThanOrEqualTo(ReportData.MOST_DRAWN + data.frontier().rows().size());
    assertThat(json.get("candidates").findValuesAsText("file"))
        .hasSize(data.frontier().rows().size());
    assertThat(page).hasSizeLessThan(3_000_000);
  }

  @Test
  void theOrderOfTheLedgerSaysHowTheFrontierGrewAndNothingElse() throws IOException {
    ReportData data = SampleReport.data("sample");
    List<LedgerEntry> shuffled = new ArrayList<>(data.candidates());
    Collections.shuffle(shuffled, new Random(1));

    ObjectNode ordered = (ObjectNode) json(ReportPage.of(data));
    ObjectNode other = (ObjectNode) json(ReportPage.of(data.with(data.frontier(), shuffled)));
    JsonNode growth = ordered.remove("growth");
    JsonNode otherGrowth = other.remove("growth");
    assertThat(other).isEqualTo(ordered);
    assertThat(otherGrowth).isNotEqualTo(growth);
    assertThat(last(otherGrowth).get(0).asInt()).isEqualTo(120);
    assertThat(last(otherGrowth).get(1).asDouble())
        .isEqualTo(last(growth).get(1).asDouble(), within(1e-9));
    assertThat(last(otherGrowth).get(2)).isEqualTo(last(growth).get(2));
  }

  private static JsonNode last(JsonNode list) {
    return list.get(list.size() - 1);
  }

  @Test
  void everySettingHasItsShares() throws IOException {
    JsonNode importance = json(ReportPage.of(SampleReport.data("sample"))).get("importance");

    assertThat(importance.get("candidates").asInt()).isEqualTo(118);
    assertThat(importance.at("/effects/0/settings/0").asText()).isEqualTo("sparsity");
    double sum = 0;
    for (JsonNode effect : importance.get("effects")) {
      sum += effect.get("size").asDouble();
    }
    assertThat(sum).isEqualTo(1, within(1e-9));

    ReportData data = SampleReport.data("sample");
    JsonNode few =
        json(ReportPage.of(data.with(data.frontier(), data.candidates().subList(0, 1))))
            .get("importance");
    assertThat(few.has("effects")).isFalse();
    assertThat(few.get("reason").asText()).contains("settings vary");
  }

  @Test
  void aSharedStageTookItsTimeOnce() {
    List<StageTime> times =
        StageTime.of(
            SampleReport.data("sample").candidates().stream()
                .filter(entry -> entry.stages().get(0).startsWith("Prune[sparsity=0.95"))
                .toList());

    assertThat(times).extracting(StageTime::stage).containsExactly("prune", "quantize", "encode");
    assertThat(times).extracting(StageTime::runs).containsExactly(3, 23, 23);
    assertThat(times.get(0).seconds()).isEqualTo(3 * 20.95, within(1e-9));
    assertThat(times.get(0).unshared()).isEqualTo(23 * 20.95, within(1e-9));
  }

  @Test
  void ofAChainEveryStageTookItsOwnTime() {
    // What a candidate of a chain took to prune is what all of its stages took.
    List<StageTime> times =
        StageTime.of(
            List.of(
                chained("a", 20, "Prune[0.5]", "Encode[]"),
                chained("b", 50, "Prune[0.5]", "Prune[0.7]", "Encode[]"),
                chained("c", 50, "Prune[0.5]", "Prune[0.7]", "Quantize[]", "Encode[]"),
                chained("d", 90, "Prune[0.5]", "Prune[0.7]", "Prune[0.9]", "Encode[]")));

    StageTime prune = times.get(0);
    assertThat(prune.runs()).isEqualTo(3);
    assertThat(prune.seconds()).isEqualTo(90);
    assertThat(prune.unshared()).isEqualTo(20 + 50 + 50 + 90);
  }

  private static LedgerEntry chained(String name, double seconds, String... stages) {
    LedgerEntry any =
        SampleReport.data("sample").candidates().stream()
            .filter(entry -> entry.outcome() instanceof Outcome.Measured)
            .findFirst()
            .orElseThrow();
    Outcome.Measured measured = (Outcome.Measured) any.outcome();
    return new LedgerEntry(
        Map.of("name", name),
        List.of(stages),
        new Outcome.Measured(
            measured.key(),
            measured.measurement(),
            Map.of("prune", seconds, "encode", 0.5),
            measured.provenance()));
  }

  @Test
  void theLibraryIsTheOneThatIsNamed() throws Exception {
    Properties properties = new Properties();
    properties.load(new ByteArrayInputStream(resource("echarts.properties")));
    byte[] library = resource("echarts.min.js");

    assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(library)))
        .isEqualTo(properties.getProperty("sha256"));
    assertThat(new String(library, StandardCharsets.UTF_8))
        .contains("\"" + properties.getProperty("version") + "\"")
        // A browser drops these before it takes the digest, and ends the script at that one.
        .doesNotContain("\r", "\0", "</script", "<!--");
    assertThat(new String(resource("echarts.LICENSE"), StandardCharsets.UTF_8))
        .contains("Apache License", "d3");
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
      assertThat(in).as(name).isNotNull();
      return in.readAllBytes();
    }
  }
}
