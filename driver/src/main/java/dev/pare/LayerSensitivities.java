package dev.pare;

import dev.pare.candidate.Calibration;
import dev.pare.candidate.Candidate;
import dev.pare.candidate.Granularity;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Training;
import dev.pare.data.Examples;
import dev.pare.pipeline.PruneStage;
import dev.pare.report.SensitivityTable;
import dev.pare.schedule.Teacher;
import dev.pare.sparsify.Saliencies;
import dev.pare.sparsify.UnsupportedNetworkException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Scans of how sensitive a teacher is to the sparsity of each of its layers. */
final class LayerSensitivities {
  private static final Training NONE = new Training(0, 1, 1, Training.Decay.NONE, 0, 1, 0);

  private final Set<Prune> scans;

  private LayerSensitivities(Stream<Prune> stages) {
    this.scans = new LinkedHashSet<>(stages.map(LayerSensitivities::scanOf).toList());
  }

  /** The scans that candidates' own scopes go by. */
  static LayerSensitivities askedFor(List<Candidate> candidates) {
    return new LayerSensitivities(
        stages(candidates).filter(prune -> prune.scope() == Prune.Scope.SENSITIVITY));
  }

  /** A scan for each way of pruning that has sparsities to choose. */
  static LayerSensitivities of(List<Candidate> candidates) {
    return new LayerSensitivities(
        stages(candidates)
            .filter(prune -> !Saliencies.of(prune.saliency()).isLearned())
            .filter(prune -> prune.granularity().kind() != Granularity.Kind.N_OF_M)
            .filter(prune -> prune.granularity().kind() != Granularity.Kind.LAYER));
  }

  private static Stream<Prune> stages(List<Candidate> candidates) {
    return candidates.stream()
        .flatMap(candidate -> candidate.stages().stream())
        .filter(Prune.class::isInstance)
        .map(Prune.class::cast)
        .distinct();
  }

  /** What of the settings a scan goes by. */
  private static Prune scanOf(Prune prune) {
    Calibration given = prune.calibration();
    return new Prune(
            0.5, null, prune.saliency(), Prune.Scope.LAYER, Prune.Schedule.ONE_SHOT, 0, NONE)
        .but()
        .granularity(prune.granularity())
        .calibration(given.equals(Calibration.NONE) ? Calibration.USUAL : given)
        .build();
  }

  /**
   * Scans; what does not fit the teacher is left out, and fails where it is used.
   *
   * @param examples to draw those for calibration from
   */
  SensitivityTable measure(Teacher teacher, Examples examples) {
    List<SensitivityTable.Row> rows = new ArrayList<>();
    for (Prune scan : scans) {
      try {
        rows.addAll(
            SensitivityTable.rows(
                scan,
                PruneStage.sensitivity(scan, teacher.network(), examples, teacher.key().seed())));
      } catch (UnsupportedNetworkException e) {
        // Said above: left out.
      }
    }
    return new SensitivityTable(teacher.key(), rows);
  }
}
