package dev.pare.sparsify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.pare.candidate.Granularity;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Training;
import dev.pare.data.MemoryExamples;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import dev.pare.train.MaskedWeights;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every saliency on the class path must do, whoever wrote it. */
class SaliencyContractTest {
  private static final Architecture ARCHITECTURE =
      new Architecture(
          new InputShape(6, 1, 1, 1),
          List.of(new Dense(8, Activation.RELU), new Dense(3, Activation.SOFTMAX)));
  private static final int WEIGHTS = 6 * 8 + 8 * 3;
  private static final Network NETWORK = Initialization.random(ARCHITECTURE, 5);

  /** Those that can be asked without training. */
  static Stream<String> known() {
    return Saliencies.names().stream()
        .filter(name -> !Saliencies.of(new Prune.Saliency(name)).isLearned());
  }

  private static CalibrationSource calibration() {
    return new CalibrationSource(
        MemoryExamples.clusters(40, 6, 3, new SplittableRandom(3)), ARCHITECTURE, 7);
  }

  /** Of single weights, or of units where the saliency is for these alone. */
  private static Prune settings(String name) {
    Prune settings =
        new Prune(
            0.5,
            null,
            new Prune.Saliency(name),
            Prune.Scope.GLOBAL,
            Prune.Schedule.ONE_SHOT,
            0,
            new Training(0, 1, 1, Training.Decay.NONE, 0, 1, 0));
    return PruningChecks.conflict(settings).isEmpty()
        ? settings
        : settings.but().granularity(Granularity.UNIT).build();
  }

  private static float[] scores(String name, MaskedWeights weights) {
    float[] scores = new float[ARCHITECTURE.parameters()];
    Prune settings = settings(name);
    Saliencies.of(settings.saliency())
        .criterion(settings, ARCHITECTURE, weights, calibration())
        .score(scores);
    return scores;
  }

  @Test
  void thereAreThoseOfThePapersAndOneOfOnesOwn() {
    assertThat(Saliencies.names())
        .containsExactly(
            "magnitude",
            "gradient",
            "movement",
            "fisher",
            "surgeon",
            "reconstruction",
            "activation",
            "lamp",
            "wanda",
            "snip",
            "random",
            "toy");
  }

  @Test
  void whereThereIsNoneOfANameItSaysWhichThereAre() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Saliencies.of(new Prune.Saliency("magic")))
        .withMessageStartingWith("saliency = magic: must be one of magnitude, gradient, ");
  }

  @ParameterizedTest
  @MethodSource("known")
  void scoresAreNumbersThatRepeatToTheBitAndChangeNoWeight(String name) {
    MaskedWeights weights = new MaskedWeights(NETWORK);
    float[] scores = scores(name, weights);
    assertThat(scores).usingElementComparator(Float::compare).doesNotContain(Float.NaN);
    assertThat(scores(name, weights)).containsExactly(scores);
    assertThat(weights.values()).containsExactly(NETWORK.parameters());
  }

  @ParameterizedTest
  @MethodSource("known")
  void prunesExactlyAsMuchAsAsked(String name) {
    Prune settings = settings(name);
    MaskedWeights weights = new MaskedWeights(NETWORK);
    new Pruning(settings, ReducedNetwork.none(NETWORK), weights, calibration()).prune();
    boolean units = settings.granularity().kind() == Granularity.Kind.UNIT;
    assertThat(IntStream.range(0, weights.values().length).filter(weights::isPruned).count())
        .isEqualTo(units ? 4 * (6 + 3) : WEIGHTS / 2);
  }

  @Test
  void settingsThatASaliencyCannotTreatAreRefusedByItsName() {
    Set<String> refusing = new TreeSet<>();
    for (String name : Saliencies.names()) {
      for (Granularity granularity : List.of(Granularity.WEIGHT, Granularity.UNIT)) {
        PruningChecks.conflict(settings(name).but().granularity(granularity).build())
            .ifPresent(
                message -> {
                  assertThat(message).contains("saliency = " + name);
                  refusing.add(name + " " + granularity);
                });
      }
    }
    assertThat(refusing)
        .containsExactly(
            "activation weight",
            "lamp unit",
            "movement unit",
            "movement weight",
            "reconstruction unit",
            "surgeon unit");
  }
}
