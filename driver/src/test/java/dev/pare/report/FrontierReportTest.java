package dev.pare.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pare.artifact.SizeBreakdown;
import dev.pare.candidate.Estimate;
import dev.pare.candidate.FileSummary;
import dev.pare.candidate.Metric;
import dev.pare.candidate.Operations;
import dev.pare.candidate.OriginBytes;
import dev.pare.candidate.Robustness;
import dev.pare.candidate.Sha256;
import dev.pare.candidate.StageKey;
import dev.pare.folder.References;
import dev.pare.folder.SweepFolder;
import dev.pare.result.Column;
import dev.pare.result.Runs;
import dev.pare.result.Score;
import dev.pare.result.Selection;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrontierReportTest {
  @TempDir private java.nio.file.Path folder;

  private static FrontierReport report() {
    return report("best/large.pare");
  }

  private static FrontierReport report(String large) {
    return new FrontierReport(
        "sample",
        new FrontierReport.Teacher(266_610, new Score(4930, 5000), new Score(9871, 10_000)),
        List.of(
            new FrontierRow(
                Map.of("sparsity", "0.98", "bits", "2"),
                new StageKey("a".repeat(64)),
                "best/small.pare",
                new FileSummary(
                    new SizeBreakdown(120, 3000, 1200, 40, 1640),
                    new OriginBytes(6000L, 6500L),
                    "c".repeat(64),
                    266_610,
                    5325,
                    new Operations(0.25, 266_200, 200_000, 3100)),
                new Score(4885, 5000),
                new Score(9766, 10_000),
                null),
            new FrontierRow(
                Map.of("sparsity", "0.9", "bits", "4"),
                new StageKey("b".repeat(64)),
                large,
                new FileSummary(
                    new SizeBreakdown(120, 13_000, 10_200, 80, 1640),
                    OriginBytes.UNKNOWN,
                    null,
                    266_610,
                    26_620,
                    Operations.UNKNOWN),
                new Score(4932, 5000),
                new Score(9869, 10_000),
                null)));
  }

  @Test
  void csvHoldsAllThatWasMeasured() {
    assertThat(FrontierCsv.of(report("best/large, \"exact\".pare")))
        .isEqualTo(
            """
bits,sparsity,bytes,ratio,header_bytes,index_bytes,value_bytes,codebook_bytes,bias_bytes,bytes_with_origin,bytes_without_origin,sha256,parameters,nonzero_weights,activation_density,original_multiply_adds,multiply_adds,effective_multiply_adds,robust_radius,robust_examples,robust_correct,robust_error,validation_examples,validation_correct,validation_accuracy,validation_low,validation_high,validation_score,validation_score_low,validation_score_high,test_examples,test_correct,test_accuracy,test_low,test_high,test_score,test_score_low,test_score_high,chosen_among,error_after_choice,runs,runs_score,runs_score_low,runs_score_high,metric,key,file
2,0.98,6000,177.74,120,3000,1200,40,1640,6000,6500,%s,266610,5325,0.250000,266200,200000,3100,,,,,5000,4885,0.977000,0.972464,0.980803,0.023,0.019196646063954992,0.027535741603174735,10000,9766,0.976600,0.973449,0.979385,0.0234,0.02061505239820105,0.026550974854499976,,,,,,,error,%s,best/small.pare
4,0.9,25040,42.59,120,13000,10200,80,1640,,,,266610,26620,0.000000,0,0,0,,,,,5000,4932,0.986400,0.982796,0.989257,0.0136,0.010742591811700897,0.017204228652223263,10000,9869,0.986900,0.984477,0.988949,0.0131,0.011051026478188786,0.01552291114107296,,,,,,,error,%s,"best/large, ""exact"".pare"
"""
                .formatted("c".repeat(64), "a".repeat(64), "b".repeat(64)));
  }

  @Test
  void jsonHoldsAllThatWasMeasured() throws IOException {
    JsonNode root = new ObjectMapper().readTree(FrontierJson.of(report()));

    assertThat(root.get("version").asInt()).isEqualTo(2);
    assertThat(root.get("metric").asText()).isEqualTo("error");
    assertThat(root.at("/teacher/validation_correct").asInt()).isEqualTo(4930);
    JsonNode row = root.at("/frontier/0");
    assertThat(row.get("point").get("sparsity").asText()).isEqualTo("0.98");
    assertThat(row.fieldNames())
        .toIterable()
        .containsExactlyElementsOf(FrontierRow.table().stream().map(Column::name).toList());
    assertThat(row.get("effective_multiply_adds").asInt()).isEqualTo(3100);
    assertThat(row.get("sha256").asText()).isEqualTo("c".repeat(64));
    assertThat(root.at("/frontier/1/sha256").isNull()).isTrue();
  }

  @Test
  void runsAreToldWhereThereAreSeveral() throws IOException {
    FrontierReport once = report();
    Estimate mean = new Estimate(Metric.ERROR, 5000, 0.025, 0.022, 0.028);
    FrontierReport twice =
        new FrontierReport(
            once.name(),
            once.teacher(),
            List.of(once.rows().get(0).with(new Runs(3, mean)), once.rows().get(1)));

    assertThat(FrontierJson.read(FrontierJson.of(twice)).rows()).isEqualTo(twice.rows());
    assertThat(FrontierJson.read(FrontierJson.of(once)).rows()).isEqualTo(once.rows());
    assertThat(FrontierCsv.of(twice)).contains(",3,0.025,0.022,0.028,error,");
    assertThat(table(twice)).contains("  mean of runs", "2.34 ± 0.30  2.50 ± 0.30 of 3");
    assertThat(table(once)).doesNotContain("of runs");
  }

  @Test
  void whatAChoiceAndAnAttackComeToIsToldWhereItIsKnown() throws IOException {
    FrontierReport plain = report();
    FrontierRow first = plain.rows().get(0);
    FrontierRow known =
        new FrontierRow(
            first.point(),
            first.key(),
            first.file(),
            first.summary().with(new Robustness(0.05, 500, 410)),
            first.validation(),
            first.test(),
            null,
            new Selection(7, 0.0291));
    FrontierReport told =
        new FrontierReport(plain.name(), plain.teacher(), List.of(known, plain.rows().get(1)));

    assertThat(FrontierJson.read(FrontierJson.of(told)).rows()).isEqualTo(told.rows());
    assertThat(FrontierCsv.of(told))
        .contains(",3100,0.05,500,410,0.180000,5000,", ",7,0.029100,,,,,error,");
    assertThat(table(told))
        .contains("after choice %  robust error %", "2.34 ± 0.30            2.91           18.00");
    assertThat(table(plain)).doesNotContain("after choice", "robust");
  }

  private static String table(FrontierReport report) {
    StringWriter text = new StringWriter();
    FrontierTable.of(report).print(new PrintWriter(text));
    return text.toString();
  }

  /** As versions before the columns' common names wrote it. */
  @Test
  void jsonOfAnEarlierVersionIsRead() throws IOException {
    String earlier =
        """
        {
          "name" : "sample",
          "teacher" : {
            "parameters" : 266610,
            "bytes" : 1066440,
            "validation" : {
              "correct" : 4930,
              "total" : 5000,
              "low" : 0.982350,
              "high" : 0.988904
            },
            "test" : {
              "correct" : 9871,
              "total" : 10000,
              "low" : 0.984694,
              "high" : 0.989132
            }
          },
          "frontier" : [
            {
              "point" : {
                "bits" : "2",
                "sparsity" : "0.98"
              },
              "file" : "best/small.pare",
              "key" : "%s",
              "sha256" : "%s",
              "bytes" : 6000,
              "ratio" : 177.74,
              "size" : {
                "header-bytes" : 120,
                "index-bytes" : 3000,
                "value-bytes" : 1200,
                "codebook-bytes" : 40,
                "bias-bytes" : 1640
              },
              "bytes-with-origin" : 6000,
              "bytes-without-origin" : 6500,
              "parameters" : 266610,
              "nonzero-weights" : 5325,
              "operations" : {
                "activation-density" : 0.25,
                "original-multiply-adds" : 266200,
                "multiply-adds" : 200000,
                "effective-multiply-adds" : 3100
              },
              "validation" : {
                "correct" : 4885,
                "total" : 5000,
                "low" : 0.972464,
                "high" : 0.980803
              },
              "test" : {
                "correct" : 9766,
                "total" : 10000,
                "low" : 0.973449,
                "high" : 0.979385
              }
            }
          ]
        }
        """
            .formatted("a".repeat(64), "c".repeat(64));

    assertThat(FrontierJson.read(earlier))
        .isEqualTo(report().withRows(report().rows().subList(0, 1)));
    assertThat(FrontierJson.read(earlier.replace("sha256", "other").replace("operations", "none")))
        .extracting(report -> report.rows().get(0).summary())
        .extracting(FileSummary::sha256, FileSummary::operations)
        .containsExactly(null, Operations.UNKNOWN);
  }

  @Test
  void jsonOfAnEarlierVersionThatIsJudgedByAnotherMetricIsRead() throws IOException {
    String score =
        "{\"metric\": \"mse\", \"value\": 2.5, \"correct\": null, \"total\": 100, \"low\": 2,"
            + " \"high\": 3}";
    String earlier =
        "{\"name\": \"n\", \"teacher\": {\"parameters\": 7, \"guess\": 4.5, \"validation\": %s, \"test\": %s}, \"frontier\": []}"
            .formatted(score, score);

    FrontierReport read = FrontierJson.read(earlier);

    assertThat(read.metric()).hasToString("mse");
    assertThat(read.teacher().validation().estimate().value()).isEqualTo(2.5);
    assertThat(read.teacher().guess()).isEqualTo(4.5);
  }

  @Test
  void jsonOfALaterVersionIsRefused() {
    String later = FrontierJson.of(report()).replace("\"version\" : 2", "\"version\" : 3");

    assertThatIOException()
        .isThrownBy(() -> FrontierJson.read(later))
        .withMessage("is not a frontier: version 3, this Pare reads 1 and 2");
  }

  @Test
  void jsonReadsBackToTheSame() throws IOException {
    assertThat(FrontierJson.read(FrontierJson.of(report()))).isEqualTo(report());
  }

  @Test
  void jsonHoldsWhereATeacherComesFrom() throws IOException {
    FrontierReport report = report();
    FrontierReport.Teacher teacher = report.teacher();
    FrontierReport imported =
        new FrontierReport(
            "imported",
            new FrontierReport.Teacher(
                7,
                teacher.validation(),
                teacher.test(),
                null,
                null,
                "differs by 1e-7",
                "ab12",
                null),
            report.rows());

    assertThat(FrontierJson.of(imported)).contains("\"comparison\" : \"differs by 1e-7\"");
    assertThat(FrontierJson.read(FrontierJson.of(imported))).isEqualTo(imported);
  }

  @Test
  void jsonWithoutAFieldIsRefusedByName() throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    for (String path :
        List.of(
            "/teacher", "/teacher/test_examples", "/frontier/0/bias_bytes", "/frontier/1/key")) {
      JsonNode root = mapper.readTree(FrontierJson.of(report()));
      int slash = path.lastIndexOf('/');
      ((ObjectNode) root.at(path.substring(0, slash))).remove(path.substring(slash + 1));

      assertThatIOException()
          .isThrownBy(() -> FrontierJson.read(root.toString()))
          .withMessage("is not a frontier: it lacks " + path.substring(slash + 1));
    }
  }

  /** Of the first row: 120, 3000, 1200, 40 and 1640 bytes of 6000. */
  @Test
  void bytesThatAreNoSumOfTheirPartsAreRefused() throws IOException {
    String most = String.valueOf(Long.MAX_VALUE);
    Map<String, String> problems =
        Map.of(
            "\"value_bytes\" : " + most,
            "value bytes = " + most + ": must be 0 to 1152921504606846976",
            "\"value_bytes\" : -1200",
            "value bytes = -1200: must be 0 to 1152921504606846976",
            "\"value_bytes\" : 1201",
            "bytes = 6000, but its parts have 6001",
            "\"bytes\" : 5999",
            "bytes = 5999, but its parts have 6000",
            "\"parameters\" : -1",
            "parameters = -1: must be at least 0",
            "\"bytes_without_origin\" : -1",
            "bytes_without_origin = -1: must be at least 0");
    for (Map.Entry<String, String> problem : problems.entrySet()) {
      String name = problem.getKey().substring(0, problem.getKey().indexOf(' '));
      String json = FrontierJson.of(report());
      int rows = json.indexOf("\"frontier\"");
      String changed =
          json.substring(0, rows)
              + json.substring(rows).replaceFirst(name + " : \\d+", problem.getKey());

      assertThatIOException()
          .isThrownBy(() -> FrontierJson.read(changed))
          .withMessage("is not a frontier: " + problem.getValue());
    }
    String empty = FrontierJson.of(report()).replaceAll("(bytes\" :) \\d+", "$1 0");
    assertThatIOException()
        .isThrownBy(() -> FrontierJson.read(empty))
        .withMessage("is not a frontier: bytes = 0: must be at least 1");
  }

  /** Else it would be fetched from the web, read anywhere, or copied by who trusts its path. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:1/x.pare",
        "/etc/x.pare",
        "../x.pare",
        "best/../../x.pare",
        "best/http://127.0.0.1/x.pare",
        "best/x.pare /etc/passwd",
        "best/\u001b[2J.pare",
        "best/x",
        ""
      })
  void namesThatLeadOutOfTheResultsAreRefused(String name) {
    String json = FrontierJson.of(report(name));

    assertThatIOException()
        .isThrownBy(() -> FrontierJson.read(json))
        .withMessage("is not a frontier: file = " + name + ": is no name of a file of best");
  }

  @Test
  void malformedJsonIsRefused() {
    String json = FrontierJson.of(report());

    for (String bad :
        List.of(
            "",
            "[]",
            "{",
            json.substring(0, json.length() / 2),
            json.replace("4885", "5885"),
            json.replace("4885", "-1"),
            json.replace("4885", "99999999999"),
            json.replace("4885", "\"4885\""),
            json.replace("a".repeat(64), "short"))) {
      assertThatIOException().as(bad).isThrownBy(() -> FrontierJson.read(bad));
    }
  }

  @Test
  void tableAlignsItsColumns() {
    StringWriter text = new StringWriter();

    FrontierTable.of(report()).print(new PrintWriter(text));

    assertThat(text.toString().replace(System.lineSeparator(), "\n"))
        .isEqualTo(
            """
      #  bits  sparsity     size  without origin   ratio  nonzero  validation error %  test error %
      1     2      0.98  6.00 KB         6.50 KB  177.7×     5325         2.30 ± 0.42   2.34 ± 0.30
      2     4       0.9  25.0 KB                   42.6×    26620         1.36 ± 0.32   1.31 ± 0.22
teacher                  1.07 MB                    1.0×                  1.40 ± 0.33   1.29 ± 0.22
""");
  }

  @Test
  void tableOfAnEmptyFrontierHasTheTeacher() {
    StringWriter text = new StringWriter();

    FrontierTable.of(report().withRows(List.of())).print(new PrintWriter(text));

    assertThat(text.toString()).contains("teacher", "1.07 MB").hasLineCount(2);
  }

  @Test
  void filesAreReplacedAndReadBack() throws IOException {
    Path out = new Path(folder.toUri());
    Configuration hadoop = new Configuration();

    FrontierFiles.write(new SweepFolder(out, hadoop), report().withRows(List.of()));
    FrontierFiles.write(new SweepFolder(out, hadoop), report());

    assertThat(FrontierFiles.read(new SweepFolder(out, hadoop))).isEqualTo(report());
    assertThat(folder.resolve("frontier.csv")).hasContent(FrontierCsv.of(report()));
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()).filter(n -> !n.endsWith(".crc")))
          .containsExactlyInAnyOrder("frontier.csv", "frontier.json");
    }
  }

  @Test
  void whateverEndsASweepItsReferencesNameTheFrontierThatIsThere() throws IOException {
    SweepFolder out = new SweepFolder(new Path(folder.toUri()), new Configuration());
    java.nio.file.Path json = folder.resolve("frontier.json");
    FrontierReport first = report().withRows(List.of());
    out.writeReferences(
        new References(
            Optional.of("c"), Map.of("teacher.zip", "none", "teacher.pare", "a"), Set.of()));
    FrontierFiles.publish(out, first, 3, Optional.of("b"));
    String lines =
        "sweep.conf c\nfrontier.json "
            + Sha256.hex(Files.readAllBytes(json))
            + "\nteacher.pare a\nteacher.zip none\nledger 3 b\n";
    assertThat(Files.readString(folder.resolve("references.txt")))
        .isEqualTo(lines + "end 0 " + Sha256.hex(lines.getBytes(UTF_8)) + "\n");
    assertThat(References.of(out).orElseThrow().ledger()).contains("b");
    assertThat(References.of(out).orElseThrow().teachers())
        .isEqualTo(Map.of("teacher.zip", "none", "teacher.pare", "a"));
    byte[] its = Files.readAllBytes(json);

    // Where the next one cannot be written, either may be there afterwards.
    Files.delete(json);
    Files.createDirectory(json);
    assertThatIOException()
        .isThrownBy(() -> FrontierFiles.publish(out, report(), 3, Optional.empty()));
    Files.delete(json);
    Files.write(json, its);
    assertThat(FrontierFiles.read(out)).isEqualTo(first);
    Files.writeString(json, FrontierJson.of(report()));
    assertThat(FrontierFiles.read(out)).isEqualTo(report());

    FrontierFiles.publish(out, report(), 3, Optional.empty());
    assertThat(FrontierFiles.read(out)).isEqualTo(report());
    Files.write(json, its);
    assertThatIOException()
        .isThrownBy(() -> FrontierFiles.read(out))
        .withMessageContaining("frontier.json: its SHA-256 is " + Sha256.hex(its) + ", not ")
        .withMessageEndingWith("`pare sweep` with the same configuration writes it anew");
  }

  @Test
  void referencesThatAreEmptyOrWereCutLetNoFrontierPass() throws IOException {
    SweepFolder out = new SweepFolder(new Path(folder.toUri()), new Configuration());
    out.writeReferences(
        new References(Optional.of("c"), Map.of(), Set.of(new StageKey("a".repeat(64)))));
    FrontierFiles.publish(out, report(), 3, Optional.empty());
    java.nio.file.Path references = folder.resolve("references.txt");
    String whole = Files.readString(references);
    for (int length = 0; length < whole.length(); length++) {
      Files.writeString(references, whole.substring(0, length));
      Files.deleteIfExists(folder.resolve(".references.txt.crc"));
      assertThatIOException()
          .as(whole.substring(0, length))
          .isThrownBy(() -> FrontierFiles.read(out))
          .withMessageContaining("references.txt: ");
    }
  }

  /** Without its last line each may be whole or have been cut: they had no others that tell. */
  @Test
  void referencesOfTheFirstVersionsAreReadWithAWarning() throws IOException {
    SweepFolder out = new SweepFolder(new Path(folder.toUri()), new Configuration());
    FrontierFiles.write(out, report());
    String digest = Sha256.hex(Files.readAllBytes(folder.resolve("frontier.json")));
    String key = "a".repeat(64) + "\n";
    for (String text : List.of(key, "sweep.conf c\nfrontier.json " + digest + "\n" + key)) {
      Files.writeString(folder.resolve("references.txt"), text);
      assertThat(References.areOpen(out)).isTrue();
      assertThat(FrontierFiles.read(out)).isEqualTo(report());
    }
    for (String later : List.of("teacher.pare a\n", "ledger 3\n", "history/x a\n")) {
      Files.writeString(folder.resolve("references.txt"), later + key);
      assertThatIOException()
          .isThrownBy(() -> FrontierFiles.read(out))
          .withMessageContaining("references.txt: was cut: its last line")
          .withMessageEndingWith("`pare sweep` with the same configuration writes it anew");
    }
  }

  @Test
  void aMissingOrBrokenFileIsNamed() throws IOException {
    Path out = new Path(folder.toUri());
    Configuration hadoop = new Configuration();
    assertThatIOException()
        .isThrownBy(() -> FrontierFiles.read(new SweepFolder(out, hadoop)))
        .withMessageEndingWith("frontier.json: there is no such file; has the sweep ended?");

    Files.writeString(folder.resolve("frontier.json"), "{}");
    assertThatIOException()
        .isThrownBy(() -> FrontierFiles.read(new SweepFolder(out, hadoop)))
        .withMessageEndingWith("frontier.json: is not a frontier: it lacks teacher");
  }
}
