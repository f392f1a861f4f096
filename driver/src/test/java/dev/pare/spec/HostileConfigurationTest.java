package dev.pare.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Configurations that would take time or memory without end. */
@Timeout(30)
class HostileConfigurationTest {
  private static final String GOOD =
      """
      sweep.out = "file:///results"
      data.train { features = a, labels = b }
      data.test { features = c, labels = d }
      teacher.architecture = lenet-300-100
      """;

  @TempDir private Path folder;

  private String conf(String text) throws IOException {
    return Files.writeString(folder.resolve("x.conf"), text).toString();
  }

  private List<String> problems(String text) throws IOException {
    String conf = conf(text);
    InvalidSpecException thrown =
        catchThrowableOfType(InvalidSpecException.class, () -> SweepSpec.load(conf, List.of()));
    assertThat(thrown).as("the exception").isNotNull();
    return thrown.problems().stream()
        .map(problem -> problem.toString().replace(folder + "/", ""))
        .toList();
  }

  private static String lines(int count, String line) {
    return IntStream.range(1, count)
        .mapToObj(i -> line.formatted(i + 1, i, i))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  @Test
  void referencesThatDoubleAreRefusedBeforeTheyAreReplaced() throws IOException {
    assertThat(problems(GOOD + "a1 = xxxxxxxxxx\n" + lines(40, "a%d = ${a%d}${a%d}")))
        .singleElement()
        .asString()
        .matches(
            "a\\d\\d \\(x.conf:\\d+\\): makes the configuration longer than 16777216 characters.*");
    assertThat(problems(GOOD + "a1 = [1]\n" + lines(40, "a%d = ${a%d} ${?a%d}")))
        .singleElement()
        .asString()
        .startsWith("a");
    assertThat(problems(GOOD + "a1 { x = 1 }\n" + lines(40, "a%d = { x = ${a%d}, y = ${a%d} }")))
        .singleElement()
        .asString()
        .contains("makes the configuration longer");
    assertThat(problems(GOOD + "a1 { x = 1 }\n" + lines(40, "a%d = ${a%d} { y = ${a%d} }")))
        .singleElement()
        .asString()
        .contains("makes the configuration longer");
    assertThat(problems(GOOD + "\"a.1\" = x\n" + lines(40, "\"a.%d\" = ${\"a.%d\"}${\"a.%d\"}")))
        .singleElement()
        .asString()
        .startsWith("\"a.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https", "HTTP", "ftp", "sftp", "har", "jar:file", "data"})
  void whatWouldBeFetchedIsRefusedAndTellsNoSecret(String scheme) throws IOException {
    for (String key :
        List.of(
            "data.train.features",
            "data.test.labels",
            "teacher.model",
            "sweep.out",
            "sweep.store")) {
      List<String> problems =
          problems(GOOD + key + " = \"" + scheme + "://127.0.0.1:1/x/\"${PATH}\n");
      assertThat(problems)
          .anySatisfy(
              problem ->
                  assertThat(problem)
                      .startsWith(key + " = ")
                      .contains("must lie on a file system", "is not fetched"))
          .noneMatch(problem -> problem.contains(System.getenv("PATH")));
    }
  }

  @Test
  void aKeyThatDoublesItselfIsRefused() throws IOException {
    assertThat(
            problems(
                GOOD + "sweep.name = x\n" + "sweep.name = ${sweep.name}${sweep.name}\n".repeat(40)))
        .singleElement()
        .asString()
        .startsWith("sweep.name (x.conf:")
        .contains("makes the configuration longer");
  }

  @Test
  void keysThatDoubleEachOtherInTurnAreRefused() throws IOException {
    String text = "a = x\n" + "b = ${a}${a}\na = ${b}${b}\n".repeat(40);

    assertThat(problems(GOOD + text))
        .singleElement()
        .asString()
        .contains("refers to itself by way of ${");
  }

  @Test
  void inIncludedFilesThePathsBeginWithTheSectionThatTheyAreIncludedIn() throws IOException {
    Files.writeString(
        folder.resolve("y.conf"), "a1 = xxxxxxxxxx\n" + lines(40, "a%d = ${a%d}${a%d}"));

    assertThat(problems(GOOD + "b { include \"y.conf\" }"))
        .singleElement()
        .asString()
        .startsWith("b.a");
  }

  @Test
  void filesThatIncludeTheNextOneTwiceAreRefused() throws IOException {
    for (int i = 1; i <= 40; i++) {
      Files.writeString(
          folder.resolve("y" + i + ".conf"),
          "a { include \"y%d.conf\" }\nb { include \"y%<d.conf\" }".formatted(i + 1));
    }
    Files.writeString(folder.resolve("y41.conf"), "x = 1");

    assertThat(problems(GOOD + "include \"y1.conf\""))
        .singleElement()
        .asString()
        .contains("more than 100 inclusions");
  }

  @Test
  void aFileThatIsTooLongIsNotRead() throws IOException {
    assertThat(problems(GOOD + "#".repeat(Expansion.MOST)))
        .containsExactly(
            "x.conf: has "
                + (GOOD.length() + Expansion.MOST)
                + " bytes: must have at most 16777216");
  }

  @Test
  void numbersOfAMillionDigitsAreProblemsThatAreCutOff() throws IOException {
    String digits = "9".repeat(1_000_000);

    for (String key : List.of("sweep.seed", "student.learning-rate", "student.epochs")) {
      for (String number : List.of("\"" + digits + "\"", "\"0." + digits + "\"", digits)) {
        assertThat(problems(GOOD + key + " = " + number))
            .singleElement()
            .asString()
            .startsWith(key + " = ")
            .hasSizeLessThan(1500);
      }
    }
    assertThat(problems(GOOD + "space.bits = [" + digits + "]")).hasSize(1);
  }

  @Test
  void keysOfAMillionLettersAndThousandsOfKeysAreProblemsToo() throws IOException {
    assertThat(problems(GOOD + "k".repeat(1_000_000) + " = 1"))
        .singleElement()
        .asString()
        .hasSizeLessThan(1500);
    String keys =
        IntStream.range(0, 20_000).mapToObj(i -> "key" + i).collect(Collectors.joining("=1\n"));
    assertThat(problems(GOOD + keys + "=1")).hasSize(100);
  }

  @Test
  void whatReferencesAreUsuallyForStays() throws IOException {
    String conf =
        conf(
            GOOD
                + "student.epochs = 3\n"
                + "data-dir = /x\n"
                + "space.bits = [2]\n"
                + "space.bits += 3\n"
                + "space.bits = ${space.bits} [4]\n"
                + "sweep.name = one\nsweep.name = ${sweep.name}\" and \"${data-dir}\n"
                + "data.train.features = ${data-dir}/${?PARE_NONE}train\n"
                + "student.quantize.epochs = ${student.epochs}");

    SweepSpec spec = SweepSpec.load(conf, List.of());
    assertThat(spec.name()).isEqualTo("one and /x");
    assertThat(spec.space().get(new Dimension("bits"))).containsExactly("2", "3", "4");
    assertThat(spec.student().quantize().training().epochs()).isEqualTo(3);
  }
}
