package dev.pare.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.TestSeed;
import dev.pare.candidate.Activate;
import dev.pare.candidate.Encode;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Quantize;
import dev.pare.candidate.StageSettings;
import dev.pare.candidate.Training;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** That memory of stages that become more can be told without all of them. */
class TellingStagesTest {
  private static final Training NONE = new Training(0, 1, 1, Training.Decay.NONE, 0, 1, 0);

  /**
   * By arrays as long as the parameters an untrained surgeon takes most, by activations a batch.
   */
  private static final Workload WORKLOAD =
      new Workload(1000, 1000, 10, 3000, 300, 10, 10, 2, 400, 1, 200, 0, 0);

  private static final List<StageSettings> STAGES =
      List.of(
          new Encode(Encode.Precision.FLOAT32),
          prune(Prune.Saliency.SURGEON, NONE),
          prune(Prune.Saliency.MAGNITUDE, batch(20)),
          prune(Prune.Saliency.MAGNITUDE, batch(64)),
          prune(Prune.Saliency.MAGNITUDE, batch(200)),
          new Quantize(3, Quantize.Quantizer.UNIFORM, 0, batch(100)),
          new Quantize(3, Quantize.Quantizer.UNIFORM, 0, NONE),
          new Activate(Activate.Rule.TOP_K, 0, 0.5, NONE));

  private static Training batch(int size) {
    return new Training(1, size, 0.001, Training.Decay.COSINE, 0, 1, 0);
  }

  private static Prune prune(Prune.Saliency saliency, Training training) {
    return new Prune(0.8, null, saliency, Prune.Scope.GLOBAL, Prune.Schedule.ONE_SHOT, 0, training);
  }

  private static List<StageSettings> some(SplittableRandom random) {
    List<StageSettings> some = new ArrayList<>(STAGES);
    some.removeIf(stage -> random.nextBoolean());
    return some;
  }

  @Test
  void aFewOfStagesNeedAsMuchAsAllWhateverComesBesideThem() {
    SplittableRandom random = TestSeed.random();
    for (int run = 0; run < 2000; run++) {
      List<StageSettings> before = some(random);
      List<StageSettings> more = some(random);
      List<StageSettings> all = new ArrayList<>(before);
      all.addAll(more);
      List<StageSettings> kept = new ArrayList<>(TaskMemory.telling(WORKLOAD, before));
      assertThat(kept).hasSizeLessThanOrEqualTo(3);
      kept.addAll(more);

      assertThat(TaskMemory.of(WORKLOAD, kept)).isEqualTo(TaskMemory.of(WORKLOAD, all));
    }
  }

  @Test
  void whichStageIsTheHungriestDependsOnWhetherStudentsHaveActivationsOfTheirOwn() {
    StageSettings surgeon = prune(Prune.Saliency.SURGEON, NONE);
    StageSettings trained = prune(Prune.Saliency.MAGNITUDE, batch(64));

    assertThat(TaskMemory.telling(WORKLOAD, List.of(surgeon, trained)))
        .containsExactlyInAnyOrder(surgeon, trained);
  }
}
