package dev.pare.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpecProblemsTest {
  private static final String GOOD =
      """
      sweep.out = "file:///results"
      data.train { features = a, labels = b }
      data.test { features = c, labels = d }
      teacher.architecture = lenet-300-100
      """;

  @TempDir private Path folder;

  /** The problems of a configuration, with the file called {@code x.conf}. */
  private List<String> problems(String text, String... overrides) throws IOException {
    Path conf = Files.writeString(folder.resolve("x.conf"), text);
    InvalidSpecException thrown =
        catchThrowableOfType(
            InvalidSpecException.class, () -> SweepSpec.load(conf.toString(), List.of(overrides)));
    assertThat(thrown).as(text).isNotNull();
    assertThat(thrown.problems()).isNotEmpty();
    return thrown.problems().stream()
        .map(problem -> problem.toString().replace(folder + "/", ""))
        .toList();
  }

  @Test
  void onlyStrategiesThatLookAtLossHaveALimitOfIt() throws IOException {
    assertThat(problems(GOOD + "search { strategy = random, candidates = 5, max-loss = 0.1 }"))
        .containsExactly(
            "search.max-loss = 0.1 (x.conf:5): must be left out where search.strategy = random");
    assertThat(problems(GOOD + "search { strategy = motpe, candidates = 5, max-loss = 0 }"))
        .containsExactly("search.max-loss = 0 (x.conf:5): must be a number above 0");
    Path conf =
        Files.writeString(
            folder.resolve("good.conf"),
            GOOD + "search { strategy = random, candidates = 5, rungs = [0.1], max-loss = 2 }");
    assertThat(SweepSpec.load(conf.toString(), List.of()).search().maxLoss()).isEqualTo(2.0);
  }

  @Test
  void theSearchRepeatsOrTheSpaceDoes() throws IOException {
    assertThat(problems(GOOD + "search.repeats = 0"))
        .containsExactly("search.repeats = 0 (x.conf:5): must be a whole number, at least 1");
    assertThat(problems(GOOD + "search.repeats = 3\nspace.repeat = [0, 1]"))
        .containsExactly(
            "space.repeat = [0,1] (x.conf:6): must be left out where search.repeats says how often");
    assertThat(problems(GOOD + "student.repeat = -1"))
        .containsExactly("student.repeat = -1 (x.conf:5): must be a whole number, at least 0");
  }

  @Test
  void rungsRiseBelowAllEpochsWhichTheSpaceDoesNotVary() throws IOException {
    assertThat(problems(GOOD + "search.rungs = [0.3, 0.1, 0, 1]"))
        .containsExactly(
            "search.rungs[2] = 0 (x.conf:5): must be a number above 0 and below 1",
            "search.rungs[3] = 1 (x.conf:5): must be a number above 0 and below 1",
            "search.rungs[1] = 0.1 (x.conf:5): must be above the one before");
    assertThat(problems(GOOD + "search.rungs = [0.1]\nspace.epochs-share = [0.5, 1]"))
        .containsExactly(
            "space.epochs-share = [0.5,1] (x.conf:6): must be left out where search.rungs has the"
                + " shares of epochs");
    assertThat(problems(GOOD + "search.rungs = [0.1]\nstudent.epochs-share = 0.5"))
        .containsExactly(
            "student.epochs-share = 0.5 (x.conf:6): must be left out where search.rungs has the"
                + " shares of epochs");
    assertThat(problems(GOOD + "student.epochs-share = 0"))
        .containsExactly(
            "student.epochs-share = 0 (x.conf:5): must be a number above 0, at most 1");
  }

  @Test
  void aSearchNeedsItsBudgetAndTheGridHasNone() throws IOException {
    assertThat(problems(GOOD + "search.strategy = random"))
        .containsExactly(
            "search.strategy = \"random\" (x.conf:5): needs search.candidates, the number of"
                + " candidates to try, or search.budget, the seconds that their tasks may take,"
                + " search.epochs that they may train, or search.wall-time, the seconds until they"
                + " end");
    assertThat(problems(GOOD + "search.candidates = 5"))
        .containsExactly(
            "search.candidates = 5 (x.conf:5): must be left out where search.strategy = grid, which"
                + " tries all");
    assertThat(problems(GOOD + "search { strategy = grid, budget = 5 }"))
        .containsExactly(
            "search.budget = 5 (x.conf:5): must be left out where search.strategy = grid, which"
                + " tries all");
    assertThat(problems(GOOD + "search { strategy = random, epochs = 0, wall-time = -1 }"))
        .containsExactly(
            "search.epochs = 0 (x.conf:5): must be a whole number, at least 1",
            "search.wall-time = -1 (x.conf:5): must be a number above 0");
    assertThat(problems(GOOD + "search { strategy = random, candidates = 5, population = 8 }"))
        .containsExactly(
            "search.population = 8 (x.conf:5): must be left out where search.strategy = random and"
                + " there is none of search.budget, search.wall-time and search.rungs");
    assertThat(problems(GOOD + "search { strategy = nsga-ii, candidates = 0, population = 3 }"))
        .containsExactly(
            "search.candidates = 0 (x.conf:5): must be a whole number, at least 1",
            "search.population = 3 (x.conf:5): must be a whole number, at least 4");
  }

  @Test
  void aStrategyThatThereIsNotIsAnsweredWithThoseThatThereAre() throws IOException {
    assertThat(problems(GOOD + "search { strategy = magic, candidates = 5 }"))
        .containsExactly(
            "search.strategy = \"magic\" (x.conf:5): must be one of grid, random, halton, nsga-ii,"
                + " motpe, gaussian-process, toy");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "student.quantize.bits = 19 | must be 1 to 8, or 32 for float",
        "student.quantize.bits = 2.5 | must be 1 to 8, or 32 for float",
        "student.quantize.bits = [2] | must be 1 to 8, or 32 for float; lists of values belong in"
            + " space",
        "student.quantize.rate = -0.1 | must be a number from 0 to 1000000",
        "student.quantize.rate = 10000000 | must be a number from 0 to 1000000",
        "student.quantize.rate-distortion = -0.1 | must be a number from 0 to 1000000",
        "student.quantize.rate-distortion = 10000000 | must be a number from 0 to 1000000",
        "student.quantize.epochs = -1 | must be a whole number, at least 0",
        "student.epochs = \"many\" | must be a whole number, at least 0",
        "student.epochs = {\"a\":\"***\"} | must be a whole number, at least 0",
        "student.batch = 0 | must be a whole number, at least 1",
        "student.batch = 99999999999 | must be a whole number, at least 1",
        "student.learning-rate = 0 | must be a number above 0",
        "student.learning-rate = \"NaN\" | must be a number above 0",
        "student.alpha = 1.5 | must be a number from 0 to 1",
        "student.learning-rate = 1.0E39 | must be a number above 0",
        "student.learning-rate = 1.0E-50 | must be a number above 0",
        "student.temperature = 0.5 | must be a number from 1 to 1000",
        "student.temperature = 1.0E20 | must be a number from 1 to 1000",
        "student.l2 = -1 | must be a number from 0 to 1000000",
        "student.l2 = 1.0E30 | must be a number from 0 to 1000000",
        "teacher.l1 = 1.0E30 | must be a number from 0 to 1000000",
        "teacher.l2 = 1.0E30 | must be a number from 0 to 1000000",
        "student.decay = \"linear\" | must be one of none, cosine",
        "student.prune.sparsity = 1 | must be a number, at least 0 and below 1",
        "student.prune.output-sparsity = -0.1 | must be a number, at least 0 and below 1",
        "student.prune.saliency = \"taylor\" | must be one of magnitude, gradient, movement, fisher,"
            + " surgeon, reconstruction, activation, lamp, wanda, snip, random",
        "student.prune.granularity = \"4:4\" | must be weight, N:M as in 2:4, rows x columns of a"
            + " block as in 4x4, unit, head or layer",
        "student.activation.kind = \"relu\" | must be one of none, threshold, top-k, binary",
        "student.activation.threshold = -1 | must be a number, at least 0",
        "student.activation.threshold = 1.0E39 | must be a number, at least 0",
        "student.activation.top-k-share = 0 | must be a number above 0 and at most 1",
        "student.activation.top-k-share = 1.5 | must be a number above 0 and at most 1",
        "student.activation.epochs = -1 | must be a whole number, at least 0",
        "student.activation.learning-rate = 0 | must be a number above 0",
        "student.prune.layer-sparsity = [0.5,1] | must be a list of numbers, at least 0 and below 1",
        "student.prune.calibration = 0 | must be a whole number, at least 1",
        "student.prune.block = 513 | must be a whole number, 1 to 512",
        "student.prune.damping = 0 | must be a number above 0",
        "student.order = [\"prune\",\"encode\"] | must be one of prune-quantize, quantize-prune",
        "points = {} | must be a list of sections, as in [{ sparsity = 0.9, bits = 4 }]",
        "points = [] | must be a list of one section or more",
        "student.prune.scope = \"LAYER\" | must be one of layer, global, erdos-renyi-kernel,"
            + " sensitivity",
        "student.prune.schedule = \"oneshot\" | must be one of one-shot, gradual, iterative, rewind,"
            + " set, rigl, sparse-momentum",
        "student.prune.initialization = \"zero\" | must be one of teacher, random",
        "student.prune.update-interval = 0 | must be a whole number, at least 1",
        "student.prune.update-share = 1.1 | must be a number from 0 to 1",
        "student.regularize.penalty = \"l2\" | must be one of none, l1, group-lasso-units,"
            + " group-lasso-inputs, l0, variational-dropout",
        "student.regularize.strength = -1 | must be a number from 0 to 1000000",
        "student.regularize.strength = 1.0E30 | must be a number from 0 to 1000000",
        "student.regularize.ramp = 2 | must be a number from 0 to 1",
        "student.regularize.epochs = -1 | must be a whole number, at least 0",
        "student.regularize.learning-rate = 0 | must be a number above 0",
        "student.prune.ramp = 2 | must be a number from 0 to 1",
        "sweep.seed = 1.5 | must be a whole number of 64 bits",
        "sweep.name = \"\" | must be text",
        "data.format = \"png\" | must be one of idx, csv, numpy, parquet, images, text",
        "data.validation = 0 | must be a whole number, at least 1",
        "data.divisor = 0 | must be a number above 0",
        "data.shape = 784 | must be a list, as in [1]",
        "data.shape = [28,28] | must be channels, height and width, as in [1, 28, 28]",
        "data.shape = [65536,65536,1] | shape 65536×65536×1: more than 2³¹ − 1 values",
        "data.csv.header = 1 | must be true or false",
        "data.csv.separator = \"ab\" | must be one character that numbers do not use",
        "teacher.epochs = 0 | must be a whole number, at least 1",
        "teacher.label-smoothing = 1 | must be a number, at least 0 and below 1",
        "teacher.train-on = \"gpu\" | must be one of driver, spark",
        "teacher.augment.shift = -2 | must be a whole number, at least 0",
        "teacher.architecture = \"lenet\" | must be one of mlp, lenet-300-100, lenet-5, resnet, lstm,"
            + " attention",
        "space.bits = 4 | must be a list, as in [8]",
        "space.bits = [] | must be a list of one value or more",
        "student.adversarial.radius = 0 | must be a number above 0, at most 1",
        "student.adversarial.method = \"fgsm\" | must be one of none, pgd, trades",
        "student.evaluate.robust-radius = 2 | must be a number above 0, at most 1",
        "sweep.third-objective = \"robust-error\" | needs a student.evaluate.robust-radius",
        "student.prune = 0.9 | must be a section, as in student.prune { … }"
      })
  void namesKeyValuePlaceAndRange(String setting, String message) throws IOException {
    String[] parts = setting.split(" = ", 2);

    assertThat(problems(GOOD + setting))
        .containsExactly(parts[0] + " = " + parts[1] + " (x.conf:5): " + message);
  }

  @Test
  void neitherEnvironmentNorCredentialsAreShown() throws IOException {
    assertThat(
            problems(
                GOOD
                    + "student.epochs = \"of \"${HOME}, data.password = hunter2\n"
                    + "fs.s3a { access.key = AKIA, other = ${HOME} }\n"
                    + "points = [{ token = abc }]\n"
                    + "student.prune { word = hunter2, sparsity = {} }\n"
                    + "teacher.decay = \"https://me:hunter2@host/?user=x&sig=abc\"",
                "my.own=hunter2",
                "hunter2"))
        .containsExactlyInAnyOrder(
            "--set: must be key=value, as in student.epochs=5",
            "student.epochs = \"of ${HOME}\" (x.conf:5): must be a whole number, at least 0",
            "data.password (x.conf:5): is no setting; the nearest is data.class-weights",
            "fs.s3a (x.conf:6): is no setting; the nearest is data",
            "student.prune.word (x.conf:8): is no setting; the nearest is student.prune.block",
            "student.prune.sparsity = {} (x.conf:8): must be a number, at least 0 and below 1",
            "points[0].token (x.conf:7): is no dimension; the nearest is order",
            "teacher.decay = \"https://***@host/?user=x&sig=***\" (x.conf:9): must be one of none,"
                + " cosine",
            "my.own (--set): is no setting; the nearest is architectures");
  }

  @Test
  void architecturesOfStudentsAreNamedAndGoWithWhatElseIsAsked() throws IOException {
    String tiny = "architectures.tiny { architecture = mlp, widths = [8, 8] }\n";
    assertThat(problems(GOOD + "space.architecture = [teacher, small]"))
        .containsExactly(
            "space.architecture[1] = \"small\" (x.conf:5): must be one of teacher, as architectures"
                + " has them");
    assertThat(
            problems(GOOD + tiny + "student.architecture = tinny\npoints = [{ architecture = x }]"))
        .containsExactlyInAnyOrder(
            "student.architecture = \"tinny\" (x.conf:6): must be one of teacher, tiny, as"
                + " architectures has them",
            "points[0] = {\"architecture\":\"x\"} (x.conf:7): architecture = x: must be one of"
                + " teacher, tiny, as architectures has them");
    assertThat(problems(GOOD + "architectures.tiny { widths = [8], sizes = 3 }"))
        .containsExactlyInAnyOrder(
            "architectures.tiny.architecture (x.conf): must be set, to one of mlp, lenet-300-100,"
                + " lenet-5, resnet, lstm, attention, or architectures.tiny.model to a trained"
                + " network",
            "architectures.tiny.sizes (x.conf:5): is no setting; the nearest is"
                + " architectures.tiny.architecture");
    assertThat(
            problems(GOOD + "architectures { a { model = x, widths = [8] }, b = 5, teacher {} }"))
        .hasSize(3)
        .anyMatch(
            problem ->
                problem.startsWith("architectures.a.widths = [8] (x.conf:5): must be left out"))
        .anyMatch(
            problem -> problem.startsWith("architectures.b = 5 (x.conf:5): must be a section"))
        .anyMatch(problem -> problem.contains("teacher = {} (x.conf:5): is no name for one"));
    assertThat(
            problems(GOOD + tiny + "space.architecture = [tiny], student.prune.schedule = rewind"))
        .singleElement()
        .asString()
        .contains("schedule = rewind: needs architecture = teacher and width = 1");
    assertThat(problems(GOOD + "student { width = 0.5, prune.initialization = random }"))
        .singleElement()
        .asString()
        .contains("initialization = random: needs architecture = teacher and width = 1");
    assertThat(
            problems(
                GOOD
                    + "student { width = 0.5, start.epochs = 0, epochs = 0, quantize.epochs = 0,"
                    + " prune.schedule = one-shot }"))
        .singleElement()
        .asString()
        .contains("architecture = teacher, width = 0.5: needs start.epochs above 0");
    assertThat(
            problems(
                GOOD
                    + "architectures.own { model = x.onnx, weights = file }\n"
                    + "student.architecture = own, space.width = [1, 0.5]"))
        .singleElement()
        .asString()
        .contains("width = 0.5: needs architectures.own.weights = random");
    // By its own layers, not the teacher's.
    assertThat(
            problems(
                GOOD + tiny + "student { architecture = tiny, prune.layer-sparsity = [0, 0] }"))
        .singleElement()
        .asString()
        .contains("layer-sparsity");
  }

  @Test
  void whatIsNestedTooDeeplyIsAProblem() throws IOException {
    for (String nested : List.of("x = " + "[".repeat(20_000), "x {".repeat(20_000))) {
      assertThat(problems(GOOD + nested))
          .containsExactly("x.conf: is nested too deeply to be read");
      assertThat(problems(GOOD, "{x=1," + nested + "}"))
          .containsExactly("x.conf: is nested too deeply to be read");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "url(\"http://127.0.0.1:1/x.conf\")",
        "required(url(\"file:///etc/hostname\"))",
        "\"http://127.0.0.1:1/x.conf\"",
        "\"HTTPS://127.0.0.1:1/x.conf\"",
        "\"webhdfs://127.0.0.1:1/x.conf\"",
        "\"har://http-127.0.0.1:1/a.har/x.conf\"",
        "\"sftp://127.0.0.1:1/x.conf\""
      })
  void nothingIsIncludedFromTheWeb(String include) throws IOException {
    assertThat(problems(GOOD + "\ninclude " + include))
        .singleElement()
        .asString()
        .startsWith("x.conf: includes ")
        .endsWith("configurations are not read from the web");
  }

  @Test
  void boundsOfSettingsHoldForDimensionsToo() throws IOException {
    assertThat(
            problems(
                GOOD
                    + "space { temperature = [4, 1e20], strength = [1e30], rate-distortion = [1e7] }"
                    + ", points = [{ temperature = 1001 }, { threshold = 1e39 }]"))
        .containsExactlyInAnyOrder(
            "space.temperature[1] = 1.0E20 (x.conf:5): must be a number from 1 to 1000",
            "space.strength[0] = 1.0E30 (x.conf:5): must be a number from 0 to 1000000",
            "space.rate-distortion[0] = 10000000 (x.conf:5): must be a number from 0 to 1000000",
            "points[0].temperature = 1001 (x.conf:5): must be a number from 1 to 1000",
            "points[1].threshold = 1.0E39 (x.conf:5): must be a number, at least 0");
  }

  @Test
  void namesEveryBadElementOfAListAndItsLine() throws IOException {
    assertThat(problems(GOOD + "space.bits = [2,\n 9,\n two,\n 2,\n [3]]"))
        .containsExactly(
            "space.bits[1] = 9 (x.conf:6): must be 1 to 8, or 32 for float",
            "space.bits[2] = \"two\" (x.conf:7): must be 1 to 8, or 32 for float",
            "space.bits[4] = [3] (x.conf:9): must be 1 to 8, or 32 for float; lists of values"
                + " belong in space",
            "space.bits[3] = 2 (x.conf:8): stands in the list already");
  }

  @Test
  void namesEveryBadValueOfAPointAndItsLine() throws IOException {
    assertThat(
            problems(
                GOOD
                    + "points = [\n { sparsity = 2, bits = 7 },\n { sparsty = 0.5 },\n 7,\n"
                    + " { bits = 3 },\n { bits = \"3\" }, { layer-sparsity = [0.5, 0, x] } ]"))
        .containsExactlyInAnyOrder(
            "points[0].sparsity = 2 (x.conf:6): must be a number, at least 0 and below 1",
            "points[1].sparsty (x.conf:7): is no dimension; the nearest is sparsity",
            "points[2] = 7 (x.conf:8): must be a section, as in { sparsity = 0.9, bits = 4 }",
            "points[4] = {\"bits\":\"3\"} (x.conf:10): stands in the list already",
            "points[5].layer-sparsity = [0.5,0,\"x\"] (x.conf:10): must be a list of numbers, at"
                + " least 0 and below 1");
  }

  @Test
  void namesEveryBadValueOfAPublishedResult() throws IOException {
    assertThat(
            problems(
                GOOD
                    + "published = [\n { name = a, bytes = 0, value = 101 },\n"
                    + " { name = a, bytes = 1 },\n { nam = a, bytes = 1, value = 1 }, 7 ]"))
        .containsExactlyInAnyOrder(
            "published[0].bytes = 0 (x.conf:6): must be a whole number, at least 1",
            "published[0].value = 101 (x.conf:6): must be a number from 0 to 100",
            "published[1] = {\"bytes\":1,\"name\":\"a\"} (x.conf:7): must have name, bytes and value",
            "published[2] = {\"bytes\":1,\"nam\":\"***\",\"value\":1} (x.conf:8): must have name, bytes"
                + " and value",
            "published[2].nam (x.conf:8): is no setting; the nearest is name",
            "published[3] = 7 (x.conf:8): must be a section, as in { name = \"a paper\", bytes ="
                + " 2840, value = 1.0 }");
  }

  @Test
  void combinationsThatMakeNoSenseAreProblemsWhereTheyComeFrom() throws IOException {
    assertThat(problems(GOOD + "student.prune.saliency = activation"))
        .singleElement()
        .asString()
        .startsWith("student.prune = {")
        .endsWith("saliency = activation: needs granularity = unit");
    assertThat(
            problems(
                GOOD
                    + "space { saliency = [magnitude, activation], granularity = [weight, unit] }"))
        .containsExactly(
            "space = {\"granularity\":[\"weight\",\"unit\"],\"saliency\":[\"magnitude\",\"activation\"]}"
                + " (x.conf:5): saliency = activation: needs granularity = unit; combinations of"
                + " one's own belong in points");
    assertThat(
            problems(
                GOOD
                    + "points = [ { saliency = activation, granularity = unit },\n"
                    + " { saliency = movement, schedule = one-shot },\n"
                    + " { layer-sparsity = [0.9, 0.5] },\n"
                    + " { order = quantize-prune } ]"))
        .containsExactly(
            "points[1] = {\"saliency\":\"movement\",\"schedule\":\"one-shot\"} (x.conf:6): saliency ="
                + " movement: needs schedule = gradual and epochs above 0",
            "points[2] = {\"layer-sparsity\":[0.9,0.5]} (x.conf:7): layer-sparsity = [0.9, 0.5]: has"
                + " 2 shares, the network 3 layers with weights",
            "points[3] = {\"order\":\"quantize-prune\"} (x.conf:8): order = quantize-prune: needs"
                + " schedule = one-shot, as nothing is trained then");
    assertThat(
            problems(
                GOOD.replace("architecture = lenet-300-100", "model = x.zip")
                    + "student.prune.schedule = rewind"))
        .singleElement()
        .asString()
        .endsWith("schedule = rewind: needs a teacher that Pare trains from its beginning");
  }

  @Test
  void bitsInTheLossNeedEpochs() throws IOException {
    String problem = "quantizer = entropy-penalized: needs quantize.epochs above 0";
    assertThat(problems(GOOD + "student.quantize { quantizer = entropy-penalized, epochs = 0 }"))
        .singleElement()
        .asString()
        .endsWith(problem);
    assertThat(
            problems(
                GOOD
                    + "student.quantize.epochs = 0\n"
                    + "space { quantizer = [codebook, entropy-penalized], bits = [2, 32] }"))
        .singleElement()
        .asString()
        .startsWith("space = ")
        .endsWith(problem + "; combinations of one's own belong in points");
  }

  @Test
  void factorsThatMakeNoSenseAreProblemsWhereTheyComeFrom() throws IOException {
    assertThat(problems(GOOD + "student.factorize { method = threshold, sparse-residual = 0.1 }"))
        .singleElement()
        .asString()
        .startsWith("student.factorize = {")
        .endsWith("sparse-residual: needs factorize = svd");
    assertThat(problems(GOOD + "space { factorize = [none, svd], split = [channel, spatial] }"))
        .singleElement()
        .asString()
        .startsWith("space = {")
        .contains(
            "split = spatial: the network has no convolution higher and wider than one place");
    String points =
        """
        points = [
          { factorize = svd, schedule = rewind }
          { factorize = svd, layer-sparsity = [0.9, 0.5, 0.5] }
          { factorize = svd, granularity = unit, schedule = iterative }
          { factorize = svd, sparse-residual = 0.1, granularity = unit }
          { factorize = svd, sparse-residual = 0.1, saliency = reconstruction }
          { factorize = svd, sparse-residual = 0.1, quantizer = product }
          { factorize = svd, sparse-residual = 0.1, split = spatial }
          { factorize = als, split = spatial }
          { factorize = svd, layer-rank = [0.2, 1] }
          { factorize = threshold, rank-budget = 0.2 }
          { factorize = svd, saliency = activation, granularity = unit }
          { factorize = svd, granularity = unit }
        ]
        """;
    assertThat(problems(GOOD.replace("lenet-300-100", "lenet-5") + points))
        .extracting(problem -> problem.substring(problem.indexOf("): ") + 3))
        .containsExactly(
            "schedule = rewind: factors have no initial weights; needs factorize = none",
            "layer-sparsity: factorize changes how many layers there are; leave it out",
            "granularity = unit: with factorize, schedule = iterative is not supported; needs"
                + " factorize = none",
            "granularity = unit: needs sparse-residual = 0, as its layers have no units",
            "saliency = reconstruction: needs sparse-residual = 0",
            "quantizer = product: needs sparse-residual = 0, whose zeros would not stay zero",
            "sparse-residual: needs split = channel, as the two layers of the other have none",
            "factorize = als: needs split = channel; of the other, what the first layer's weights"
                + " are multiplied by is not what the whole's are",
            "layer-rank = [0.2, 1.0]: has 2 shares, the network 4 tensors of weights",
            "rank-budget: needs factorize = svd or als",
            "saliency = activation: needs factorize = none, as the first of two factors has no"
                + " ReLU");
  }

  @Test
  void sparseTrainingAndWhatUndoesItOrCannotBeDoneAreProblems() throws IOException {
    List<String> points =
        List.of(
            "schedule = rigl, granularity = 2x2 | schedule = rigl: needs granularity = weight",
            "schedule = set, saliency = fisher | schedule = set: drops by saliency = magnitude",
            "initialization = random, schedule = rewind | schedule = rewind: needs initialization = teacher",
            "initialization = random, scope = sensitivity | scope = sensitivity: needs initialization = teacher,",
            "initialization = random, order = quantize-prune, schedule = one-shot | order = quantize-prune:"
                + " needs initialization = teacher,",
            "penalty = l1, initialization = random | penalty = l1: needs initialization = teacher,",
            "penalty = l1, schedule = sparse-momentum | penalty = l1: needs a schedule in which"
                + " zeros stay");
    for (String line : points) {
      String[] parts = line.split(" \\| ");
      assertThat(problems(GOOD + "points = [ { " + parts[0] + " } ]"))
          .as(line)
          .singleElement()
          .asString()
          .startsWith("points[0] = ")
          .contains("(x.conf:5): " + parts[1]);
    }
    assertThat(problems(GOOD + "student { epochs = 0, prune.schedule = set }"))
        .singleElement()
        .asString()
        .contains("schedule = set: needs epochs above 0, to prune and regrow weights in");
    assertThat(problems(GOOD + "student { epochs = 0, prune.initialization = random }"))
        .singleElement()
        .asString()
        .contains("initialization = random: needs epochs above 0");
    assertThat(problems(GOOD + "student.regularize { epochs = 0, penalty = l1 }"))
        .singleElement()
        .asString()
        .contains("penalty = l1: needs regularize.epochs above 0");
    assertThat(
            problems(
                GOOD.replace("lenet-300-100", "mlp\nteacher.widths = []")
                    + "points = [ { penalty = l1 }, { penalty = group-lasso-units } ]"))
        .singleElement()
        .asString()
        .contains(
            "points[1]",
            "penalty = group-lasso-units: the network has no weights that it applies to");
  }

  @Test
  void valuesThatAreSpelledDifferentlyAreStillTheSame() throws IOException {
    assertThat(problems(GOOD + "space.sparsity = [0.9, 0.90]"))
        .containsExactly("space.sparsity[1] = 0.9 (x.conf:5): stands in the list already");
  }

  @Test
  void reportsWhatIsMissing() throws IOException {
    assertThat(problems("").stream().map(line -> line.replaceFirst(": .*", "")))
        .containsExactly(
            "sweep.out (x.conf)",
            "data.train.features (x.conf)",
            "data.train.labels (x.conf)",
            "data.test.features (x.conf)",
            "data.test.labels (x.conf)",
            "teacher.architecture (x.conf)");
    assertThat(problems(""))
        .contains(
            "sweep.out (x.conf): must be set, to a path",
            "teacher.architecture (x.conf): must be set, to one of mlp, lenet-300-100, lenet-5,"
                + " resnet, lstm, attention, or teacher.model to a trained network");
  }

  @ParameterizedTest
  @CsvSource({
    "student.epoch, student.epochs",
    "quantize.bits, student.quantize.bits",
    "student.sparsity, student.prune.sparsity",
    "space.sparsities, space.sparsity",
    "sweep.output, sweep.out",
    "data.train.feature, data.train.features",
    "teacher.lr, teacher.learning-rate",
    "data.standardize, data.scaling",
    "data.normalise, data.scaling",
    "data.delimiter, data.csv.separator",
    "data.csv.sep, data.csv.separator",
    "data.columns.target, data.columns.label",
    "teacher.weight-decay, teacher.l2"
  })
  void unknownKeysNameTheNearestOne(String key, String nearest) throws IOException {
    assertThat(problems(GOOD + key + " = 3"))
        .containsExactly(key + " (x.conf:5): is no setting; the nearest is " + nearest);
  }

  @Test
  void anUnknownSectionIsOneProblem() throws IOException {
    assertThat(problems(GOOD + "studnet { epochs = 3, batch = 4 }"))
        .singleElement()
        .asString()
        .isEqualTo("studnet (x.conf:5): is no setting; the nearest is student");
  }

  @Test
  void aTeacherHasOneOrigin() throws IOException {
    assertThat(problems(GOOD + "teacher.model = x.zip"))
        .containsExactly(
            "teacher.model = \"x.zip\" (x.conf:5): must be left out where teacher.architecture is"
                + " set");
  }

  @Test
  void warnsOfSettingsThatOnlyTrainATeacherThatIsRead() throws IOException {
    String loaded = GOOD.replaceAll("teacher.architecture = .*", "teacher.model = x.onnx");
    assertThat(warnings(loaded)).isEmpty();
    assertThat(warnings(loaded + "teacher { epochs = 3, augment.shift = 1 }\nteacher.heads = 4"))
        .satisfiesExactly(
            first ->
                assertThat(first)
                    .matches(
                        "teacher.epochs \\(.*x.conf:5\\): has no effect, as teacher.model is not"
                            + " trained"),
            second -> assertThat(second).startsWith("teacher.heads ").contains("x.conf:6"));
    assertThat(warnings(GOOD + "teacher.epochs = 3")).isEmpty();
  }

  private List<String> warnings(String text) throws IOException {
    List<String> warnings = new ArrayList<>();
    Appender taken =
        new AbstractAppender("taken", null, null, false, Property.EMPTY_ARRAY) {
          @Override
          public void append(LogEvent event) {
            warnings.add(event.getMessage().getFormattedMessage());
          }
        };
    taken.start();
    Logger logger = (Logger) LogManager.getLogger(TeacherReader.class);
    logger.addAppender(taken);
    try {
      SweepSpec.load(Files.writeString(folder.resolve("x.conf"), text).toString(), List.of());
    } finally {
      logger.removeAppender(taken);
    }
    return warnings;
  }

  @Test
  void widthsMustSuitTheArchitecture() throws IOException {
    assertThat(problems(GOOD + "teacher.widths = [5]"))
        .containsExactly(
            "teacher.widths = [5] (x.conf:5): must be left out: this architecture's widths are"
                + " fixed");
    assertThat(problems(GOOD + "teacher.architecture = mlp"))
        .containsExactly("teacher.widths (x.conf): must be set for an mlp, as in [128, 128]");
    assertThat(problems(GOOD + "teacher { architecture = mlp, widths = [128, 0] }"))
        .containsExactly("teacher.widths[1] = 0 (x.conf:5): must be a whole number, at least 1");
    assertThat(problems(GOOD + "teacher { architecture = resnet, widths = [8, 4] }"))
        .containsExactly("teacher.widths = [8,4] (x.conf:5): must not fall from one to the next");
    assertThat(problems(GOOD + "teacher { architecture = lstm, widths = [] }"))
        .containsExactly("teacher.widths = [] (x.conf:5): must be a list of 1 to 16 whole numbers");
    assertThat(problems(GOOD + "teacher { architecture = attention, widths = [20, 9], heads = 3 }"))
        .containsExactly(
            "teacher.widths = [20,9] (x.conf:5): the first must be a multiple of heads, 3");
  }

  @Test
  void sizesMustSuitTheArchitecture() throws IOException {
    assertThat(problems(GOOD + "teacher { architecture = attention, heads = 7 }"))
        .containsExactly("teacher.heads = 7 (x.conf:5): must divide the first of widths, 64");
    assertThat(problems(GOOD + "teacher { architecture = attention, patch = 0 }"))
        .containsExactly("teacher.patch = 0 (x.conf:5): must be a whole number, at least 1");
    assertThat(problems(GOOD + "teacher { architecture = lstm, blocks = 2 }"))
        .containsExactly("teacher.blocks = 2 (x.conf:5): must be left out: lstm has no such size");
    assertThat(problems(GOOD + "teacher { architecture = resnet, train-on = spark }"))
        .containsExactly(
            "teacher.train-on = \"spark\" (x.conf:5): must be driver for this architecture");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lenet-300-100 | granularity = head, schedule = one-shot | granularity = head: the network"
            + " has no self-attention",
        "lenet-300-100 | granularity = layer, schedule = one-shot | granularity = layer: the network"
            + " has no shortcuts, without which no layer can go",
        "resnet | granularity = layer | granularity = layer: needs schedule = one-shot or iterative",
        "resnet | granularity = layer, schedule = rewind | granularity = layer: needs schedule ="
            + " one-shot or iterative",
        "resnet | granularity = layer, schedule = one-shot, scope = layer | granularity = layer:"
            + " needs scope = global",
        "resnet | granularity = layer, schedule = one-shot, saliency = fisher | granularity = layer:"
            + " layers go by what the loss rises without them; leave saliency at magnitude, or set"
            + " it to random",
        "attention | granularity = head, saliency = surgeon, schedule = one-shot | granularity ="
            + " head: saliency = surgeon is for weights and blocks",
        "attention | granularity = head, output-sparsity = 0.5 | granularity = head:"
            + " output-sparsity and layer-sparsity must be left out, only sparsity counts",
        "attention | granularity = head, scope = erdos-renyi-kernel | scope = erdos-renyi-kernel: is"
            + " for weights and blocks, not heads",
        "attention | granularity = head, saliency = activation | saliency = activation: needs"
            + " granularity = unit",
        "attention | granularity = head, schedule = one-shot, order = quantize-prune | order ="
            + " quantize-prune: heads and layers can only go before quantization",
        "lenet-5 | activation = top-k, granularity = unit | activation = top-k: units that a"
            + " gradual schedule prunes would go on competing with the others; granularity = unit"
            + " needs schedule = one-shot there",
        "lstm | activation = binary | activation: the network has no ReLU in whose place another"
            + " could be"
      })
  void headsLayersAndActivationsMustSuitTheNetworkAndTheOtherSettings(
      String architecture, String point, String message) throws IOException {
    assertThat(
            problems(
                GOOD.replace("architecture = lenet-300-100", "architecture = " + architecture)
                    + "points = [{ "
                    + point
                    + " }]"))
        .singleElement()
        .asString()
        .contains("points[0]")
        .endsWith("(x.conf:5): " + message);
  }

  @Test
  void csvHasItsLabelsInAColumn() throws IOException {
    assertThat(problems(GOOD + "data.format = csv"))
        .containsExactly(
            "data.train.labels = \"b\" (x.conf:2): must be left out: data.csv.label-column is"
                + " where the labels are",
            "data.test.labels = \"d\" (x.conf:3): must be left out: data.csv.label-column is where"
                + " the labels are");
  }

  @Test
  void sharesOfTheTrainingDataTakeThePlaceOfFiles() throws IOException {
    assertThat(problems(GOOD + "data.test-share = 0.5, data.validation-share = 0.5"))
        .containsExactly(
            "data.test.features = \"c\" (x.conf:3): must be left out where data.test-share is set",
            "data.test.labels = \"d\" (x.conf:3): must be left out where data.test-share is set",
            "data.validation-share = 0.5 (x.conf:5): must be below 1 together with"
                + " data.test-share");
  }

  @Test
  void filesOfValidationExamplesTakeThePlaceOfTheirNumber() throws IOException {
    assertThat(
            problems(
                GOOD + "data.validation { features = v, label = w }, data.validation-share = 0.5"))
        .containsExactly(
            "data.validation-share = 0.5 (x.conf:5): must be left out where data.validation names"
                + " files",
            "data.validation.labels (x.conf): must be set, to a path",
            "data.validation.label (x.conf:5): is no setting; the nearest is data.validation.labels");
  }

  @Test
  void whatColumnsAreIsForTables() throws IOException {
    assertThat(problems(GOOD + "data.columns.label = y, data.missing = 0, data.scaling = standard"))
        .containsExactly(
            "data.columns.label = \"y\" (x.conf:5): must be left out: data.format = idx has no"
                + " columns",
            "data.missing = 0 (x.conf:5): must be left out: data.format = idx has no columns",
            "data.scaling = \"standard\" (x.conf:5): must be left out: data.format = idx has no"
                + " columns");
  }

  @Test
  void aClassIsInOneColumn() throws IOException {
    String table =
        GOOD.replace(", labels = b", "").replace(", labels = d", "")
            + "data.format = csv, data.csv.header = true, data.columns.label = [y, z]";
    assertThat(problems(table))
        .containsExactly(
            "data.columns.label = [\"y\",\"z\"] (x.conf:5): must be one column, as data.task ="
                + " classification");
  }

  @Test
  void workersOfSparkWeighNoClasses() throws IOException {
    assertThat(problems(GOOD + "data.class-weights = balanced, teacher.train-on = spark"))
        .containsExactly(
            "teacher.train-on = \"spark\" (x.conf:5): must be driver where data.class-weights are"
                + " balanced");
  }

  @Test
  void columnsHaveOneUseEach() throws IOException {
    assertThat(
            problems(
                GOOD.replace(", labels = b", "").replace(", labels = d", "")
                    + "data.format = csv, data.columns { label = a, ignore = [a] }, data.missing = most,"
                    + " data.scaling = 1"))
        .containsExactly(
            "data.missing = \"most\" (x.conf:5): must be refused, mean, median or a number",
            "data.scaling = 1 (x.conf:5): must be one of none, standard",
            "data.columns = {\"ignore\":[\"a\"],\"label\":\"a\"} (x.conf:5): data.columns.ignore:"
                + " a is the label's column");
  }

  @Test
  void boundsTheNumberOfCandidates() throws IOException {
    StringBuilder values = new StringBuilder("1");
    for (int i = 2; i <= 4000; i++) {
      values.append(", ").append(i);
    }

    assertThat(
            problems(
                GOOD + "space { strength = [" + values + "], learning-rate = [" + values + "] }"))
        .singleElement()
        .asString()
        .endsWith("has more than 10000000 combinations");
  }

  @Test
  void reportsEverythingAtOnce() throws IOException {
    assertThat(
            problems(
                "sweep.seed = x\nstudent.epochs = -1\nstudnet = 1\nspace.bits = [77]",
                "student.alpha=7",
                "nonsense",
                "teacher.architectur=lenet-5",
                "student.batch=}"))
        .hasSize(14)
        .contains(
            "--set: must be key=value, as in student.epochs=5",
            "sweep.seed = \"x\" (x.conf:1): must be a whole number of 64 bits",
            "student.epochs = -1 (x.conf:2): must be a whole number, at least 0",
            "student.alpha = 7 (--set): must be a number from 0 to 1",
            "space.bits[0] = 77 (x.conf:4): must be 1 to 8, or 32 for float",
            "teacher.architectur (--set): is no setting; the nearest is" + " teacher.architecture")
        .anyMatch(line -> line.startsWith("student.batch = \"}\" (--set): "))
        .anyMatch(line -> line.startsWith("studnet (x.conf:3): is no setting; the nearest is "));
  }

  @Test
  void syntaxErrorsNameFileAndLine() throws IOException {
    assertThat(problems("sweep {\n  out = \"x\n}"))
        .singleElement()
        .asString()
        .startsWith("x.conf:2: ");
  }

  @Test
  void unresolvedSubstitutionsNameFileAndLine() throws IOException {
    assertThat(problems(GOOD + "\nsweep.store = ${nowhere}/store"))
        .singleElement()
        .asString()
        .startsWith("x.conf:6: ")
        .contains("${nowhere}");
  }

  @Test
  void aMissingFileIsAProblemToo() {
    InvalidSpecException thrown =
        catchThrowableOfType(
            InvalidSpecException.class, () -> SweepSpec.load("no/such.conf", List.of()));

    assertThat(thrown).hasMessage("no/such.conf: there is no such file");
  }

  @Test
  void aBadValueMadeByASubstitutionIsPlacedAtAllItsParts() throws IOException {
    assertThat(problems(GOOD + "data-dir = 7\nstudent.epochs = many${data-dir}"))
        .containsExactly(
            "student.epochs = \"many7\" (x.conf:5-6): must be a whole number, at least 0");
  }
}
