package dev.pare.run;

import dev.pare.candidate.Calibration;
import dev.pare.candidate.Granularity;
import dev.pare.candidate.Prune;
import dev.pare.candidate.StageSettings;
import dev.pare.candidate.Training;
import dev.pare.data.Examples;
import dev.pare.folder.SweepFolder;
import dev.pare.pipeline.PruneStage;
import dev.pare.plan.StageTree;
import dev.pare.plan.StageTree.Stage;
import dev.pare.report.SensitivityFile;
import dev.pare.report.SensitivityTable;
import dev.pare.schedule.Teacher;
import dev.pare.sparsify.Saliencies;
import dev.pare.sparsify.UnsupportedNetworkException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Scans of how sensitive a teacher is to the sparsity of each of its layers, each made once. */
final class LayerSensitivities {
  private static final Training NONE = new Training(0, 1, 1, Training.Decay.NONE, 0, 1, 0);

  private final Teacher teacher;
  private final Examples examples;
  private final String settings;
  private final SweepFolder folder;
  private final Set<Prune> made = new HashSet<>();

  private List<SensitivityTable.Row> known = List.of();

  /** Whether all that was measured is in the folder. */
  private boolean isKept;

  /**
   * @param examples to draw those for calibration from
   * @param settings SHA-256 of what scans go by beside the teacher
   * @param folder of the results, where scans are added
   */
  LayerSensitivities(Teacher teacher, Examples examples, String settings, SweepFolder folder) {
    this.teacher = teacher;
    this.examples = examples;
    this.settings = settings;
    this.folder = folder;
  }

  /** All that is known of the teacher's layers, since something was measured. */
  List<SensitivityTable.Row> known() {
    return known;
  }

  /** The scans that stages' own scopes go by, where students begin with the teacher. */
  SensitivityTable measureAskedFor(List<Stage> stages) {
    Set<StageSettings> ofTheTeacher =
        StageTree.settingsByStart(stages).getOrDefault(Optional.empty(), Set.of());
    return measure(
        prunings(ofTheTeacher).filter(prune -> prune.scope() == Prune.Scope.SENSITIVITY));
  }

  /** A scan for each way of pruning that has sparsities to choose. */
  SensitivityTable measureAll(Collection<StageSettings> stages) {
    return measure(
        prunings(stages)
            .filter(prune -> !Saliencies.of(prune.saliency()).isLearned())
            .filter(prune -> prune.granularity().kind() != Granularity.Kind.N_OF_M)
            .filter(prune -> prune.granularity().kind() != Granularity.Kind.LAYER));
  }

  private static Stream<Prune> prunings(Collection<StageSettings> stages) {
    return stages.stream().filter(Prune.class::isInstance).map(Prune.class::cast);
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

  /** Scans; what does not fit the teacher is left out, and fails where it is used. */
  private SensitivityTable measure(Stream<Prune> prunings) {
    List<SensitivityTable.Row> rows = new ArrayList<>();
    for (Prune scan : prunings.map(LayerSensitivities::scanOf).distinct().toList()) {
      if (!made.add(scan)) {
        continue;
      }
      try {
        rows.addAll(
            SensitivityTable.rows(
                scan,
                PruneStage.sensitivity(scan, teacher.network(), examples, teacher.key().seed())));
      } catch (UnsupportedNetworkException e) {
        // Said above: left out.
      }
    }
    SensitivityTable measured = new SensitivityTable(teacher.key(), settings, rows);
    if (rows.isEmpty() && isKept) {
      return measured;
    }
    try {
      known = new SensitivityFile(folder).add(measured).rows();
      isKept = true;
    } catch (IOException e) {
      throw new UncheckedIOException(folder.root() + ": " + e.getMessage(), e);
    }
    return measured;
  }
}
