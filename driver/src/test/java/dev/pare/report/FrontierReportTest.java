package dev.pare.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pare.candidate.Operations;
import dev.pare.candidate.OriginBytes;
import dev.pare.candidate.SizeBreakdown;
import dev.pare.candidate.StageKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrontierReportTest {
  @TempDir private java.nio.file.Path folder;

  private static FrontierReport report() {
    return new FrontierReport(
        "sample",
        new FrontierReport.Teacher(266_610, new Score(4930, 5000), new Score(9871, 10_000)),
        List.of(
            new FrontierRow(
                Map.of("sparsity", "0.98", "bits", "2"),
                new StageKey("a".repeat(64)),
                "best/small.pare",
                "c".repeat(64),
                new SizeBreakdown(120, 3000, 1200, 40, 1640),
                new OriginBytes(6000L, 6500L),
                266_610,
                5325,
                new Operations(0.25, 266_200, 200_000, 3100),
                new Score(4885, 5000),
                new Score(9766, 10_000)),
            new FrontierRow(
                Map.of("sparsity", "0.9", "bits", "4"),
                new StageKey("b".repeat(64)),
                "best/large, \"exact\".pare",
                new SizeBreakdown(120, 13_000, 10_200, 80, 1640),
                266_610,
                26_620,
                new Score(4932, 5000),
                new Score(9869, 10_000))));
  }

  @Test
  void csvHoldsAllThatWasMeasured() {
    assertThat(FrontierCsv.of(report()))
        .isEqualTo(
            """
            bits,sparsity,bytes,ratio,parameters,nonzero-weights,activation-density,multiply-adds,effective-multiply-adds,validation-correct,validation-total,validation-low,validation-high,test-correct,test-total,test-low,test-high,header-bytes,index-bytes,value-bytes,codebook-bytes,bias-bytes,bytes-with-origin,bytes-without-origin,key,file
            2,0.98,6000,177.74,266610,5325,0.250000,200000,3100,4885,5000,0.972464,0.980803,9766,10000,0.973449,0.979385,120,3000,1200,40,1640,6000,6500,%s,best/small.pare
            4,0.9,25040,42.59,266610,26620,0.000000,0,0,4932,5000,0.982796,0.989257,9869,10000,0.984477,0.988949,120,13000,10200,80,1640,,,%s,"best/large, ""exact"".pare"
            """
                .formatted("a".repeat(64), "b".repeat(64)));
  }

  @Test
  void jsonHoldsAllThatWasMeasured() {
    FrontierReport one = report().withRows(report().rows().subList(0, 1));

    assertThat(FrontierJson.of(one))
        .isEqualTo(
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
                .formatted("a".repeat(64), "c".repeat(64)));
  }

  @Test
  void jsonReadsBackToTheSame() throws IOException {
    assertThat(FrontierJson.read(FrontierJson.of(report()))).isEqualTo(report());
  }

  @Test
  void jsonWithoutAFieldIsRefusedByName() throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    for (String path :
        List.of(
            "/teacher", "/teacher/test/total", "/frontier/0/size/bias-bytes", "/frontier/1/key")) {
      JsonNode root = mapper.readTree(FrontierJson.of(report()));
      int slash = path.lastIndexOf('/');
      ((ObjectNode) root.at(path.substring(0, slash))).remove(path.substring(slash + 1));

      assertThatIOException()
          .isThrownBy(() -> FrontierJson.read(root.toString()))
          .withMessage("is not a frontier: it lacks " + path.substring(slash + 1));
    }
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

    FrontierFiles.write(out, hadoop, report().withRows(List.of()));
    FrontierFiles.write(out, hadoop, report());

    assertThat(FrontierFiles.read(out, hadoop)).isEqualTo(report());
    assertThat(folder.resolve("frontier.csv")).hasContent(FrontierCsv.of(report()));
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()).filter(n -> !n.endsWith(".crc")))
          .containsExactlyInAnyOrder("frontier.csv", "frontier.json");
    }
  }

  @Test
  void aMissingOrBrokenFileIsNamed() throws IOException {
    Path out = new Path(folder.toUri());
    Configuration hadoop = new Configuration();
    assertThatIOException()
        .isThrownBy(() -> FrontierFiles.read(out, hadoop))
        .withMessageEndingWith("frontier.json: there is no such file; has the sweep ended?");

    Files.writeString(folder.resolve("frontier.json"), "{}");
    assertThatIOException()
        .isThrownBy(() -> FrontierFiles.read(out, hadoop))
        .withMessageEndingWith("frontier.json: is not a frontier: it lacks teacher");
  }
}
