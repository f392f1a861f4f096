package dev.pare.sparsify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.candidate.Granularity;
import dev.pare.candidate.Prune;
import dev.pare.candidate.PruneBuilder;
import dev.pare.candidate.Training;
import java.util.List;
import org.junit.jupiter.api.Test;

class PruningChecksTest {
  @Test
  void settingsThatMakeNoSenseTogetherSaySo() {
    Prune good = prune(0.5, null, 0.5);
    assertThat(PruningChecks.conflict(good)).isEmpty();
    conflicts(good.but().saliency(Prune.Saliency.ACTIVATION), "activation");
    conflicts(good.but().saliency(Prune.Saliency.MOVEMENT), "movement");
    PruneBuilder units = good.but().granularity(Granularity.UNIT);
    assertThat(PruningChecks.conflict(units.build())).isEmpty();
    assertThat(PruningChecks.conflict(units.saliency(Prune.Saliency.ACTIVATION).build())).isEmpty();
    conflicts(units.saliency(Prune.Saliency.SURGEON), "surgeon");
    conflicts(units.saliency(Prune.Saliency.RECONSTRUCTION), "reconstruction");
    units.saliency(Prune.Saliency.MAGNITUDE);
    conflicts(units.outputSparsity(0.5), "output-sparsity");
    conflicts(units.outputSparsity(null).scope(Prune.Scope.ERDOS_RENYI_KERNEL), "kernel");
    conflicts(
        units.scope(Prune.Scope.LAYER).layerSparsity(List.of(0.5, 0.5)), "its share must be 0");
    PruneBuilder pattern = good.but().granularity(Granularity.parse("2:4").orElseThrow());
    assertThat(PruningChecks.conflict(pattern.outputSparsity(0.0).build())).isEmpty();
    conflicts(pattern.outputSparsity(0.5), "output-sparsity");
    conflicts(pattern.outputSparsity(null).layerSparsity(List.of(0.5)), "layer-sparsity");
    conflicts(
        good.but().saliency(Prune.Saliency.SURGEON).schedule(Prune.Schedule.REWIND), "rewind");
    PruneBuilder regrowing = good.but().schedule(Prune.Schedule.RIGL);
    assertThat(
            PruningChecks.conflict(regrowing.initialization(Prune.Initialization.RANDOM).build()))
        .isEmpty();
    conflicts(regrowing.saliency(Prune.Saliency.RANDOM), "schedule = rigl: drops by");
    conflicts(regrowing.granularity(Granularity.UNIT), "schedule = rigl: needs granularity");
    Prune still = prune(0.5, null, 0);
    conflicts(still.but().schedule(Prune.Schedule.RIGL), "schedule = rigl: needs a ramp");
    conflicts(
        still.but().schedule(Prune.Schedule.GRADUAL).saliency(Prune.Saliency.MOVEMENT),
        "saliency = movement: needs a ramp");
    PruneBuilder random = good.but().initialization(Prune.Initialization.RANDOM);
    conflicts(
        random.schedule(Prune.Schedule.ITERATIVE), "schedule = iterative: needs initialization");
    conflicts(
        random.schedule(Prune.Schedule.ONE_SHOT).scope(Prune.Scope.SENSITIVITY),
        "scope = sensitivity: needs initialization = teacher");
  }

  private static void conflicts(PruneBuilder settings, String text) {
    assertThat(PruningChecks.conflict(settings.build()))
        .hasValueSatisfying(m -> assertThat(m).contains(text));
  }

  private static Prune prune(double sparsity, Double output, double ramp) {
    return new Prune(
        sparsity,
        output,
        Prune.Saliency.MAGNITUDE,
        Prune.Scope.LAYER,
        Prune.Schedule.ONE_SHOT,
        ramp,
        new Training(3, 64, 0.001, Training.Decay.COSINE, 0, 4, 0.7));
  }
}
