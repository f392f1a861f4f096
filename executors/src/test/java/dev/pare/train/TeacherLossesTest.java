package dev.pare.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pare.candidate.Distillation;
import dev.pare.candidate.Distillation.Logits;
import dev.pare.candidate.Distillation.Loss;
import dev.pare.data.Examples;
import dev.pare.data.MemoryExamples;
import dev.pare.data.TestSeed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a teacher makes of a loss, against what src/test/python/save_distillation_losses.py has
 * computed in PyTorch, and against central differences.
 */
class TeacherLossesTest {
  private static final int CLASSES = 5;
  private static final Map<String, double[]> PYTORCH = new LinkedHashMap<>();

  private final SplittableRandom random = TestSeed.random();

  @BeforeAll
  static void read() throws IOException {
    try (InputStream in = TeacherLossesTest.class.getResourceAsStream("distillation-losses.txt")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      for (String line : text.split("\n")) {
        String[] words = line.split(" ");
        PYTORCH.put(
            words[0], Arrays.stream(words).skip(1).mapToDouble(Double::parseDouble).toArray());
      }
    }
  }

  private static double[] of(String name) {
    return Objects.requireNonNull(PYTORCH.get(name), name);
  }

  private static float[] floats(String name) {
    double[] numbers = of(name);
    float[] narrow = new float[numbers.length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (float) numbers[i];
    }
    return narrow;
  }

  private static Examples examples() {
    int[] labels = Arrays.stream(of("labels")).mapToInt(label -> (int) label).toArray();
    return MemoryExamples.of(new float[labels.length], 1, labels, CLASSES);
  }

  private static Distillation settings(Loss loss, Logits logits, double target, double others) {
    return new Distillation(
        0, loss, logits, target, others, null, null, Distillation.Relation.NONE, null);
  }

  private static Distillation related(Distillation.Relation relation) {
    return new Distillation(0, Loss.SOFT_TARGETS, Logits.RAW, 1, 8, null, null, relation, null);
  }

  private static Distillation scheduled(double smoothing, Double temperature, Double alpha) {
    return new Distillation(
        smoothing,
        Loss.SOFT_TARGETS,
        Logits.RAW,
        1,
        8,
        temperature,
        alpha,
        Distillation.Relation.NONE,
        null);
  }

  private static void isPytorchs(String name, BatchLoss loss) {
    float[] logits = floats("logits");
    float[] gradient = new float[logits.length];
    int batch = logits.length / CLASSES;
    double value = loss.on(IntStream.range(0, batch).toArray()).gradient(logits, batch, gradient);
    double[] expected = of(name);
    double tolerance = 2e-5 * Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    assertThat(value).as(name).isCloseTo(expected[0], within(tolerance));
    for (int i = 0; i < gradient.length; i++) {
      assertThat((double) gradient[i])
          .as("%s, logit %d", name, i)
          .isCloseTo(expected[i + 1], within(tolerance));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "decoupled, DECOUPLED, RAW, 2, 1, 8",
    "decoupled-target, DECOUPLED, RAW, 4, 3, 0",
    "squared-logits, SQUARED_LOGITS, RAW, 1, 1, 8",
    "standardized, SOFT_TARGETS, STANDARDIZED, 2, 1, 8",
    "standardized-decoupled, DECOUPLED, STANDARDIZED, 2, 1, 8",
    "standardized-squared, SQUARED_LOGITS, STANDARDIZED, 1, 1, 8"
  })
  void theTeachersPartIsPytorchs(
      String name, Loss loss, Logits logits, double temperature, double target, double others) {
    Distillation settings = settings(loss, logits, target, others);
    BatchLoss all =
        DistillationLoss.ofTeacher(examples(), floats("teacher"), temperature, 1, settings);
    isPytorchs(name, all);
    assertThat(all.terms()).as("kernels for %s", name).isEmpty();
  }

  @Test
  void smoothedLabelsArePytorchs() {
    isPytorchs("smoothed-labels", DistillationLoss.ofLabels(examples(), 0.2));
    BatchLoss both =
        DistillationLoss.ofTeacher(
            examples(), floats("teacher"), 4, 0.7, scheduled(0.1, null, null));
    isPytorchs("soft-targets", both);
    assertThat(both.terms().orElseThrow().smoothing()).isCloseTo(0.1, within(1e-7));
  }

  /** From T = 6 to 2 and α = 1 to 0.4, T = 4 and α = 0.7 are half way. */
  @Test
  void temperatureAndAlphaGoEvenlyToTheirEnds() {
    BatchLoss both =
        DistillationLoss.ofTeacher(examples(), floats("teacher"), 6, 1, scheduled(0.1, 2.0, 0.4));
    both.setProgress(0.5);
    isPytorchs("soft-targets", both);
    assertThat(both.terms()).isEmpty();
    BatchLoss cooled =
        DistillationLoss.ofTeacher(
            examples(), floats("teacher"), 8, 0.7, scheduled(0.1, 4.0, null));
    cooled.setProgress(0);
    cooled.setProgress(1);
    isPytorchs("soft-targets", cooled);
    BatchLoss faded =
        DistillationLoss.ofTeacher(
            examples(), floats("teacher"), 3, 0.5, scheduled(0.2, null, 0.0));
    faded.setProgress(1);
    isPytorchs("smoothed-labels", faded);
  }

