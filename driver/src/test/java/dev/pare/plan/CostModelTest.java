package dev.pare.plan;

import static dev.pare.SampleCandidates.ROOT;
import static dev.pare.SampleCandidates.candidate;
import static dev.pare.SampleCandidates.provenance;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pare.candidate.Encode;
import dev.pare.candidate.Failure;
import dev.pare.candidate.FailureCode;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Quantize;
import dev.pare.candidate.StageSettings.Kind;
import dev.pare.candidate.Training;
import dev.pare.graph.InputShape;
import dev.pare.model.NamedArchitecture;
import dev.pare.pipeline.StageReport;
import dev.pare.plan.StageTree.Stage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CostModelTest {
  private final CostModel costs = SampleWorkload.costs();
  private final StageTree tree = StageTree.of(ROOT, List.of(candidate(0.9, 2)));
  private final Stage prune = tree.all().get(0);
  private final Stage quantize = tree.all().get(1);
  private final Stage encode = tree.all().get(2);

  private static StageReport report(Stage stage, Map<Kind, Double> seconds) {
    return new StageReport(stage.key(), seconds, null, null, provenance("0@here"));
  }

  @Test
  void multiplyAddsAreThoseOfDenseLayersAndOfEachPlaceOfAConvolution() {
    assertThat(SampleWorkload.lenet().multiplyAdds()).isEqualTo(784 * 300 + 300 * 100 + 100 * 10);
    assertThat(
            Workload.of(
                    NamedArchitecture.of(NamedArchitecture.Name.LENET_5)
                        .resolve(new InputShape(1, 28, 28, 255), 10),
                    1,
                    1,
                    1,
                    1,
                    0)
                .multiplyAdds())
        .isEqualTo(24 * 24 * 20 * 25 + 8 * 8 * 50 * 20 * 25 + 800 * 500 + 500 * 10);
  }

  @Test
  void aGuessComesFirst() {
    assertThat(costs.factor(Kind.PRUNE)).isEqualTo(1);
    assertThat(costs.seconds(prune)).isBetween(0.1, 10.0);
    assertThat(costs.seconds(encode)).isBetween(0.3, 2.0);
  }

  /** Medians of the quickstart's 8, 24 and 24 stages: 2.73, 0.555 and 1.54 s on a busy machine. */
  @Test
  void firstGuessesStandToEachOtherAsMeasuredTimesDo() {
    CostModel quickstart =
        new CostModel(
            Workload.of(
                NamedArchitecture.of(NamedArchitecture.Name.LENET_300_100)
                    .resolve(new InputShape(1, 28, 28, 255), 10),
                8_000,
                1,
                2_000,
                1,
                0));
    double prune = quickstart.seconds(prune(5), null);
    double quantize =
        quickstart.seconds(new Quantize(3, Quantize.Quantizer.CODEBOOK, 0, training(1)), null);
    double encode = quickstart.seconds(new Encode(Encode.Precision.FLOAT32), null);

    assertThat(quantize / prune).isBetween(0.555 / 2.73 / 2, 0.555 / 2.73 * 2);
    assertThat(encode / prune).isBetween(1.54 / 2.73 / 2, 1.54 / 2.73 * 2);
  }

  private static Prune prune(int epochs) {
    return new Prune(
        0.9,
        0.5,
        Prune.Saliency.MAGNITUDE,
        Prune.Scope.GLOBAL,
        Prune.Schedule.GRADUAL,
        0.6,
        training(epochs));
  }

  private static Training training(int epochs) {
    return new Training(epochs, 64, 0.001, Training.Decay.COSINE, 0, 4, 0.7);
  }

  @Test
  void predictionsFollowWhatStagesTake() {
    double guess = costs.seconds(prune);

    costs.learn(prune, report(prune, Map.of(Kind.PRUNE, 3 * guess)));
    assertThat(costs.seconds(prune)).isCloseTo(2 * guess, within(1e-9));
    for (int i = 0; i < 99; i++) {
      costs.learn(prune, report(prune, Map.of(Kind.PRUNE, 3 * guess)));
    }

    assertThat(costs.seconds(prune)).isBetween(2.9 * guess, 3 * guess);
    assertThat(costs.stages(Kind.PRUNE)).isEqualTo(100);
    assertThat(costs.factor(Kind.ENCODE)).isEqualTo(1);
  }

  @Test
  void aReportTellsOfTheStagesThatWerePassedOn() {
    costs.learn(encode, report(encode, Map.of(Kind.QUANTIZE, 5.0, Kind.ENCODE, 0.1)));

    assertThat(costs.stages(Kind.QUANTIZE)).isEqualTo(1);
    assertThat(costs.stages(Kind.ENCODE)).isEqualTo(1);
    assertThat(costs.stages(Kind.PRUNE)).isZero();
  }

  @Test
  void aFailureTeachesNothing() {
    StageReport failed =
        new StageReport(
            quantize.key(),
            Map.of(Kind.QUANTIZE, 0.01),
            null,
            new Failure(FailureCode.TRAINING_DIVERGED, Kind.QUANTIZE, "loss is NaN"),
            provenance("0@here"));

    assertThat(costs.learn(quantize, failed)).isFalse();
    assertThat(costs.stages(Kind.QUANTIZE)).isZero();
  }
}
