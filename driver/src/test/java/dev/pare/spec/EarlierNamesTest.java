package dev.pare.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EarlierNamesTest {
  private static final String EARLIER =
      """
      sweep.out = "file:///results"
      data.train { features = a, labels = b }
      data.test { features = c, labels = d }
      teacher.architecture = lenet-300-100
      space {
        activation = [none, winners]
        winners = { from = 0.1, to = 0.3, levels = 3 }
        dimension = [2, 4]
      }
      points = [
        { activation = winners, winners = 0.4 }
        { factorize = svd, remainder = 0.1 }
        { start = random }
      ]
      student {
        activation { kind = winners, winners = 0.5 }
        quantize.dimension = 8
      }
      """;

  private static final String NOW =
      """
      sweep.out = "file:///results"
      data.train { features = a, labels = b }
      data.test { features = c, labels = d }
      teacher.architecture = lenet-300-100
      space {
        activation = [none, top-k]
        top-k-share = { from = 0.1, to = 0.3, levels = 3 }
        vector-dimension = [2, 4]
      }
      points = [
        { activation = top-k, top-k-share = 0.4 }
        { factorize = svd, sparse-residual = 0.1 }
        { initialization = random }
      ]
      student {
        activation { kind = top-k, top-k-share = 0.5 }
        quantize.vector-dimension = 8
      }
      """;

  private final Logger logger = (Logger) LogManager.getLogger(EarlierNames.class);
  private final List<String> warnings = new ArrayList<>();
  private final AbstractAppender taken =
      new AbstractAppender("taken", null, null, false, Property.EMPTY_ARRAY) {
        @Override
        public void append(LogEvent event) {
          warnings.add(event.getMessage().getFormattedMessage());
        }
      };

  @TempDir private Path folder;

  @BeforeEach
  void takeWarnings() {
    taken.start();
    logger.addAppender(taken);
  }

  @AfterEach
  void leaveWarnings() {
    logger.removeAppender(taken);
  }

  private SweepSpec load(String text, String... overrides) throws IOException {
    Path conf = Files.writeString(folder.resolve("x.conf"), text);
    return SweepSpec.load(conf.toString(), List.of(overrides));
  }

  private List<String> problems(String text, String... overrides) {
    InvalidSpecException thrown =
        catchThrowableOfType(InvalidSpecException.class, () -> load(text, overrides));
    assertThat(thrown).isNotNull();
    return thrown.problems().stream()
        .map(problem -> problem.toString().replace(folder + "/", ""))
        .toList();
  }

  @Test
  void areReadAsThoseOfNow() throws IOException {
    SweepSpec spec = load(EARLIER);

    assertThat(warnings)
        .hasSize(10)
        .anyMatch(line -> line.endsWith("x.conf:7) is called space.top-k-share by now"))
        .anyMatch(line -> line.endsWith("x.conf:6) is called top-k by now"))
        .anyMatch(line -> line.startsWith("points[2].start ("))
        .anyMatch(line -> line.startsWith("student.activation.kind = winners ("));
    warnings.clear();
    assertThat(load(NOW).render()).isEqualTo(spec.render());
    assertThat(load(spec.render())).isEqualTo(spec);
    assertThat(warnings).isEmpty();
  }

  @Test
  void ofSettingsAndOfTheCommandLineAsWell() throws IOException {
    String text = EARLIER.substring(0, EARLIER.indexOf("space {"));
    for (String[] names :
        new String[][] {
          {"factorize.remainder", "factorize.sparse-residual", "0.02"},
          {"prune.start", "prune.initialization", "random"},
          {"quantize.dimension", "quantize.vector-dimension", "8"},
          {"activation.winners", "activation.top-k-share", "0.5"}
        }) {
      String svd = "student.factorize.method=svd";
      assertThat(load(text, svd, "student." + names[0] + "=" + names[2]).render())
          .isEqualTo(load(text, svd, "student." + names[1] + "=" + names[2]).render());
      assertThat(warnings)
          .containsExactly(
              "student." + names[0] + " (--set) is called student." + names[1] + " by now");
      warnings.clear();
    }
  }

  @Test
  void nothingIsSetByBothNames() {
    String text = EARLIER.substring(0, EARLIER.indexOf("space {"));

    assertThat(
            problems(
                text
                    + "space { winners = [0.1], top-k-share = [0.2] }\n"
                    + "points = [{ start = random, initialization = teacher }]\n",
                "student.prune.start=random",
                "student.prune.initialization=teacher"))
        .containsExactlyInAnyOrder(
            "space.winners (x.conf:5): is the earlier name of space.top-k-share, also set",
            "points[0].start (x.conf:6): is the earlier name of points[0].initialization, also set",
            "student.prune.start (--set): is the earlier name of student.prune.initialization,"
                + " also set");
  }

  @Test
  void whatIsWrongIsSaidOfTheNameOfNow() {
    String text = EARLIER.substring(0, EARLIER.indexOf("space {"));

    assertThat(problems(text + "student.quantize.dimension = 1"))
        .containsExactly(
            "student.quantize.vector-dimension = 1 (x.conf:5): must be a whole number, 2 to 64");
  }
}