  @Test
  void theSquaredErrorsAlphaGoesEvenlyToItsEnd() {
    Examples targets = MemoryExamples.ofTargets(new float[] {1, 2}, 1);
    BatchLoss loss = SquaredLoss.ofTeacher(targets, new float[] {4, 4}, 1, 0.5);
    loss.setProgress(0.5);
    float[] gradient = new float[2];
    double value = loss.on(new int[] {0, 1}).gradient(new float[2], 2, gradient);
    assertThat(value).isEqualTo(((0.25 * 1 + 0.75 * 16) + (0.25 * 4 + 0.75 * 16)) / 2);
    assertThat(gradient).containsExactly(-3.25f, -3.5f);
    assertThat(loss.terms()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void relationsArePytorchs(Distillation.Relation relation) {
    BatchLoss own = DistillationLoss.ofLabels(examples(), 0);
    isPytorchs(
        relation.name().toLowerCase(Locale.ROOT),
        new RelationLoss(own, related(relation), floats("teacher"), CLASSES));
  }

  @Test
  void noRelationIsNoLoss() {
    BatchLoss own = DistillationLoss.ofLabels(examples(), 0);
    assertThatThrownBy(() -> new RelationLoss(own, Distillation.USUAL, floats("teacher"), CLASSES))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no relation");
  }

  private float[] draw(int count, double range) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) (range * (2 * random.nextDouble() - 1));
    }
    return numbers;
  }

  /** The gradient is the derivative of the value, for batches that are more than one group. */
  @ParameterizedTest
  @ValueSource(ints = {3, 40, 67})
  void gradientsAreDerivatives(int batch) {
    Map<String, Relation> relations =
        Map.of(
            "distance", new DistanceRelation(),
            "angle", new AngleRelation(),
            "similarity", new SimilarityRelation());
    int width = 4;
    float[] outputs = draw(batch * width, 2);
    float[] teacher = draw(batch * width, 2);
    float scale = batch;
    relations.forEach(
        (name, relation) -> {
          float[] gradient = new float[outputs.length];
          relation.add(outputs, teacher, batch, width, scale, gradient);
          float[] ignored = new float[outputs.length];
          for (int i = 0; i < outputs.length; i += Math.max(1, outputs.length / 17)) {
            float kept = outputs[i];
            outputs[i] = kept + 0.01f;
            double above = relation.add(outputs, teacher, batch, width, scale, ignored);
            double step = outputs[i];
            outputs[i] = kept - 0.01f;
            double below = relation.add(outputs, teacher, batch, width, scale, ignored);
            step -= outputs[i];
            outputs[i] = kept;
            assertThat((double) gradient[i])
                .as("%s of %d, output %d", name, batch, i)
                .isCloseTo(scale * (above - below) / step, within(2e-3));
          }
        });
  }

  /** All triples of each 64 examples and of the rest, one by one. */
  @Test
  void anglesAreOfGroupsOfABatch() {
    int batch = 70;
    float[] outputs = draw(batch * 2, 1);
    float[] teacher = draw(batch * 2, 1);
    double sum = 0;
    long triples = 0;
    for (int j = 0; j < batch; j++) {
      for (int i = 0; i < batch; i++) {
        for (int k = 0; k < batch; k++) {
          if (i != j && j != k && i != k && i / 64 == j / 64 && j / 64 == k / 64) {
            double error = Math.abs(cosine(outputs, i, j, k) - cosine(teacher, i, j, k));
            sum += error <= 1 ? error * error / 2 : error - 0.5;
            triples++;
          }
        }
      }
    }
    assertThat(new AngleRelation().add(outputs, teacher, batch, 2, 1, new float[outputs.length]))
        .isCloseTo(sum / triples, within(1e-9));
  }

  private static double cosine(float[] points, int i, int j, int k) {
    double x = (double) points[2 * i] - points[2 * j];
    double y = (double) points[2 * i + 1] - points[2 * j + 1];
    double u = (double) points[2 * k] - points[2 * j];
    double v = (double) points[2 * k + 1] - points[2 * j + 1];
    return (x * u + y * v) / Math.hypot(x, y) / Math.hypot(u, v);
  }

  @Test
  void whatHasNoRelationOrNoDeviationStaysFinite() {
    float[] same = new float[15];
    Arrays.fill(same, 3);
    float[] other = draw(15, 1);
    float[] gradient = new float[15];
    for (Relation relation :
        new Relation[] {new DistanceRelation(), new AngleRelation(), new SimilarityRelation()}) {
      assertThat(relation.add(same, other, 3, 5, 1, gradient)).isFinite();
      assertThat(relation.add(other, same, 3, 5, 1, gradient)).isFinite();
      assertThat(relation.add(new float[15], other, 3, 5, 1, gradient)).isFinite();
      assertThat(relation.add(other, other, 1, 5, 1, gradient)).isZero();
    }
    int[] labels = {0, 1, 2};
    Examples examples = MemoryExamples.of(new float[3], 1, labels, CLASSES);
    for (Loss loss : Loss.values()) {
      BatchLoss flat =
          DistillationLoss.ofTeacher(
              examples, same, 2, 1, settings(loss, Logits.STANDARDIZED, 1, 8));
      assertThat(flat.on(labels).gradient(same, 3, gradient)).isFinite();
      assertThat(flat.on(labels).gradient(other, 3, gradient)).isFinite();
    }
    for (float g : gradient) {
      assertThat(g).isFinite();
    }
  }

  @Test
  void aConfidentMistakeOfOneOfTwoClassesStaysFinite() {
    Examples examples = MemoryExamples.of(new float[1], 1, new int[] {0}, 2);
    float[] gradient = new float[2];
    double loss =
        DistillationLoss.ofTeacher(
                examples, new float[] {500, -500}, 1, 1, settings(Loss.DECOUPLED, Logits.RAW, 1, 8))
            .on(new int[] {0})
            .gradient(new float[] {-500, 500}, 1, gradient);
    assertThat(loss).isFinite().isPositive();
    assertThat(gradient).containsExactly(-1, 1);
  }
}
