package dev.pare.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.pare.artifact.ArtifactReader;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.Origin;
import dev.pare.candidate.ArchitectureForm;
import dev.pare.candidate.Encode;
import dev.pare.candidate.Granularity;
import dev.pare.candidate.Prune;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.StageSettings;
import dev.pare.candidate.Start;
import dev.pare.candidate.Task;
import dev.pare.candidate.Training;
import dev.pare.data.Examples;
import dev.pare.data.MemoryExamples;
import dev.pare.evaluate.Evaluator;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StartStageTest {
  /** Of 6 inputs and 3 outputs, as the teacher, whose hidden layer has 8 units. */
  private static final Architecture OWN =
      new Architecture(
          new InputShape(6, 1, 1, 1),
          List.of(
              new Dense(5, Activation.TANH),
              new Dense(4, Activation.RELU),
              new Dense(3, Activation.SOFTMAX)));

  private static final Training UNTRAINED = new Training(0, 1, 1, Training.Decay.NONE, 0, 1, 0);

  private final MemoryStore store = new MemoryStore();

  private static Start start(Training training, @Nullable StageKey weights) {
    return Start.none(training).with(ArchitectureForm.of(OWN), weights);
  }

  private CompressedNetwork network(char digit) {
    return new ArtifactReader()
        .read(store.read(SampleStages.key(digit), StageStore.Kind.NETWORK).orElseThrow());
  }

  /** Keeps all of a chain's products, of students that began with layers of their own. */
  private List<StageReport> run(DistillationData data, Start start, StageSettings... others) {
    List<StageSettings> settings = new ArrayList<>(List.of(start));
    settings.addAll(List.of(others));
    if (store.read(SampleStages.TEACHER, StageStore.Kind.NETWORK).isEmpty()) {
      TeacherStage.write(
          store, SampleStages.TEACHER, SampleStages.teacher(), SampleStages.PROVENANCE);
    }
    List<StageTask.Step> steps = new ArrayList<>();
    StageKey parent = SampleStages.TEACHER;
    for (int i = 0; i < settings.size(); i++) {
      StageKey key = SampleStages.key((char) ('1' + i));
      steps.add(
          new StageTask.Step(key, parent, settings.get(i), StageTask.Product.KEPT, start.layers()));
      parent = key;
    }
    return SampleStages.run(store, data, new StageTask(steps));
  }

  @Test
  void weightsAreDrawnByTheSeedWhichIsTheOrigin() {
    run(SampleStages.distillation(), start(UNTRAINED, null));

    long seed = SampleStages.key('1').seed();
    CompressedNetwork student = network('1');
    assertThat(student.architecture()).isEqualTo(OWN);
    assertThat(student.origin()).contains(Origin.of(OWN, seed));
    assertThat(student.toNetwork().parameters())
        .isEqualTo(Initialization.random(OWN, seed).parameters());
  }

  @Test
  void theStudentLearnsFromTheTeacher() {
    DistillationData data = SampleStages.distillation();
    run(data, start(new Training(200, 16, 0.02, Training.Decay.COSINE, 0, 1, 1), null));

    assertThat(agreement(data, network('1').toNetwork()))
        .isGreaterThan(agreement(data, Initialization.random(OWN, SampleStages.key('1').seed())))
        .isGreaterThan(0.9);
  }

  /** How often a network and the teacher answer alike. */
  private static double agreement(DistillationData data, Network student) {
    float[] own = Evaluator.logits(student, data.examples());
    float[] teacher = Evaluator.logits(SampleStages.teacher(), data.examples());
    int alike = 0;
    for (int i = 0; i < own.length; i += 3) {
      alike += largest(own, i) == largest(teacher, i) ? 1 : 0;
    }
    return 3.0 * alike / own.length;
  }

  private static int largest(float[] logits, int from) {
    int best = 0;
    for (int c = 1; c < 3; c++) {
      best = logits[from + c] > logits[from + best] ? c : best;
    }
    return best;
  }

  @Test
  void weightsOfItsOwnComeFromTheStore() {
    StageKey file = SampleStages.key('9');
    Network own = Initialization.random(OWN, 77);
    TeacherStage.write(store, file, own, SampleStages.PROVENANCE);
    run(SampleStages.distillation(), start(UNTRAINED, file));

    assertThat(network('1').toNetwork().parameters()).isEqualTo(own.parameters());
    assertThat(network('1').origin()).isEmpty();
  }

  @Test
  void whereTheStoreLacksThemTheyAreNamed() {
    StageKey file = SampleStages.key('9');

    assertThatExceptionOfType(MissingProductException.class)
        .isThrownBy(() -> run(SampleStages.distillation(), start(UNTRAINED, file)))
        .satisfies(missing -> assertThat(missing.key()).isEqualTo(file));
  }

  @Test
  void sharesOfUnitsAreOfItsOwnUnitsAndSizesAgainstTheTeacher() {
    DistillationData data = knowingTheTeacher();
    Architecture narrow =
        new Architecture(
            new InputShape(6, 1, 1, 1),
            List.of(new Dense(4, Activation.RELU), new Dense(3, Activation.SOFTMAX)));
    Prune half =
        SampleStages.prune(0.001)
            .but()
            .sparsity(0.5)
            .granularity(Granularity.UNIT)
            .scope(Prune.Scope.LAYER)
            .schedule(Prune.Schedule.ONE_SHOT)
            .training(UNTRAINED)
            .build();
    List<StageReport> reports =
        run(
            data,
            Start.none(UNTRAINED).with(ArchitectureForm.of(narrow), null),
            half,
            half,
            new Encode(Encode.Precision.FLOAT32));

    // Of its 4 units half go, of the teacher's 8 none would; then there are as many as there are to
    // be.
    assertThat(network('2').architecture().outputShape(0).channels()).isEqualTo(2);
    assertThat(network('3').architecture().outputShape(0).channels()).isEqualTo(2);
    assertThat(reports.get(3).measurement().parameters())
        .isEqualTo(SampleStages.teacher().parameters().length);
    assertThat(reports.get(3).measurement().operations().originalMultiplyAdds())
        .isEqualTo(SampleStages.teacher().architecture().multiplyAdds());
  }

  private static DistillationData knowingTheTeacher() {
    DistillationData data = SampleStages.distillation();
    return new DistillationData(
        data.examples(),
        data.originals(),
        data.validation(),
        Evaluator.logits(SampleStages.teacher(), data.examples()),
        new DistillationData.Origin(SampleStages.teacher().architecture(), null));
  }

  @Test
  void numbersOfAnyUnitAreLearned() {
    // Far from what random weights say, and in a unit in which a step of the optimizer is nothing.
    float[] features = new float[400];
    float[] targets = new float[400];
    for (int i = 0; i < features.length; i++) {
      features[i] = i / 200f - 1;
      targets[i] = 50_000 + 10_000 * features[i];
    }
    Examples examples =
        MemoryExamples.withTargets(
            MemoryExamples.of(features, 1, new int[features.length], 2), targets);
    Architecture own =
        new Architecture(
            new InputShape(1, 1, 1, 1),
            List.of(new Dense(8, Activation.RELU), new Dense(1, Activation.IDENTITY)));
    Start settings =
        Start.none(new Training(60, 16, 0.01, Training.Decay.COSINE, 0, 1, 0.5))
            .with(ArchitectureForm.of(own), null);

    assertThat(examples.task()).isEqualTo(Task.REGRESSION);
    CompressedNetwork student =
        new StartStage(new DistillationData(examples, 400, examples, targets.clone()))
            .drawn(settings, 5);

    float[] said = Evaluator.logits(student.toNetwork(), examples);
    for (int i = 0; i < said.length; i += 40) {
      assertThat((double) said[i]).isCloseTo(targets[i], within(1000.0));
    }
    assertThat(student.origin()).contains(Origin.of(own, 5));
  }
}
