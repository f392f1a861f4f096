package dev.pare.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.candidate.Activate;
import dev.pare.candidate.ArchitectureForm;
import dev.pare.candidate.Candidate;
import dev.pare.candidate.Encode;
import dev.pare.candidate.Factorize;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Quantize;
import dev.pare.candidate.Regrowth;
import dev.pare.candidate.Regularize;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.StageSettings;
import dev.pare.candidate.Start;
import dev.pare.candidate.Training;
import dev.pare.graph.Architecture;
import dev.pare.graph.InputShape;
import dev.pare.model.NamedArchitecture;
import dev.pare.spec.SweepSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class CandidateSpaceTest {
  @TempDir private Path folder;

  private List<Candidate> grid(String settings) throws IOException {
    String needed =
        """
        sweep.out = "file:///results"
        data.train { features = a, labels = b }
        data.test { features = c, labels = d }
        teacher.architecture = lenet-300-100
        """;
    Path conf = Files.writeString(folder.resolve("x.conf"), needed + settings);
    return CandidateSearch.all(SweepSpec.load(conf.toString(), List.of()));
  }

  private static List<String> labels(List<Candidate> candidates) {
    return candidates.stream().map(Candidate::label).toList();
  }

  @Test
  void aShareOfTheEpochsIsOfEveryStageButAtLeastOne() throws IOException {
    List<Candidate> candidates =
        grid(
            "space.epochs-share = [0.1, 0.5, 1]\nstudent { epochs = 20, quantize.epochs = 3 }"
                + "\nstudent.regularize { penalty = l1, epochs = 7 }");

    assertThat(candidates).extracting(c -> epochs(c, Prune.class)).containsExactly(2, 10, 20);
    assertThat(candidates).extracting(c -> epochs(c, Quantize.class)).containsExactly(1, 2, 3);
    assertThat(candidates).extracting(c -> epochs(c, Regularize.class)).containsExactly(1, 4, 7);
  }

  @Test
  void architecturesThatAreAlikeAreOneWhateverTheyAreCalled() throws IOException {
    String conf =
        """
        sweep.out = "file:///results"
        data.train { features = a, labels = b }
        data.test { features = c, labels = d }
        teacher.architecture = lenet-300-100
        architectures {
          small { architecture = mlp, widths = [150, 50] }
          same { architecture = lenet-300-100 }
        }
        space { architecture = [teacher, small, same], width = [1, 0.5], sparsity = [0.5, 0.9] }
        """;
    SweepSpec spec =
        SweepSpec.load(Files.writeString(folder.resolve("x.conf"), conf).toString(), List.of());
    Architecture lenet = layers(300, 100);
    StudentArchitectures known =
        new StudentArchitectures(
            Map.of(
                "teacher", new StudentArchitectures.Known(lenet, null),
                "same", new StudentArchitectures.Known(lenet, null),
                "small", new StudentArchitectures.Known(layers(150, 50), null)));
    List<Candidate> candidates = CandidateSearch.all(spec, known);

    // The teacher; half of it, which is small and half of same; half of small; same, drawn anew.
    assertThat(candidates).hasSize(8);
    StageTree tree = StageTree.of(new StageKey("0".repeat(64)), candidates);
    assertThat(tree.all().stream().filter(stage -> stage.settings() instanceof Start)).hasSize(3);
    assertThat(tree.roots()).containsExactly(tree.root());
    Map<Optional<ArchitectureForm>, Set<StageSettings>> settings = tree.settingsByStart();
    assertThat(settings.keySet())
        .containsExactlyInAnyOrder(
            Optional.empty(),
            Optional.of(ArchitectureForm.of(layers(150, 50))),
            Optional.of(ArchitectureForm.of(layers(75, 25))),
            Optional.of(ArchitectureForm.of(lenet)));
    // Smaller students take less time and memory, by their own layers.
    Workload workload = SampleWorkload.lenet();
    CostModel costs = new CostModel(workload);
    StageTree.Stage wide = start(tree, lenet);
    StageTree.Stage narrow = start(tree, layers(75, 25));
    assertThat(costs.seconds(narrow)).isLessThan(costs.seconds(wide) / 3);
    assertThat(costs.seconds(narrow.children().get(0)))
        .isLessThan(costs.seconds(wide.children().get(0)) / 3);
    assertThat(TaskMemory.of(workload, settings))
        .isEqualTo(TaskMemory.of(workload, settings.get(Optional.of(ArchitectureForm.of(lenet)))));
  }

  private static StageTree.Stage start(StageTree tree, Architecture layers) {
    return tree.all().stream()
        .filter(stage -> stage.settings() instanceof Start)
        .filter(stage -> stage.start().equals(Optional.of(ArchitectureForm.of(layers))))
        .findFirst()
        .orElseThrow();
  }

  private static Architecture layers(int first, int second) {
    return new NamedArchitecture(NamedArchitecture.Name.MLP, List.of(first, second))
        .resolve(new InputShape(1, 28, 28, 255), 10);
  }

  @Test
  void whatIsNotTrainedHasNoShareOfIt() throws IOException {
    List<Candidate> candidates =
        grid("space.epochs-share = [0.1, 1]\nstudent { epochs = 0, quantize.epochs = 0 }");

    assertThat(candidates).hasSize(1);
    assertThat(epochs(candidates.get(0), Prune.class)).isZero();
  }

  private static int epochs(Candidate candidate, Class<?> kind) {
    StageSettings stage =
        candidate.stages().stream().filter(kind::isInstance).findFirst().orElseThrow();
    return stage instanceof Prune prune
        ? prune.training().epochs()
        : stage instanceof Quantize quantize
            ? quantize.training().epochs()
            : ((Regularize) stage).training().epochs();
  }

  @Test
  void isTheCartesianProductWithTheLastStageChangingFastest() throws IOException {
    assertThat(labels(grid("space { bits = [3, 2], temperature = [4, 1], sparsity = [0.90] }")))
        .containsExactly(
            "bits=3 sparsity=0.9 temperature=4",
            "bits=2 sparsity=0.9 temperature=4",
            "bits=3 sparsity=0.9 temperature=1",
            "bits=2 sparsity=0.9 temperature=1");
  }

  @Test
  void theOriginTellsCandidatesApartWhereItMattersAlone() throws IOException {
    String both = "space { origin = [on, off], %s }";
    assertThat(labels(grid(both.formatted("bits = [3]"))))
        .containsExactly("bits=3 origin=on", "bits=3 origin=off");
    assertThat(labels(grid(both.formatted("bits = [32]")))).containsExactly("bits=32 origin=on");
    for (String other : List.of("product", "uniform-group", "power-of-two")) {
      assertThat(grid(both.formatted("bits = [3], quantizer = [" + other + "]"))).hasSize(1);
    }
    String outside = "\nteacher { architecture = null, model = \"file:///x.zip\" }";
    assertThat(grid(both.formatted("bits = [3]") + outside)).hasSize(1);
    assertThat(grid(both.formatted("bits = [3], start = [random]") + outside)).hasSize(2);
  }

  @Test
  void quantizationIsSharedByBothSidesOfTheOriginUnlessItPricesBits() throws IOException {
    List<Candidate> free = grid("space { origin = [on, off], bits = [3] }");
    assertThat(free.get(0).stages().get(1)).isEqualTo(free.get(1).stages().get(1));
    assertThat(free.get(0).stages().get(2)).isNotEqualTo(free.get(1).stages().get(2));
    List<Candidate> priced =
        grid("space { origin = [on, off], bits = [3], rate-distortion = [0.01] }");
    assertThat(priced.get(0).stages().get(1)).isNotEqualTo(priced.get(1).stages().get(1));
  }

  @Test
  void everyDimensionReachesItsStage() throws IOException {
    List<Candidate> grid =
        grid(
            """
            space {
              penalty = [l1], strength = [0.3]
              saliency = [magnitude], scope = [layer], schedule = [one-shot], sparsity = [0.7]
              output-sparsity = [0.2], temperature = [3], alpha = [0.4], learning-rate = [0.02]
              quantizer = [uniform-group], bits = [5], group = [16], vector-dimension = [8]
              rate-distortion = [0.01], rate-distortion-weight = [fisher], precision = [float8]
            }
            """);

    assertThat(grid).hasSize(1);
    Regularize regularize = (Regularize) grid.get(0).stages().get(0);
    Prune prune = (Prune) grid.get(0).stages().get(1);
    Quantize quantize = (Quantize) grid.get(0).stages().get(2);
    assertThat(regularize.penalty()).isEqualTo(Regularize.Penalty.L1);
    assertThat(regularize.strength()).isEqualTo(0.3);
    assertThat(regularize.training().temperature()).isEqualTo(3);
    assertThat(regularize.training().alpha()).isEqualTo(0.4);
    assertThat(regularize.training().learningRate()).isEqualTo(0.001);
    assertThat(prune.sparsity()).isEqualTo(0.7);
    assertThat(prune.outputSparsity()).isEqualTo(0.2);
    assertThat(prune.saliency()).isEqualTo(Prune.Saliency.MAGNITUDE);
    assertThat(prune.scope()).isEqualTo(Prune.Scope.LAYER);
    assertThat(prune.schedule()).isEqualTo(Prune.Schedule.ONE_SHOT);
    assertThat(prune.training().temperature()).isEqualTo(3);
    assertThat(prune.training().alpha()).isEqualTo(0.4);
    assertThat(prune.training().learningRate()).isEqualTo(0.02);
    assertThat(quantize.training().temperature()).isEqualTo(3);
    assertThat(quantize.training().alpha()).isEqualTo(0.4);
    assertThat(quantize.training().learningRate()).isEqualTo(0.0003);
    assertThat(quantize.quantizer()).isEqualTo(Quantize.Quantizer.UNIFORM_GROUP);
    assertThat(quantize.bits()).isEqualTo(5);
    assertThat(quantize.group()).isEqualTo(16);
    assertThat(quantize.rateDistortion()).isEqualTo(0.01);
    assertThat(quantize.rateDistortionWeight()).isEqualTo(Quantize.Weight.FISHER);
    Encode encode = (Encode) grid.get(0).stages().get(3);
    assertThat(encode.precision()).isEqualTo(Encode.Precision.FLOAT8);
  }

  @Test
  void factorsComeFirstAndWhatTheirMethodDoesNotUseMakesNoDifference() throws IOException {
    String values =
        "rank = [0.1, 0.2], singular-threshold = [0.2, 0.3, 0.4], alpha = [0.5], bits = [32]";
    List<Candidate> grid =
        grid("space { factorize = [none, svd, threshold, als], %s }".formatted(values));

    assertThat(grid).hasSize(1 + 2 + 3 + 2);
    assertThat(grid.get(0).stages())
        .extracting(StageSettings::kind)
        .containsExactly(StageSettings.Kind.PRUNE, StageSettings.Kind.ENCODE);
    assertThat(grid.get(1).stages())
        .extracting(StageSettings::kind)
        .containsExactly(
            StageSettings.Kind.FACTORIZE, StageSettings.Kind.PRUNE, StageSettings.Kind.ENCODE);
    Factorize svd = (Factorize) grid.get(1).stages().get(0);
    assertThat(svd.method()).isEqualTo(Factorize.Method.SVD);
    assertThat(svd.rank()).isEqualTo(0.1);
    assertThat(svd.training().alpha()).isEqualTo(0.5);
    assertThat(((Factorize) grid.get(3).stages().get(0)).singularThreshold()).isEqualTo(0.2);
    assertThat(((Factorize) grid.get(6).stages().get(0)).calibration()).isEqualTo(1024);
    assertThat(grid("space { factorize = [svd], energy = [0.8, 0.9], %s }".formatted(values)))
        .hasSize(2);
    assertThat(
            grid(
                "space { factorize = [svd], layer-rank = [0.1/1/1], energy = [0.8, 0.9], %s }"
                    .formatted(values)))
        .singleElement()
        .satisfies(
            candidate ->
                assertThat(((Factorize) candidate.stages().get(0)).layerRank())
                    .containsExactly(0.1, 1.0, 1.0));
    assertThat(
            grid(
                "space { factorize = [svd], rank-budget = [0.2, 0.4], energy = [0.8, 0.9], %s }"
                    .formatted(values)))
        .hasSize(2)
        .allSatisfy(
            candidate -> assertThat(((Factorize) candidate.stages().get(0)).energy()).isNull());
    assertThat(
            grid(
                "space { factorize = [none, svd], output-layer = [keep, factorize], bits = [32] }"))
        .hasSize(1 + 2);
    assertThat(
            grid(
                "space { factorize = [svd], sparse-residual = [0.1, 0.2], bits = [32] }\n"
                    + "student.factorize.calibration = 5"))
        .hasSize(2)
        .allSatisfy(
            candidate ->
                assertThat(((Factorize) candidate.stages().get(0)).calibration()).isEqualTo(1));
  }

  @Test
  void activationsAreTheFirstStageAndNoneIsNoStage() throws IOException {
    List<Candidate> grid =
        grid(
            """
            space { activation = [none, threshold, top-k, binary], threshold = [1, 2], top-k-share = [0.1, 0.3] }
            student { activation.epochs = 2, alpha = 0 }
            """);

    assertThat(labels(grid))
        .containsExactly(
            "activation=none threshold=1 top-k-share=0.1",
            "activation=threshold threshold=1 top-k-share=0.1",
            "activation=threshold threshold=2 top-k-share=0.1",
            "activation=top-k threshold=1 top-k-share=0.1",
            "activation=top-k threshold=1 top-k-share=0.3",
            "activation=binary threshold=1 top-k-share=0.1");
    assertThat(grid.get(0).stages())
        .extracting(StageSettings::kind)
        .startsWith(StageSettings.Kind.PRUNE);
    assertThat(grid.get(4).stages())
        .extracting(StageSettings::kind)
        .startsWith(StageSettings.Kind.ACTIVATE, StageSettings.Kind.PRUNE);
    assertThat(grid.get(4).stages().get(0))
        .isEqualTo(
            new Activate(
                Activate.Rule.TOP_K,
                0,
                0.3,
                new Training(2, 256, 0.001, Training.Decay.COSINE, 0, 1, 0)));
  }

  @Test
  void layersAskDataUnlessTheyGoAtRandom() throws IOException {
    String student = "student.prune { granularity = layer, schedule = one-shot, calibration = 99 }";
    List<Candidate> grid =
        grid("teacher.architecture = resnet\nspace.saliency = [magnitude, random]\n" + student);

    assertThat(grid)
        .extracting(candidate -> ((Prune) candidate.stages().get(0)).calibration().examples())
        .containsExactly(99, 1);
  }

  @Test
  void withoutASpaceThereIsOneCandidateOfTheSingleValues() throws IOException {
    List<Candidate> grid = grid("student.prune.sparsity = 0.5");

    assertThat(grid).hasSize(1);
    assertThat(grid.get(0).point()).isEmpty();
    assertThat(((Prune) grid.get(0).stages().get(0)).sparsity()).isEqualTo(0.5);
  }

  @Test
  void floatsNeedNoQuantizer() throws IOException {
    List<Candidate> grid = grid("space { quantizer = [uniform, codebook], bits = [4, 32] }");

    assertThat(labels(grid))
        .containsExactly(
            "bits=4 quantizer=uniform", "bits=32 quantizer=uniform", "bits=4 quantizer=codebook");
    assertThat(grid.get(1).stages())
        .extracting(StageSettings::kind)
        .containsExactly(StageSettings.Kind.PRUNE, StageSettings.Kind.ENCODE);
  }

  @Test
  void whatAQuantizerDoesNotUseMakesNoDifference() throws IOException {
    String values =
        "bits = [2, 3], group = [16, 32], vector-dimension = [2, 4], rate = [0.1, 0.2],"
            + " rate-distortion-weight = [none, fisher]";

    assertThat(grid("space { quantizer = [ternary], %s }".formatted(values))).hasSize(1);
    assertThat(grid("space { quantizer = [binary], %s }".formatted(values))).hasSize(1);
    assertThat(grid("space { quantizer = [codebook], %s }".formatted(values))).hasSize(2);
    assertThat(grid("space { quantizer = [uniform-group], %s }".formatted(values))).hasSize(4);
    assertThat(grid("space { quantizer = [product], %s }".formatted(values))).hasSize(4);
    assertThat(grid("space { quantizer = [entropy-penalized], %s }".formatted(values))).hasSize(2);
    assertThat(
            grid(
                "space { quantizer = [uniform], rate-distortion = [0, 0.1], %s }"
                    .formatted(values)))
        .hasSize(6);
  }

  @Test
  void withoutPruningItsManagementMakesNoDifference() throws IOException {
    assertThat(
            labels(
                grid(
                    "space { scope = [layer, global], schedule = [one-shot, gradual],"
                        + " sparsity = [0, 0.5] }")))
        .hasSize(5)
        .startsWith("schedule=one-shot scope=layer sparsity=0");
    assertThat(
            grid("space { sparsity = [0], output-sparsity = [0, 0.5], scope = [layer, global] }"))
        .hasSize(3);
  }

  @Test
  void rewindingMakesADifferenceAlsoWhereNothingIsPruned() throws IOException {
    List<Candidate> grid = grid("space { schedule = [one-shot, gradual, rewind], sparsity = [0] }");
    assertThat(grid).hasSize(2);
    assertThat(((Prune) grid.get(1).stages().get(0)).schedule()).isEqualTo(Prune.Schedule.REWIND);
  }

  @Test
  void withoutAPenaltyItsStrengthMakesNoDifferenceAndOneHasItsUsual() throws IOException {
    List<Candidate> grid =
        grid("space { penalty = [none, l1, variational-dropout], strength = [0.5, 1] }");
    assertThat(grid).hasSize(5);
    assertThat(grid.get(0).stages().get(0)).isInstanceOf(Prune.class);
    assertThat(
            grid(
                "points = [{ penalty = l1 }, { penalty = l1, strength = %s }]"
                    .formatted(Regularize.Penalty.L1.usualStrength())))
        .hasSize(1);
  }

  @Test
  void theWorthOfAKilobyteMakesADifferenceWhereItIsInTheLossAndHasAUsualValue() throws IOException {
    assertThat(grid("space { quantizer = [codebook], rate = [0.5, 1] }"))
        .singleElement()
        .extracting(Candidate::stages)
        .isEqualTo(grid("space { quantizer = [codebook] }").get(0).stages());
    assertThat(
            grid(
                "student.quantize.quantizer = entropy-penalized\npoints = [{}, { rate = %s }]"
                    .formatted(Quantize.USUAL_RATE)))
        .hasSize(1);
  }

  @Test
  void afterAPenaltyPruningThatDoesNothingIsLeftOut() throws IOException {
    assertThat(
            grid("student { epochs = 0, regularize.penalty = l1, prune.sparsity = 0 }")
                .get(0)
                .stages())
        .extracting(StageSettings::kind)
        .containsExactly(
            StageSettings.Kind.REGULARIZE, StageSettings.Kind.QUANTIZE, StageSettings.Kind.ENCODE);
    assertThat(grid("student { regularize.penalty = l1, prune.sparsity = 0 }").get(0).stages())
        .extracting(StageSettings::kind)
        .contains(StageSettings.Kind.PRUNE);
  }

  @Test
  void howWeightsChangePlacesMattersWhereTheyDo() throws IOException {
    for (String schedule : List.of("set", "rigl", "sparse-momentum")) {
      Prune prune = prune("schedule = %s, update-interval = 5, ramp = 0.5".formatted(schedule));
      assertThat(prune.regrowth()).isEqualTo(new Regrowth(5, 0.3));
      assertThat(prune.ramp()).isEqualTo(0.5);
      assertThat(prune.schedule().regrows()).isTrue();
    }
    assertThat(prune("schedule = one-shot, update-interval = 5").regrowth())
        .isEqualTo(Regrowth.NONE);
    assertThat(prune("schedule = set, sparsity = 0, update-interval = 5"))
        .isEqualTo(prune("schedule = gradual, sparsity = 0"));
  }

  @Test
  void whereAStudentStartsMattersEvenIfNothingGoes() throws IOException {
    assertThat(grid("space { start = [teacher, random], sparsity = [0] }")).hasSize(2);
  }

  private Prune prune(String settings) throws IOException {
    return (Prune) grid("student.prune { %s }".formatted(settings)).get(0).stages().get(0);
  }

  @Test
  void iterativeLevelsChainThroughThoseOfTheSweep() throws IOException {
    List<Candidate> grid =
        grid(
            "space { sparsity = [0.9, 0.5, 0.8], bits = [2] }, student.prune.schedule = iterative");

    assertThat(grid)
        .extracting(CandidateSpaceTest::sparsities)
        .containsExactly(List.of(0.5, 0.8, 0.9), List.of(0.5), List.of(0.5, 0.8));
    Prune first = (Prune) grid.get(0).stages().get(0);
    assertThat(first.schedule()).isEqualTo(Prune.Schedule.ONE_SHOT);
    assertThat(first).isSameAs(grid.get(1).stages().get(0)).isSameAs(grid.get(2).stages().get(0));
    StageTree tree = StageTree.of(new StageKey("0".repeat(64)), grid);
    assertThat(tree.stages()).isEqualTo(3 + 3 + 3);
  }

  @Test
  void anIterativeStudentOfTheLeastSparsityIsTheOneShotOne() throws IOException {
    assertThat(labels(grid("space { schedule = [one-shot, iterative], sparsity = [0.5, 0.8] }")))
        .containsExactly(
            "schedule=one-shot sparsity=0.5",
            "schedule=one-shot sparsity=0.8",
            "schedule=iterative sparsity=0.8");
  }

  @Test
  void pointsFormChainsAndOneShotOnesOfTheSameSparsityStay() throws IOException {
    List<Candidate> grid =
        grid(
            """
            points = [
              { schedule = iterative, sparsity = 0.9, bits = 2 }
              { schedule = one-shot, sparsity = 0.9, bits = 2 }
              { schedule = iterative, sparsity = 0.5, bits = 3 }
              { schedule = iterative, sparsity = 0.8, bits = 2 }
              { schedule = iterative, sparsity = 0.7, bits = 2, temperature = 2 }
              { schedule = one-shot, sparsity = 0.6, bits = 2 }
            ]
            """);

    assertThat(grid)
        .extracting(CandidateSpaceTest::sparsities)
        .containsExactly(
            List.of(0.5, 0.8, 0.9),
            List.of(0.9),
            List.of(0.5),
            List.of(0.5, 0.8),
            List.of(0.7),
            List.of(0.6));
    assertThat(
            grid(
                "space { schedule = [iterative], sparsity = [0.4, 0.6], bits = [2] }\n"
                    + "points = [{ schedule = iterative, sparsity = 0.9, bits = 2 },"
                    + " { schedule = iterative, sparsity = 0.5, bits = 2 }]"))
        .extracting(CandidateSpaceTest::sparsities)
        .containsExactly(
            List.of(0.4), List.of(0.4, 0.6), List.of(0.4, 0.5, 0.6, 0.9), List.of(0.4, 0.5));
  }

  @Test
  void aPointThatIsLeftOutIsNamed() throws IOException {
    List<String> warnings = new ArrayList<>();
    AbstractAppender taken =
        new AbstractAppender("taken", null, null, true, Property.EMPTY_ARRAY) {
          @Override
          public void append(LogEvent event) {
            warnings.add(event.getLevel() + " " + event.getMessage().getFormattedMessage());
          }
        };
    taken.start();
    Logger logger = (Logger) LogManager.getLogger(CandidateSearch.class);
    logger.addAppender(taken);
    try {
      assertThat(
              grid(
                  """
                  points = [
                    { schedule = one-shot, sparsity = 0.5 }, { sparsity = 0.7 },
                    { schedule = iterative, sparsity = 0.5 }
                  ]
                  """))
          .hasSize(2);
    } finally {
      logger.removeAppender(taken);
    }
    assertThat(warnings)
        .containsExactly(
            "WARN points[2] = {schedule=iterative, sparsity=0.5} is left out: it does the same as"
                + " {schedule=one-shot, sparsity=0.5}");
  }

  @Test
  void chainsKeepToTheirOtherSettings() throws IOException {
    List<Candidate> grid =
        grid(
            "space { sparsity = [0.5, 0.8], temperature = [1, 4] }, student.prune.schedule ="
                + " iterative");

    assertThat(grid)
        .allSatisfy(
            candidate ->
                assertThat(candidate.stages())
                    .filteredOn(Prune.class::isInstance)
                    .extracting(stage -> ((Prune) stage).training().temperature())
                    .containsOnly(Double.valueOf(candidate.point().get("temperature"))));
  }

  private static List<Double> sparsities(Candidate candidate) {
    return candidate.stages().stream()
        .filter(Prune.class::isInstance)
        .map(stage -> ((Prune) stage).sparsity())
        .toList();
  }

  @Test
  void withoutATeachersPartTemperatureMakesNoDifference() throws IOException {
    assertThat(labels(grid("space { temperature = [1, 2, 4], alpha = [0, 0.5] }")))
        .containsExactly(
            "alpha=0 temperature=1",
            "alpha=0.5 temperature=1",
            "alpha=0.5 temperature=2",
            "alpha=0.5 temperature=4");
  }

  @Test
  void withoutTrainingItsSettingsMakeNoDifference() throws IOException {
    assertThat(
            grid(
                "student { epochs = 0, quantize.epochs = 0 }, space { temperature = [1, 2],"
                    + " learning-rate = [0.1, 0.2], bits = [2, 3] }"))
        .hasSize(2);
  }

  @Test
  // Some seconds on a machine at rest; in quadratic time it would be hours.
  @Timeout(180)
  void aMillionCandidatesShareTheirStages() throws IOException {
    List<Candidate> grid =
        grid(
            "space { sparsity = [%s], temperature = [%s], learning-rate = [%s], bits = [1,2,3,4,5] }"
                .formatted(numbers(200, 0.001), numbers(100, 1), numbers(10, 0.001)));

    assertThat(grid).hasSize(1_000_000);
    Set<StageSettings> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
    grid.forEach(candidate -> distinct.addAll(candidate.stages()));
    assertThat(distinct).hasSize(200 * 100 * 10 + 100 * 5 + 1);
  }

  private static String numbers(int count, double step) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(i -> String.valueOf(i * step))
        .collect(Collectors.joining(","));
  }
}
