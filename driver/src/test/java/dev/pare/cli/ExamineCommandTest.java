package dev.pare.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pare.LocalSpark;
import dev.pare.SmallSweep;
import dev.pare.Sweep;
import dev.pare.report.FrontierRow;
import dev.pare.spec.SweepSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files beside their teacher. */
class ExamineCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** So few that it takes seconds. */
  private static final List<String> FEW = List.of("--sample", "60", "--attacked", "8");

  @TempDir private static Path folder;

  private static List<FrontierRow> rows = List.of();

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void sweep() throws IOException {
    try (SparkSession spark = LocalSpark.open(2)) {
      SweepSpec spec = SmallSweep.spec(folder.resolve("out"));
      rows = Sweep.run(spark, spec).frontier().rows();
    }
  }

  private int run(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    String[] all = Stream.concat(Stream.of(args), FEW.stream()).toArray(String[]::new);
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), all);
  }

  private static Path results() {
    return folder.resolve("out");
  }

  private static String conf() {
    return folder.resolve("out.conf").toString();
  }

  private static String file(int index) {
    return results().resolve(rows.get(index).file()).toString();
  }

  private static Path beside(FrontierRow row, String end) {
    return results().resolve(row.file().replaceAll("\\.pare$", end));
  }

  @Test
  void resultsHaveACardBesideEachFileWhichThePageLinks() throws IOException {
    Path own = Files.writeString(results().resolve("best/notes.md"), "mine");
    assertThat(run("examine", results().toString())).as(err.toString()).isZero();
    String page = Files.readString(results().resolve("report.html"));
    for (FrontierRow row : rows) {
      JsonNode card = JSON.readTree(Files.readAllBytes(beside(row, ".json")));
      JsonNode error = card.path("findings").path("error");
      // The sweep itself has tested its frontier.
      assertThat(error.path(1).path("error").asDouble())
          .isCloseTo(1 - row.test().accuracy(), within(1e-12));
      assertThat(card.path("sizes").path("bytes").asLong()).isEqualTo(row.bytes());
      assertThat(card.path("file").path("sha256").asText()).isEqualTo(row.summary().sha256());
      assertThat(Files.readString(beside(row, ".md")))
          .contains("## Error by class")
          .contains("| sha256 | " + row.summary().sha256() + " |");
      assertThat(page).contains("\"card\":\"" + row.file().replaceAll("\\.pare$", ".md") + "\"");
      assertThat(out.toString()).contains(Path.of(row.file()).getFileName().toString());
    }
    assertThat(own).hasContent("mine");
    assertThat(out.toString()).contains("attacked within 0.1");
    assertThat(run("examine", results().toString(), "--json")).isZero();
    JsonNode cards = JSON.readTree(out.toString());
    assertThat(cards.isArray()).isTrue();
    assertThat(cards).hasSize(rows.size());
  }

  @Test
  void thePageLinksNoCardWhoseTextIsAnothersOrWasChanged() throws IOException {
    assertThat(run("examine", results().toString())).as(err.toString()).isZero();
    assertThat(rows).hasSizeGreaterThanOrEqualTo(3);
    Path copy = copy("cards");
    Path first = copy.resolve(rows.get(0).file().replaceAll("pare$", "md"));
    Path second = copy.resolve(rows.get(1).file().replaceAll("pare$", "md"));
    String text = Files.readString(first);
    Files.writeString(first, Files.readString(second));
    Files.writeString(second, text);
    Path third = copy.resolve(rows.get(2).file().replaceAll("pare$", "md"));
    Files.writeString(third, Files.readString(third).replaceFirst("[0-9]%", "0%"));
    PrintWriter printed = new PrintWriter(err, true);

    assertThat(Main.run(printed, printed, new String[] {"report", copy.toString()}))
        .as(err.toString())
        .isZero();
    assertThat(Files.readString(copy.resolve("report.html")).split("\"card\":"))
        .hasSize(rows.size() - 3 + 1);

    assertThat(run("examine", copy.toString())).as(err.toString()).isZero();
    assertThat(first).hasContent(text);
    assertThat(Files.readString(copy.resolve("report.html")).split("\"card\":"))
        .hasSize(rows.size() + 1);
  }

  @Test
  void dataOrATeacherOfAnotherSweepAreRefused() {
    assertThat(run("examine", results().toString(), "--set", "data.validation=1500")).isEqualTo(2);
    assertThat(err.toString()).contains("its data or its teacher are not those of the results in");
    String images =
        SmallSweep.ROOT.resolve("conf/quickstart/train-images-idx3-ubyte.gz").toString();
    String test = "data.test.features=\"" + images + "\"";
    String labels = "data.test.labels=\"" + images.replace("images-idx3", "labels-idx1") + "\"";
    assertThat(run("examine", results().toString(), "--set", test, "--set", labels)).isEqualTo(2);
    assertThat(err.toString())
        .contains("its test data are not those that the results were tested on");
    // The last file is as good a network as another.
    String teacher = "teacher { model = \"" + file(rows.size() - 1) + "\" }";
    SmallSweep.withTeacher(teacher, folder.resolve("other"));
    String other = folder.resolve("other.conf").toString();
    assertThat(run("examine", results().toString(), "--conf", other)).isEqualTo(2);
    assertThat(err.toString())
        .contains(other + ": its data or its teacher are not those of the results in");
    assertThat(run("examine", file(0), "--conf", other)).isEqualTo(2);
    assertThat(err.toString()).contains("its frontier.json names another teacher than " + other);
  }

  @Test
  void aTeacherAmongResultsIsTheOneThatWasMeasured() throws IOException {
    Path copy = copy("swapped");
    Path listed = copy.resolve(rows.get(rows.size() - 1).file());
    Files.copy(Path.of(file(0)), listed, StandardCopyOption.REPLACE_EXISTING);
    Path alone = Files.copy(Path.of(file(0)), folder.resolve("alone.pare"));
    Path link = Files.createSymbolicLink(folder.resolve("linked"), copy.resolve("best"));
    for (Path teacher : List.of(listed, link.resolve(listed.getFileName()))) {
      SmallSweep.withTeacher("teacher { model = \"" + teacher + "\" }", folder.resolve("by"));
      String conf = folder.resolve("by.conf").toString();
      assertThat(run("examine", alone.toString(), "--conf", conf)).isEqualTo(2);
      assertThat(err.toString())
          .contains("teacher.model = " + teacher + ": ", "it is not the file that was measured");
    }
    // A file itself may be a link, too.
    Path name = Files.createSymbolicLink(folder.resolve("one.pare"), listed);
    assertThat(run("examine", name.toString(), "--conf", conf())).isEqualTo(1);
    assertThat(err.toString()).contains("one.pare: ", "it is not the file that was measured");
  }

  @Test
  void resultsThatSayNothingOfTheirDataAreNotExamined() throws IOException {
    Path copy = copy("unsaid");
    Path references = copy.resolve("references.txt");
    Files.writeString(references, "");
    assertThat(run("examine", copy.toString(), "--conf", conf())).isNotZero();
    assertThat(err.toString()).contains("references.txt: is empty");
    Files.delete(references);
    assertThat(run("examine", copy.toString(), "--conf", conf())).isEqualTo(2);
    assertThat(err.toString()).contains("references.txt is missing or names nothing");
  }

  @Test
  void aPersonsFilesAreNotReplaced() throws IOException {
    Path copy = copy("own");
    Path own = copy.resolve(rows.get(0).file().replaceAll("\\.pare$", ".md"));
    Files.deleteIfExists(Path.of(own.toString().replaceAll("md$", "json")));
    Files.writeString(own, "mine");
    assertThat(run("examine", copy.toString())).isEqualTo(2);
    assertThat(err.toString()).contains(own + ": is no card of " + rows.get(0).file());
    assertThat(own).hasContent("mine");
    Path data = Files.writeString(folder.resolve("settings.json"), "{\"mine\":1}");
    String card = folder.resolve("settings.md").toString();
    assertThat(run("examine", file(0), "--conf", conf(), "--out", card)).isEqualTo(2);
    assertThat(err.toString()).contains("would replace " + data + ", which is no card");
    assertThat(data).hasContent("{\"mine\":1}");
  }

  @Test
  void aCardMayBeNamedWithoutAFolder() {
    assertThat(run("examine", "x.pare", "--conf", "no-such.conf", "--out", "no-such.md"))
        .isEqualTo(2);
    assertThat(err.toString()).contains("no-such.conf").doesNotContain("no-such.md");
  }

  @Test
  void nothingIsExaminedWhereThereCanBeNoPage() throws IOException {
    Path copy = copy("spoiled");
    try (Stream<Path> all = Files.walk(copy)) {
      for (Path path : all.filter(Files::isRegularFile).toList()) {
        String name = copy.relativize(path).toString();
        if (name.startsWith("ledger/") || name.matches("best/.*\\.(md|json)")) {
          Files.delete(path);
        }
      }
    }
    assertThat(run("examine", copy.toString())).isNotZero();
    for (FrontierRow row : rows) {
      assertThat(copy.resolve(row.file().replaceAll("\\.pare$", ".json"))).doesNotExist();
    }
  }

  @Test
  void cardsOfOtherFilesAndOtherDataGoWithTheNextSweep() throws IOException {
    Path own = folder.resolve("again");
    SweepSpec spec = SmallSweep.spec(own, "sweep.store=\"" + results().resolve("store") + "\"");
    try (SparkSession spark = LocalSpark.open(2)) {
      Sweep.run(spark, spec);
      assertThat(run("examine", own.toString())).as(err.toString()).isZero();
    }
    assertThat(rows).hasSizeGreaterThanOrEqualTo(2);
    Path file = own.resolve(rows.get(0).file().replaceAll("pare$", "json"));
    Path data = own.resolve(rows.get(1).file().replaceAll("pare$", "json"));
    String page = Files.readString(own.resolve("report.html"));
    assertThat(page.split("\"card\":")).hasSize(rows.size() + 1);
    replaced(file, rows.get(0).summary().sha256());
    replaced(data, JSON.readTree(data.toFile()).path("data").path("test_sha256").asText());
    try (SparkSession spark = LocalSpark.open(2)) {
      Sweep.run(spark, spec);
    }
    page = Files.readString(own.resolve("report.html"));
    assertThat(page.split("\"card\":")).hasSize(rows.size() - 1);
    assertThat(file).doesNotExist();
    assertThat(data).doesNotExist();
    assertThat(Path.of(data.toString().replaceAll("json$", "md"))).doesNotExist();
  }

  private static void replaced(Path file, String digest) throws IOException {
    Files.writeString(file, Files.readString(file).replace(digest, "0".repeat(64)));
  }

  private static Path copy(String name) throws IOException {
    Path copy = folder.resolve(name);
    try (Stream<Path> all = Files.walk(results())) {
      for (Path path : all.filter(each -> !each.startsWith(results().resolve("store"))).toList()) {
        Files.copy(path, copy.resolve(results().relativize(path).toString()));
      }
    }
    return copy;
  }

  @Test
  void aFileIsExaminedAsItsResultsAre() throws IOException {
    Path card = folder.resolve("card.md");
    assertThat(run("examine", file(0), "--conf", conf(), "--out", card.toString()))
        .as(err.toString())
        .isZero();
    assertThat(out.toString()).contains("Agreement with the teacher").contains("calibration error");
    String first = Files.readString(card);
    assertThat(run("examine", file(0), "--conf", conf(), "--json")).isZero();
    assertThat(out.toString()).isEqualTo(Files.readString(folder.resolve("card.json")));
    assertThat(run("examine", results().toString())).as(err.toString()).isZero();
    // The configuration that results have is called otherwise.
    assertThat(
            Files.readString(beside(rows.get(0), ".md"))
                .replace("| sweep | sweep |", "| sweep | out |"))
        .isEqualTo(first);
  }

  @Test
  void whatIsProvenIsNeverBelowWhatAttacksFind() throws IOException {
    assertThat(run("examine", file(0), "--conf", conf(), "--json", "--radius", "0.002,0.02"))
        .as(err.toString())
        .isZero();
    JsonNode findings = JSON.readTree(out.toString()).path("findings");
    JsonNode attacks = findings.path("attacks");
    JsonNode certificates = findings.path("certificates");
    assertThat(attacks).hasSize(4);
    assertThat(certificates).hasSize(4);
    for (int i = 0; i < 4; i++) {
      double any = attacks.path(i).path("any").asDouble();
      assertThat(any).isGreaterThanOrEqualTo(attacks.path(i).path("error").asDouble());
      assertThat(certificates.path(i).path("linear").asDouble()).isGreaterThanOrEqualTo(any);
      assertThat(certificates.path(i).path("intervals").asDouble())
          .isGreaterThanOrEqualTo(certificates.path(i).path("linear").asDouble());
    }
    assertThat(findings.path("corruptions").findValuesAsText("corruption"))
        .containsOnly("noise", "blur", "shift", "contrast", "rotation", "levels");
    assertThat(findings.path("similarity")).hasSize(2);
    assertThat(findings.path("membership").path(0).path("members").asInt()).isEqualTo(60);
  }

  @Test
  void aTableHasGroupsByAColumn() throws IOException {
    Path csv = folder.resolve("loans.csv");
    SplittableRandom random = new SplittableRandom(3);
    StringBuilder lines = new StringBuilder("income,job,paid\n");
    for (int i = 0; i < 600; i++) {
      boolean clerk = random.nextBoolean();
      double income = 50_000 + 10_000 * random.nextGaussian();
      lines.append((int) income).append(clerk ? ",clerk," : ",smith,");
      lines.append(income > (clerk ? 45_000 : 55_000) ? "yes\n" : "no\n");
    }
    Files.writeString(csv, lines);
    String data =
        """
        data {
          format = csv
          train.features = "%s"
          csv.header = true
          columns { label = paid, categorical = [job] }
          classes = named
          scaling = standard
          validation-share = 0.25
          test-share = 0.25
        }
        """
            .formatted(csv);
    String teacher =
        "teacher { architecture = mlp, widths = [8], epochs = 5, learning-rate = 0.01 }";
    Path results = folder.resolve("loans");
    SweepSpec spec =
        SmallSweep.withData(data, teacher, results, "space={ sparsity = [0.5], bits = [4] }");
    String file;
    try (SparkSession spark = LocalSpark.open(2)) {
      file = Sweep.run(spark, spec).frontier().rows().get(0).file();
    }
    String path = results.resolve(file).toString();
    String conf = folder.resolve("loans.conf").toString();
    assertThat(run("examine", path, "--conf", conf, "--groups", "job", "--json"))
        .as(err.toString())
        .isZero();
    JsonNode findings = JSON.readTree(out.toString()).path("findings");
    assertThat(findings.path("groups").findValuesAsText("name")).containsExactly("clerk", "smith");
    assertThat(findings.path("groups").findValuesAsText("column")).containsOnly("job");
    int examples = 0;
    for (JsonNode group : findings.path("groups")) {
      examples += group.path("examples").asInt();
    }
    assertThat(examples).isEqualTo(150);
    assertThat(findings.path("classes").findValuesAsText("name")).containsExactly("no", "yes");
    assertThat(findings.path("corruptions").findValuesAsText("corruption"))
        .containsOnly("noise", "missing");
  }

  @Test
  void theTeacherItselfLosesNothing() throws IOException {
    String teacher = results().resolve("teacher.pare").toString();
    assertThat(run("examine", teacher, "--conf", conf(), "--json")).as(err.toString()).isZero();
    JsonNode findings = JSON.readTree(out.toString()).path("findings");
    assertThat(findings.path("agreement").path(0).path("agreement").asDouble()).isEqualTo(1);
    assertThat(findings.path("changes").path(0).path("examples").asInt(-1)).isZero();
    assertThat(findings.path("error").path(1).path("p").asDouble()).isEqualTo(1);
  }

  @Test
  void whatCannotBeExaminedIsToldInALine() {
    assertThat(run("examine", file(0))).isEqualTo(2);
    assertThat(err.toString()).contains("a file needs --conf CONF");
    assertThat(run("examine", file(0), "--conf", conf(), "--out", "card.txt")).isEqualTo(2);
    assertThat(err.toString()).contains("--out = card.txt: must end with .md");
    assertThat(run("examine", file(0), "--conf", conf(), "--groups", "900")).isEqualTo(2);
    assertThat(err.toString()).contains("--groups 900: no column of features; there are 1 to 784");
    assertThat(run("examine", file(0), "--conf", conf(), "--radius", "0.1,2")).isEqualTo(2);
    assertThat(err.toString()).contains("--radius 2.0: must be above 0, and at most 1");
    assertThat(run("examine", file(0), "--conf", conf(), "--set", "teacher.epochs=3")).isEqualTo(2);
    assertThat(err.toString())
        .contains("has no teacher of the configuration; pare sweep trains it");
  }
}
