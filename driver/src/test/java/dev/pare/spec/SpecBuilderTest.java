package dev.pare.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pare.candidate.Prune;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SpecBuilderTest {
  private static final String QUICKSTART =
      System.getProperty("pare.root") + "/conf/quickstart.conf";

  private static SpecBuilder least() {
    return SweepSpec.builder()
        .set("sweep.out", "file:///results")
        .set("data.train.features", "/a")
        .set("data.train.labels", "/b")
        .with("data.test { features = /c, labels = /d }")
        .set("teacher.architecture", "lenet-300-100");
  }

  private static List<String> problems(SpecBuilder builder) {
    List<String> problems = new java.util.ArrayList<>();
    assertThatExceptionOfType(InvalidSpecException.class)
        .isThrownBy(builder::build)
        .satisfies(e -> e.problems().forEach(problem -> problems.add(problem.toString())));
    return problems;
  }

  @Test
  void nothingSetIsTheFileItself() {
    assertThat(SweepSpec.from(QUICKSTART).build()).isEqualTo(SweepSpec.load(QUICKSTART, List.of()));
  }

  @Test
  void whatIsSetIsWhatTheCommandLineSets() {
    assertThat(
            SweepSpec.from(QUICKSTART)
                .set("sweep.out", "file:///tmp/x y#z")
                .set("student.epochs", 2)
                .set("student.prune.scope", Prune.Scope.LAYER)
                .set("space.temperature", List.of(1, 2.5))
                .vary("sparsity", 0.80, 0.9)
                .vary("bits", 2, 3)
                .vary("quantizer", "uniform", "codebook")
                .build())
        .isEqualTo(
            SweepSpec.load(
                QUICKSTART,
                List.of(
                    "sweep.out=\"file:///tmp/x y#z\"",
                    "student.epochs=2",
                    "student.prune.scope=layer",
                    "space.temperature=[1,2.5]",
                    "space.sparsity=[0.8,0.9]",
                    "space.bits=[2,3]",
                    "space.quantizer=[uniform,codebook]")));
  }

  @Test
  void aSpecificationNeedsNoFile() {
    SweepSpec spec = least().vary("sparsity", 0.5).build();

    assertThat(spec.name()).isEqualTo("sweep");
    assertThat(spec.out()).isEqualTo("file:///results");
    assertThat(spec.data().test().labels()).isEqualTo("/d");
    assertThat(spec.space()).isEqualTo(Map.of(new Dimension("sparsity"), List.of("0.5")));
  }

  @Test
  void aBuilderCanBeUsedAgainAndTheLastWins() {
    SpecBuilder builder = least().set("sweep.seed", 1);
    SweepSpec one = builder.build();

    SweepSpec two = builder.set("sweep.seed", 2).build();

    assertThat(one.seed()).isEqualTo(1);
    assertThat(two.seed()).isEqualTo(2);
    assertThat(builder.build()).isEqualTo(two);
  }

  @Test
  void relativePathsStartFromTheWorkingDirectory() {
    SweepSpec spec =
        SweepSpec.from(QUICKSTART).set("sweep.out", "results").set("data-dir", "sets").build();

    String here = "file://" + Path.of("").toAbsolutePath();
    assertThat(spec.out()).isEqualTo(here + "/results");
    assertThat(spec.data().train().labels()).isEqualTo(here + "/sets/train-labels-idx1-ubyte.gz");
  }

  @Test
  void allProblemsAreToldWithThePlace() {
    assertThat(
            problems(
                SweepSpec.from(QUICKSTART)
                    .set("student.epochs", -1)
                    .set("student.epoch", 1)
                    .vary("bits", 2, 9)
                    .vary("spasity", 0.5)
                    .with("\nstudent.alpha = 2")
                    .set("space.temperature", Set.of(0.5))))
        .containsExactlyInAnyOrder(
            "student.epochs = -1 (the program): must be a whole number, at least 0",
            "student.epoch (the program): is no setting; the nearest is student.epochs",
            "space.bits[1] = 9.0 (the program): must be 1 to 8, or 32 for float",
            "space.spasity (the program): is no setting; the nearest is space.sparsity",
            "student.alpha = 2 (the program:2): must be a number from 0 to 1",
            "space.temperature[0] = 0.5 (the program): must be a number from 1 to 1000");
  }

  @Test
  void whatNoConfigurationCanHoldIsRefusedWithTheRest() {
    assertThat(
            problems(
                SweepSpec.from(QUICKSTART)
                    .set("student.epochs", new Object[] {1})
                    .set("a..b", 1)
                    .with("student {")
                    .set("student.alpha", Double.NaN)
                    .set("space.bits", "[2,3]")))
        .hasSize(5)
        .anySatisfy(
            p ->
                assertThat(p)
                    .startsWith("student.epochs (the program)")
                    .contains("(the program): must be text, a number", "java.lang.Object"))
        .anySatisfy(p -> assertThat(p).startsWith("a..b (the program): "))
        .anySatisfy(p -> assertThat(p).startsWith("the program:1: "))
        .anySatisfy(p -> assertThat(p).startsWith("student.alpha = ").contains("from 0 to 1"))
        .anySatisfy(p -> assertThat(p).startsWith("space.bits = \"[2,3]\"").contains("as in ["));
  }

  @Test
  void whatIsMissingIsMissingInTheProgram() {
    assertThat(problems(SweepSpec.builder()))
        .contains("sweep.out (the program): must be set, to a path");
  }
}
