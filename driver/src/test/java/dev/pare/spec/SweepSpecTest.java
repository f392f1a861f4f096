package dev.pare.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;

import com.typesafe.config.ConfigFactory;
import dev.pare.candidate.Activate;
import dev.pare.candidate.Adversarial;
import dev.pare.candidate.Augmentation;
import dev.pare.candidate.Averaging;
import dev.pare.candidate.BatchNormalization;
import dev.pare.candidate.Calibration;
import dev.pare.candidate.Distillation;
import dev.pare.candidate.Encode;
import dev.pare.candidate.Factorize;
import dev.pare.candidate.Granularity;
import dev.pare.candidate.Metric;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Quantize;
import dev.pare.candidate.Regrowth;
import dev.pare.candidate.Regularize;
import dev.pare.candidate.Start;
import dev.pare.candidate.Task;
import dev.pare.candidate.ThirdObjective;
import dev.pare.candidate.Training;
import dev.pare.data.CsvLayout;
import dev.pare.data.DataSettings;
import dev.pare.data.ExampleShape;
import dev.pare.data.Shares;
import dev.pare.data.TableSettings;
import dev.pare.model.NamedArchitecture;
import dev.pare.model.NamedArchitecture.Name;
import dev.pare.model.NamedArchitecture.Size;
import dev.pare.search.Budgets;
import dev.pare.search.SearchSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SweepSpecTest {
  private static final String LEAST =
      """
      sweep.out = "file:///results"
      data.train { features = a, labels = b }
      data.test { features = /c, labels = "hdfs://n/d" }
      teacher.architecture = lenet-300-100
      """;

  private static final String EVERYTHING =
      """
      data-dir = ../sets
      sweep { name = all, out = out, store = "s3a://bucket/store", keep-runs = 7, seed = -7, metric = f1-of-3, third-objective = multiply-adds }
      sweep { max-attempts = 2, stage-timeout = 90.5, engine = opencl }
      published = [ { name = "a paper", bytes = 2840, value = 99.1 } ]
      search { strategy = nsga-ii, candidates = 7, budget = 90.5, epochs = 40, wall-time = 60, population = 8, repeats = 1 }
      data {
        task = classification
        format = csv
        train.features = ${data-dir}/train.csv
        test.features = ${data-dir}/test.csv
        csv { header = true, label-column = -1, separator = ";" }
        shape = [2, 3, 4]
        validation = 100
        seed = 9
        divisor = 16
        validation-share = 0.25
        columns { label = y, features = [b, a], categorical = [a], tokens = [b] }
        classes = named
        class-weights = none
        missing = -1.5
        scaling = standard
      }
      teacher {
        architecture = mlp
        widths = [128, 64]
        epochs = 3
        batch = 32
        learning-rate = 0.01
        decay = none
        l1 = 1e-6
        l2 = 1e-4
        label-smoothing = 0.1
        augment { shift = 2, variants = 6 }
        train-on = spark
      }
      space {
        order = [prune-quantize, quantize-prune]
        epochs-share = [0.50, 1]
        repeat = [0, 2]
        architecture = [teacher, small]
        width = [1.0, 0.50]
        factorize = [none]
        split = [spatial]
        rank = [0.10]
        layer-rank = ["0.1/0.50/1"]
        energy = [0.9]
        rank-budget = [0.30]
        singular-threshold = [2e-1]
        output-layer = [factorize]
        sparse-residual = [0.05]
        activation = [none, threshold, top-k, binary]
        threshold = [0.10, 1]
        top-k-share = [0.5, 1.0]
        penalty = [none, l1]
        strength = [0.2, 1e-1]
        initialization = [teacher]
        saliency = [magnitude]
        granularity = [weight, 4x4]
        scope = [layer, global]
        schedule = [one-shot]
        sparsity = [0, 0.90, 0.95]
        output-sparsity = [0]
        layer-sparsity = ["0/0.50/0.9"]
        ramp = [0.5, 0.25]
        temperature = [1, 4.0, 2.5]
        temperature-end = [2.0]
        alpha = [0, 1]
        alpha-end = [0.50]
        label-smoothing = [0, 1e-1]
        distillation = [decoupled, squared-logits, soft-targets]
        logits = [raw, standardized]
        target-weight = [1.0]
        other-weight = [2]
        relation = [none, distance, angle, similarity]
        relation-weight = [5]
        average = [none, ema, swa]
        average-from = [0.50]
        average-decay = [0.9]
        adversarial = [none, pgd, trades]
        adversarial-radius = [0.10]
        adversarial-beta = [1]
        learning-rate = [1e-3]
        quantizer = [uniform, uniform-channel, codebook]
        bits = [2, 32]
        group = [16, 32]
        vector-dimension = [2, 8]
        rate = [0.5]
        rate-distortion = [0, 1e-2]
        rate-distortion-weight = [none, fisher]
        activation-bits = [32]
        precision = [uniform8, float8]
        origin = [on, off]
      }
      points = [
        { saliency = fisher, granularity = 4x4, sparsity = 0.90 }
        { layer-sparsity = [0.5, 0, 0.1] }
      ]
      architectures {
        small { architecture = mlp, widths = [12, 8] }
        tiny { model = ../sets/tiny.onnx }
      }
      student {
        order = [quantize, prune]
        epochs-share = 0.75
        repeat = 1
        architecture = tiny
        width = 0.75
        start { epochs = 6, learning-rate = 0.007 }
        regularize { penalty = group-lasso-units, strength = 0.5, ramp = 0.25, epochs = 4, learning-rate = 0.006 }
        epochs = 2
        batch = 16
        learning-rate = 0.02
        decay = none
        l2 = 1e-5
        alpha = 0.25
        temperature = 2
        temperature-end = 3
        alpha-end = 0.125
        label-smoothing = 0.2
        distillation {
          loss = decoupled
          logits = standardized
          target-weight = 2
          other-weight = 4
          relation = angle
          relation-weight = 6
        }
        average { kind = ema, from = 0.5, decay = 0.875 }
        evaluate.robust-radius = 0.375
        adversarial { method = trades, radius = 0.25, steps = 7, beta = 3 }
        factorize {
          method = none
          rank = 0.5
          layer-rank = [0.1, 0.25, 1]
          energy = 0.75
          rank-budget = 0.35
          singular-threshold = 0.1
          split = spatial
          output-layer = factorize
          sparse-residual = 0.02
          calibration = 77
          epochs = 4
          learning-rate = 0.03
        }
        activation { kind = top-k, threshold = 0.75, top-k-share = 0.3, epochs = 4, learning-rate = 0.004 }
        prune {
          sparsity = 0.8
          output-sparsity = 0.3
          layer-sparsity = [0.9, 0.8, 0.25]
          saliency = random
          granularity = 2x3
          scope = layer
          schedule = one-shot
          ramp = 0.5
          initialization = teacher
          update-interval = 7
          update-share = 0.2
          calibration = 99
          block = 8
          damping = 0.5
        }
        batch-normalization = keep
        quantize {
          bits = 3
          quantizer = uniform
          group = 16
          vector-dimension = 8
          rate = 0.2
          rate-distortion = 0.02
          rate-distortion-weight = fisher
          activation-bits = 32
          epochs = 1
          learning-rate = 0.005
        }
        encode { precision = float16, normalization-precision = float8, origin = off }
      }
      """;

  @TempDir private Path folder;

  @Test
  void textsOnTheCommandLineAreWhatTheySay() throws IOException {
    for (String out : List.of("/sweeps//lenet", "/data/run#3", "/data/2026.10", "/data/a b")) {
      assertThat(load(LEAST, "sweep.out=" + out).out()).isEqualTo(out);
    }
    assertThat(load(LEAST, "sweep.name=1.10").name()).isEqualTo("1.10");
    assertThat(load(LEAST, "sweep.name=\"a // b\"").name()).isEqualTo("a // b");
    assertThat(load(LEAST, "sweep.seed=7").seed()).isEqualTo(7);
    assertThat(load(LEAST, "sweep.out=${sweep.store}/x", "sweep.store=/s").out()).isEqualTo("/s/x");
  }

  @Test
  void whatIsIncludedLiesBesideAndMustBeThere() throws IOException {
    Path conf = folder.resolve("conf/sweep.conf");
    Files.createDirectories(conf.getParent());
    Files.writeString(conf, "include \"common.conf\"\n" + LEAST);
    for (String location : List.of(conf.toString(), conf.toUri().toString())) {
      assertThatExceptionOfType(InvalidSpecException.class)
          .isThrownBy(() -> SweepSpec.load(location, List.of()))
          .withMessageContaining("common.conf");
    }
    Files.writeString(conf.resolveSibling("common.conf"), "sweep.seed = 77");
    for (String location : List.of(conf.toString(), conf.toUri().toString())) {
      assertThat(SweepSpec.load(location, List.of()).seed()).isEqualTo(77);
    }
    Files.writeString(conf.resolveSibling("common.conf"), "include \"common.conf\"");
    assertThatExceptionOfType(InvalidSpecException.class)
        .isThrownBy(() -> SweepSpec.load(conf.toString(), List.of()))
        .withMessageContaining("which is including it");
  }

  private SweepSpec load(String text, String... overrides) throws IOException {
    Path conf =
        Files.writeString(Files.createDirectories(folder.resolve("conf")).resolve("my.conf"), text);
    return SweepSpec.load(conf.toString(), List.of(overrides));
  }

  @Test
  void fillsInDefaults() throws IOException {
    String conf = "file://" + folder.resolve("conf");
    Training pruning = new Training(20, 256, 0.001, Training.Decay.COSINE, 0, 4, 0.7);
    Training factorizing = new Training(5, 256, 0.001, Training.Decay.COSINE, 0, 4, 0.7);
    Training regularizing = new Training(20, 256, 0.001, Training.Decay.COSINE, 0, 4, 0.7);
    Training quantizing = new Training(3, 256, 0.0003, Training.Decay.COSINE, 0, 4, 0.7);

    assertThat(load(LEAST))
        .isEqualTo(
            new SweepSpec(
                "my",
                "file:///results",
                "file:///results/store",
                30,
                42,
                Metric.ERROR,
                ThirdObjective.NONE,
                Execution.DEFAULT,
                new DataSettings(
                    "idx",
                    new DataSettings.Files(conf + "/a", conf + "/b"),
                    new DataSettings.Files("/c", "hdfs://n/d"),
                    new CsvLayout(CsvLayout.Header.ABSENT, 0, ','),
                    null,
                    5000,
                    42,
                    null),
                new TeacherSpec.Train(
                    NamedArchitecture.of(NamedArchitecture.Name.LENET_300_100),
                    30,
                    256,
                    0.001,
                    Training.Decay.COSINE,
                    0,
                    0,
                    0,
                    new Augmentation(0, 4),
                    TeacherSpec.TrainOn.DRIVER),
                SearchSettings.GRID,
                Map.of(),
                List.of(),
                Map.of(),
                new StudentSpec(
                    StudentSpec.Order.PRUNE_QUANTIZE,
                    1,
                    Start.none(new Training(30, 256, 0.001, Training.Decay.COSINE, 0, 4, 0.7)),
                    new Factorize(
                        Factorize.Method.NONE,
                        0.25,
                        List.of(),
                        null,
                        null,
                        0.3,
                        Factorize.Split.CHANNEL,
                        Factorize.OutputLayer.KEEP,
                        0,
                        1024,
                        factorizing),
                    new Activate(
                        Activate.Rule.NONE,
                        0.5,
                        0.2,
                        new Training(5, 256, 0.001, Training.Decay.COSINE, 0, 4, 0.7)),
                    new Regularize(Regularize.Penalty.NONE, null, 0.3, regularizing),
                    new Prune(
                        0.9,
                        null,
                        Prune.Saliency.MAGNITUDE,
                        Prune.Scope.GLOBAL,
                        Prune.Schedule.GRADUAL,
                        0.6,
                        pruning),
                    new Quantize(
                        4,
                        Quantize.Quantizer.CODEBOOK,
                        64,
                        4,
                        null,
                        0,
                        Quantize.Weight.NONE,
                        null,
                        BatchNormalization.FOLD,
                        Encode.Origin.ON,
                        quantizing),
                    new Encode(
                        Encode.Precision.UNIFORM8,
                        Encode.NormalizationPrecision.FLOAT32,
                        BatchNormalization.FOLD,
                        Encode.Origin.ON)),
                List.of(),
                Map.of()));
  }

  private static Training everything(int epochs, double learningRate) {
    return new Training(
        epochs,
        16,
        learningRate,
        Training.Decay.NONE,
        1e-5,
        2,
        0.25,
        new Distillation(
            0.2,
            Distillation.Loss.DECOUPLED,
            Distillation.Logits.STANDARDIZED,
            2,
            4,
            3.0,
            0.125,
            Distillation.Relation.ANGLE,
            6.0),
        new Averaging(Averaging.Kind.EMA, 0.5, 0.875),
        1,
        new Adversarial(Adversarial.Method.TRADES, 0.25, 7, 3));
  }

  @Test
  void mapsEverySetting() throws IOException {
    Map<Dimension, List<String>> space = new TreeMap<>();
    space.put(new Dimension("order"), List.of("prune-quantize", "quantize-prune"));
    space.put(new Dimension("epochs-share"), List.of("0.5", "1"));
    space.put(new Dimension("repeat"), List.of("0", "2"));
    space.put(new Dimension("architecture"), List.of("teacher", "small"));
    space.put(new Dimension("width"), List.of("1", "0.5"));
    space.put(new Dimension("factorize"), List.of("none"));
    space.put(new Dimension("split"), List.of("spatial"));
    space.put(new Dimension("rank"), List.of("0.1"));
    space.put(new Dimension("layer-rank"), List.of("0.1/0.5/1"));
    space.put(new Dimension("output-layer"), List.of("factorize"));
    space.put(new Dimension("energy"), List.of("0.9"));
    space.put(new Dimension("rank-budget"), List.of("0.3"));
    space.put(new Dimension("singular-threshold"), List.of("0.2"));
    space.put(new Dimension("sparse-residual"), List.of("0.05"));
    space.put(new Dimension("activation"), List.of("none", "threshold", "top-k", "binary"));
    space.put(new Dimension("threshold"), List.of("0.1", "1"));
    space.put(new Dimension("top-k-share"), List.of("0.5", "1"));
    space.put(new Dimension("penalty"), List.of("none", "l1"));
    space.put(new Dimension("strength"), List.of("0.2", "0.1"));
    space.put(new Dimension("initialization"), List.of("teacher"));
    space.put(new Dimension("saliency"), List.of("magnitude"));
    space.put(new Dimension("granularity"), List.of("weight", "4x4"));
    space.put(new Dimension("scope"), List.of("layer", "global"));
    space.put(new Dimension("schedule"), List.of("one-shot"));
    space.put(new Dimension("sparsity"), List.of("0", "0.9", "0.95"));
    space.put(new Dimension("output-sparsity"), List.of("0"));
    space.put(new Dimension("layer-sparsity"), List.of("0/0.5/0.9"));
    space.put(new Dimension("ramp"), List.of("0.5", "0.25"));
    space.put(new Dimension("temperature"), List.of("1", "4", "2.5"));
    space.put(new Dimension("temperature-end"), List.of("2"));
    space.put(new Dimension("alpha"), List.of("0", "1"));
    space.put(new Dimension("alpha-end"), List.of("0.5"));
    space.put(new Dimension("label-smoothing"), List.of("0", "0.1"));
    space.put(
        new Dimension("distillation"), List.of("decoupled", "squared-logits", "soft-targets"));
    space.put(new Dimension("logits"), List.of("raw", "standardized"));
    space.put(new Dimension("target-weight"), List.of("1"));
    space.put(new Dimension("other-weight"), List.of("2"));
    space.put(new Dimension("relation"), List.of("none", "distance", "angle", "similarity"));
    space.put(new Dimension("relation-weight"), List.of("5"));
    space.put(new Dimension("average"), List.of("none", "ema", "swa"));
    space.put(new Dimension("average-from"), List.of("0.5"));
    space.put(new Dimension("average-decay"), List.of("0.9"));
    space.put(new Dimension("adversarial"), List.of("none", "pgd", "trades"));
    space.put(new Dimension("adversarial-radius"), List.of("0.1"));
    space.put(new Dimension("adversarial-beta"), List.of("1"));
    space.put(new Dimension("learning-rate"), List.of("0.001"));
    space.put(new Dimension("quantizer"), List.of("uniform", "uniform-channel", "codebook"));
    space.put(new Dimension("bits"), List.of("2", "32"));
    space.put(new Dimension("group"), List.of("16", "32"));
    space.put(new Dimension("vector-dimension"), List.of("2", "8"));
    space.put(new Dimension("rate"), List.of("0.5"));
    space.put(new Dimension("rate-distortion"), List.of("0", "0.01"));
    space.put(new Dimension("rate-distortion-weight"), List.of("none", "fisher"));
    space.put(new Dimension("activation-bits"), List.of("32"));
    space.put(new Dimension("precision"), List.of("uniform8", "float8"));
    space.put(new Dimension("origin"), List.of("on", "off"));
    Training pruning = everything(2, 0.02);
    Training factorizing = everything(4, 0.03);
    Training activating = everything(4, 0.004);
    Training regularizing = everything(4, 0.006);
    Training quantizing = everything(1, 0.005);

    assertThat(load(EVERYTHING))
        .isEqualTo(
            new SweepSpec(
                "all",
                "file://" + folder.resolve("conf/out"),
                "s3a://bucket/store",
                7,
                -7,
                new Metric(Metric.Kind.F1, "3"),
                ThirdObjective.MULTIPLY_ADDS,
                new Execution(2, 90.5, "opencl"),
                new DataSettings(
                    "csv",
                    new DataSettings.Files("file://" + folder.resolve("sets/train.csv"), null),
                    null,
                    new DataSettings.Files("file://" + folder.resolve("sets/test.csv"), null),
                    new CsvLayout(CsvLayout.Header.PRESENT, -1, ';'),
                    new ExampleShape(2, 3, 4),
                    100,
                    9,
                    16f,
                    new TableSettings(
                        List.of("y"),
                        List.of("b", "a"),
                        List.of(),
                        List.of("a"),
                        List.of("b"),
                        TableSettings.Classes.NAMED,
                        new TableSettings.Missing(TableSettings.Missing.Kind.CONSTANT, -1.5f),
                        TableSettings.Scaling.STANDARD),
                    new Shares(0.25, 0),
                    DataSettings.ClassWeights.NONE,
                    Task.CLASSIFICATION),
                new TeacherSpec.Train(
                    new NamedArchitecture(NamedArchitecture.Name.MLP, List.of(128, 64)),
                    3,
                    32,
                    0.01,
                    Training.Decay.NONE,
                    1e-6,
                    1e-4,
                    0.1,
                    new Augmentation(2, 6),
                    TeacherSpec.TrainOn.SPARK),
                new SearchSettings(
                    new SearchSettings.Strategy("nsga-ii"),
                    7,
                    new Budgets(90.5, 40, 60.0),
                    8,
                    null,
                    List.of(),
                    1),
                space,
                List.of(
                    Map.of(
                        new Dimension("saliency"),
                        "fisher",
                        new Dimension("granularity"),
                        "4x4",
                        new Dimension("sparsity"),
                        "0.9"),
                    Map.of(new Dimension("layer-sparsity"), "0.5/0/0.1")),
                Map.of(
                    "small",
                    new ArchitectureSpec(
                        new NamedArchitecture(NamedArchitecture.Name.MLP, List.of(12, 8)),
                        null,
                        ArchitectureSpec.Weights.RANDOM),
                    "tiny",
                    new ArchitectureSpec(
                        null,
                        "file://" + folder.resolve("sets/tiny.onnx"),
                        ArchitectureSpec.Weights.RANDOM)),
                new StudentSpec(
                    StudentSpec.Order.QUANTIZE_PRUNE,
                    0.75,
                    new Start("tiny", 0.75, null, null, everything(6, 0.007)),
                    new Factorize(
                        Factorize.Method.NONE,
                        0.5,
                        List.of(0.1, 0.25, 1.0),
                        0.75,
                        0.35,
                        0.1,
                        Factorize.Split.SPATIAL,
                        Factorize.OutputLayer.FACTORIZE,
                        0.02,
                        77,
                        factorizing),
                    new Activate(Activate.Rule.TOP_K, 0.75, 0.3, activating),
                    new Regularize(Regularize.Penalty.GROUP_LASSO_UNITS, 0.5, 0.25, regularizing),
                    new Prune(
                        0.8,
                        0.3,
                        List.of(0.9, 0.8, 0.25),
                        Prune.Saliency.RANDOM,
                        Granularity.parse("2x3").orElseThrow(),
                        Prune.Scope.LAYER,
                        Prune.Schedule.ONE_SHOT,
                        0.5,
                        Prune.Initialization.TEACHER,
                        new Regrowth(7, 0.2),
                        new Calibration(99, 8, 0.5),
                        pruning),
                    new Quantize(
                        3,
                        Quantize.Quantizer.UNIFORM,
                        16,
                        8,
                        0.2,
                        0.02,
                        Quantize.Weight.FISHER,
                        null,
                        BatchNormalization.KEEP,
                        Encode.Origin.OFF,
                        quantizing),
                    new Encode(
                        Encode.Precision.FLOAT16,
                        Encode.NormalizationPrecision.FLOAT8,
                        BatchNormalization.KEEP,
                        Encode.Origin.OFF,
                        0.375)),
                List.of(new PublishedResult("a paper", 2840, 99.1)),
                Map.of()));
  }

  @Test
  void theFullMappingLeavesNoSettingOut() {
    TreeSet<String> covered = new TreeSet<>();
    ConfigFactory.parseString(EVERYTHING).entrySet().forEach(e -> covered.add(e.getKey()));

    assertThat(covered)
        .containsAll(SpecSource.reference().entrySet().stream().map(Map.Entry::getKey).toList());
    assertThat(covered).containsAll(Dimension.all().stream().map(d -> "space." + d.key()).toList());
  }

  @Test
  void architecturesHaveTheirUsualSizesUnlessTold() throws IOException {
    assertThat(architecture("resnet")).isEqualTo(NamedArchitecture.of(Name.RESNET));
    assertThat(architecture("lstm, widths = [32, 16]"))
        .isEqualTo(new NamedArchitecture(Name.LSTM, List.of(32, 16)));
    assertThat(architecture("attention, widths = [24, 48], blocks = 1, heads = 3, patch = 4"))
        .isEqualTo(
            new NamedArchitecture(
                Name.ATTENTION,
                List.of(24, 48),
                Map.of(Size.BLOCKS, 1, Size.HEADS, 3, Size.PATCH, 4)));
  }

  private NamedArchitecture architecture(String text) throws IOException {
    SweepSpec spec =
        load(
            LEAST.replace(
                "teacher.architecture = lenet-300-100", "teacher { architecture = " + text + " }"));
    assertThat(load(spec.render()).teacher()).isEqualTo(spec.teacher());
    return ((TeacherSpec.Train) spec.teacher()).architecture();
  }

  @Test
  void loadsATeacherFromAFile() throws IOException {
    assertThat(load(LEAST.replace("architecture = lenet-300-100", "model = teacher.zip")).teacher())
        .isEqualTo(
            new TeacherSpec.Load(
                "file://" + folder.resolve("conf/teacher.zip"), new Augmentation(0, 4)));
  }

  @Test
  void theCommandLineWinsOverTheFile() throws IOException {
    SweepSpec spec =
        load(
            EVERYTHING,
            "student.epochs=9",
            "space.bits=[5,6]",
            "student.epochs=11",
            "sweep.out=hdfs://name/out",
            "sweep.name = two words");

    assertThat(spec.student().prune().training().epochs()).isEqualTo(11);
    assertThat(spec.space()).contains(entry(new Dimension("bits"), List.of("5", "6")));
    assertThat(spec.out()).isEqualTo("hdfs://name/out");
    assertThat(spec.name()).isEqualTo("two words");
  }

  @Test
  void relativePathsOfTheCommandLineStartFromTheWorkingDirectory() throws IOException {
    String here = "file://" + Path.of("").toAbsolutePath();

    SweepSpec spec = load(EVERYTHING, "data-dir=elsewhere", "sweep.out=./results");

    assertThat(spec.data().train().features()).isEqualTo(here + "/elsewhere/train.csv");
    assertThat(spec.out()).isEqualTo(here + "/results");
  }

  @Test
  void relativePathsOfARemoteConfigurationStayInItsFolder() {
    assertThat(Locations.within(Locations.folderOf("hdfs://n:1/a/b.conf"), "../c"))
        .isEqualTo("hdfs://n:1/c");
    assertThat(Locations.within(Locations.folderOf("s3a://bucket/a/b.conf"), "c"))
        .isEqualTo("s3a://bucket/a/c");
    assertThat(Locations.within(Locations.folderOf("file:/a/b.conf"), "c")).isEqualTo("file:/a/c");
    assertThat(Locations.within(Locations.folderOf("hdfs:///a/b.conf"), "c"))
        .isEqualTo("hdfs:///a/c");
  }

  @Test
  void readsAConfigurationThroughHadoop() throws IOException {
    load(LEAST);

    SweepSpec spec = SweepSpec.load(folder.resolve("conf/my.conf").toUri().toString(), List.of());

    assertThat(spec.name()).isEqualTo("my");
    assertThat(spec.data().train().features()).endsWith(folder.resolve("conf/a").toString());
  }

  @Test
  void whatItRendersReadsBackToTheSame() throws IOException {
    for (String text :
        List.of(
            LEAST,
            EVERYTHING,
            """
            sweep.out = "file:///results"
            data { task = regression, format = csv, csv.header = true, columns.label = [y, z] }
            data { train.features = a, test.features = b }
            teacher.architecture = lenet-300-100
            """,
            LEAST.replace("architecture = lenet-300-100", "model = t.zip"))) {
      SweepSpec spec = load(text);

      assertThat(load(spec.render())).isEqualTo(spec);
      assertThat(load(spec.render()).render()).isEqualTo(spec.render());
    }
  }

  @Test
  void whatComesFromTheEnvironmentIsReadAndNotKept() throws IOException {
    String home = System.getenv("HOME");
    SweepSpec spec =
        load(
            LEAST
                + """
                data-dir = ${HOME}/sets
                sweep { name = "of "${HOME}, out = "s3a://bucket"${HOME}"/results", seed = ${?PARE_NONE} }
                data.train { features = ${data-dir}/x, labels = "in"${HOME} }
                data.test.labels = ${HOME}
                """);

    assertThat(spec.name()).isEqualTo("of " + home);
    assertThat(spec.out()).isEqualTo("s3a://bucket" + home + "/results");
    assertThat(spec.store()).isEqualTo(spec.out() + "/store");
    assertThat(spec.data().train().features()).isEqualTo(home + "/sets/x");
    assertThat(spec.data().train().labels())
        .isEqualTo("file://" + folder.resolve("conf") + "/in" + home);
    assertThat(spec.data().test().labels()).isEqualTo(home);
    assertThat(spec.render())
        .doesNotContain(home)
        .contains("out=\"s3a://bucket\"${HOME}\"/results\"")
        .contains("labels=${HOME}\n")
        .contains("name=\"of \"${HOME}\n");
    assertThat(load(spec.render())).isEqualTo(spec);
  }

  @Test
  void credentialsInPathsAreNotKeptAndMustBeGivenAgain() throws IOException {
    SweepSpec spec = load(LEAST + "sweep.out = \"s3a://AKIA:abc/def@bucket/results\"");
    assertThat(spec.out()).isEqualTo("s3a://AKIA:abc/def@bucket/results");
    assertThat(spec.render()).doesNotContain("AKIA").doesNotContain("abc").contains("***@bucket");

    Path kept = Files.writeString(folder.resolve("kept.conf"), spec.render());
    assertThatExceptionOfType(InvalidSpecException.class)
        .isThrownBy(() -> SweepSpec.load(kept.toString(), List.of()))
        .withMessageContaining("sweep.out = \"s3a://***@bucket/results\"")
        .withMessageContaining("its credentials were masked: set it again");
    assertThat(SweepSpec.load(kept.toString(), List.of("sweep.out=" + spec.out())).out())
        .isEqualTo(spec.out());
  }

  static Stream<Path> shippedConfigurations() throws IOException {
    return Files.list(Path.of(System.getProperty("pare.root"), "conf"))
        .filter(file -> file.toString().endsWith(".conf"))
        // Spark's own.
        .filter(file -> !file.getFileName().toString().startsWith("spark-"))
        .sorted();
  }

  @ParameterizedTest
  @MethodSource("shippedConfigurations")
  void everyShippedConfigurationIsValid(Path conf) {
    SweepSpec spec = SweepSpec.load(conf.toString(), List.of());

    assertThat(conf.getFileName()).hasToString(spec.name() + ".conf");
  }

  @Test
  void refusesWhatNoConfigurationCouldSay() throws IOException {
    SweepSpec spec = load(LEAST);

    for (List<String> values :
        List.of(List.<String>of(), List.of("3", "3"), List.of("3.0"), List.of("9"))) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  new SweepSpec(
                      spec.name(),
                      spec.out(),
                      spec.store(),
                      spec.keepRuns(),
                      spec.seed(),
                      spec.metric(),
                      spec.thirdObjective(),
                      spec.execution(),
                      spec.data(),
                      spec.teacher(),
                      spec.search(),
                      Map.of(new Dimension("bits"), values),
                      List.of(),
                      Map.of(),
                      spec.student(),
                      List.of(),
                      Map.of()));
    }
  }

  @Test
  void spellsValuesInOneWay() {
    assertThat(new Dimension("sparsity").spell(0.950)).isEqualTo("0.95");
    assertThat(new Dimension("temperature").spell(4.0)).isEqualTo("4");
    assertThat(new Dimension("bits").spell("3")).isEqualTo("3");
    assertThat(new Dimension("schedule").spell(Prune.Schedule.ONE_SHOT)).isEqualTo("one-shot");
    assertThat(new Dimension("learning-rate").spell("3E-4")).isEqualTo("0.0003");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Dimension("bits").spell(9))
        .withMessage("bits = 9: must be 1 to 8, or 32 for float");
  }
}
