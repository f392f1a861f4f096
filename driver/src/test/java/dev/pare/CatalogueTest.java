package dev.pare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.candidate.Activate;
import dev.pare.candidate.Adversarial;
import dev.pare.candidate.Averaging;
import dev.pare.candidate.Candidate;
import dev.pare.candidate.Distillation;
import dev.pare.candidate.Factorize;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Quantize;
import dev.pare.candidate.Regularize;
import dev.pare.candidate.StageSettings;
import dev.pare.candidate.Start;
import dev.pare.plan.CandidateSearch;
import dev.pare.quantize.Quantizers;
import dev.pare.report.SensitivityTable;
import dev.pare.sparsify.Saliencies;
import dev.pare.spec.SweepSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** conf/catalogue.conf, with a network so small that all of it takes seconds. */
class CatalogueTest {
  @TempDir private Path folder;

  private SweepSpec spec() {
    return SweepSpec.load(
        SmallSweep.ROOT.resolve("conf/catalogue.conf").toString(),
        List.of(
            "sweep.out=file://" + folder,
            "teacher.architecture=mlp",
            "teacher.widths=[24,16]",
            "teacher.epochs=1",
            // The fewest that an average of several epochs' ends can be had of.
            "student.epochs=2",
            "student.start.epochs=2",
            "student.factorize.epochs=1",
            "student.prune.calibration=64",
            "student.regularize.epochs=1"));
  }

  @Test
  void hasEverySaliencyScheduleScopeAndPenalty() {
    Set<String> saliencies = new HashSet<>();
    Set<Prune.Scope> scopes = EnumSet.noneOf(Prune.Scope.class);
    Set<Prune.Schedule> schedules = EnumSet.noneOf(Prune.Schedule.class);
    Set<Regularize.Penalty> penalties = EnumSet.of(Regularize.Penalty.NONE);
    for (Candidate candidate : CandidateSearch.all(spec())) {
      candidate.stages().stream()
          .filter(Regularize.class::isInstance)
          .forEach(stage -> penalties.add(((Regularize) stage).penalty()));
      candidate.stages().stream()
          .filter(Prune.class::isInstance)
          .map(Prune.class::cast)
          .forEach(
              prune -> {
                saliencies.add(prune.saliency().name());
                scopes.add(prune.scope());
                schedules.add(prune.schedule());
              });
    }

    assertThat(saliencies).containsExactlyInAnyOrderElementsOf(Saliencies.names());
    assertThat(scopes).containsExactlyInAnyOrder(Prune.Scope.values());
    assertThat(penalties).containsExactlyInAnyOrder(Regularize.Penalty.values());
    assertThat(schedules)
        .containsExactlyInAnyOrderElementsOf(
            EnumSet.complementOf(EnumSet.of(Prune.Schedule.ITERATIVE)));
  }

  @Test
  void hasStudentsThatBeginWithAnotherArchitectureAndWithFewerUnits() {
    List<Start> starts =
        CandidateSearch.all(spec()).stream()
            .map(candidate -> candidate.stages().get(0))
            .filter(Start.class::isInstance)
            .map(Start.class::cast)
            .toList();

    assertThat(starts).anyMatch(start -> !start.architecture().equals(Start.TEACHER));
    assertThat(starts).anyMatch(start -> start.width() < 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"catalogue", "catalogue-convolution", "catalogue-attention"})
  void itsDocumentHasEveryPoint(String name) throws IOException {
    String document = Files.readString(SmallSweep.ROOT.resolve("conf/catalogue.md"));
    SweepSpec spec =
        SweepSpec.load(SmallSweep.ROOT.resolve("conf/" + name + ".conf").toString(), List.of());

    for (Candidate candidate : CandidateSearch.all(spec)) {
      assertThat(document).contains("\n| " + candidate.label() + " | ");
    }
  }

  @Test
  void hasEveryRuleOfActivationsAndEveryQuantizer() {
    Set<Activate.Rule> rules = EnumSet.of(Activate.Rule.NONE);
    Set<String> quantizers = new HashSet<>();
    for (Candidate candidate : CandidateSearch.all(spec())) {
      for (StageSettings stage : candidate.stages()) {
        if (stage instanceof Activate activate) {
          rules.add(activate.rule());
        } else if (stage instanceof Quantize quantize) {
          quantizers.add(quantize.quantizer().name());
        }
      }
    }

    assertThat(rules).containsExactlyInAnyOrder(Activate.Rule.values());
    assertThat(quantizers).containsExactlyInAnyOrderElementsOf(Quantizers.names());
  }

  @Test
  void hasEveryWayToFactorize() {
    Set<Factorize.Method> methods = EnumSet.of(Factorize.Method.NONE);
    boolean energy = false;
    boolean budget = false;
    boolean sparseResidual = false;
    for (Candidate candidate : CandidateSearch.all(spec())) {
      if (candidate.stages().get(0) instanceof Factorize factorize) {
        methods.add(factorize.method());
        energy |= factorize.energy() != null;
        budget |= factorize.rankBudget() != null;
        sparseResidual |= factorize.sparseResidual() > 0;
      }
    }

    assertThat(methods).containsExactlyInAnyOrder(Factorize.Method.values());
    assertThat(energy).isTrue();
    assertThat(budget).isTrue();
    assertThat(sparseResidual).isTrue();
  }

  @Test
  void hasEveryWayToLearnFromATeacherEveryAverageAndEveryAdversarialTraining() {
    Set<Distillation.Loss> losses = EnumSet.noneOf(Distillation.Loss.class);
    Set<Distillation.Logits> logits = EnumSet.noneOf(Distillation.Logits.class);
    Set<Distillation.Relation> relations = EnumSet.noneOf(Distillation.Relation.class);
    Set<Averaging.Kind> averages = EnumSet.noneOf(Averaging.Kind.class);
    Set<Adversarial.Method> attacks = EnumSet.noneOf(Adversarial.Method.class);
    boolean smooths = false;
    boolean cools = false;
    boolean fades = false;
    for (Candidate candidate : CandidateSearch.all(spec())) {
      for (StageSettings stage : candidate.stages()) {
        if (stage instanceof Prune prune) {
          Distillation distillation = prune.training().distillation();
          attacks.add(prune.training().adversarial().method());
          averages.add(prune.training().averaging().kind());
          losses.add(distillation.loss());
          logits.add(distillation.logits());
          relations.add(distillation.relation());
          smooths |= distillation.labelSmoothing() > 0;
          cools |= distillation.temperatureEnd() != null;
          fades |= distillation.alphaEnd() != null;
        }
      }
    }

    assertThat(losses).containsExactlyInAnyOrder(Distillation.Loss.values());
    assertThat(logits).containsExactlyInAnyOrder(Distillation.Logits.values());
    assertThat(relations).containsExactlyInAnyOrder(Distillation.Relation.values());
    assertThat(averages).containsExactlyInAnyOrder(Averaging.Kind.values());
    assertThat(attacks).containsExactlyInAnyOrder(Adversarial.Method.values());
    assertThat(smooths && cools && fades).isTrue();
  }

  @Test
  void everyPointComesToAFileAndTheScanIsKept() throws IOException {
    SweepSpec spec = spec();
    try (SparkSession spark = LocalSpark.open(2)) {
      Sweep.Result result = Sweep.run(spark, spec);

      assertThat(result.outcomes()).hasSize(spec.points().size());
      result
          .outcomes()
          .forEach(
              (candidate, outcome) ->
                  assertThat(outcome)
                      .as("%s", candidate.label())
                      .isInstanceOf(Outcome.Measured.class));
      List<String> kept = Files.readAllLines(folder.resolve("sensitivity.csv"));
      assertThat(kept.get(0))
          .isEqualTo(
              "teacher,settings,saliency,granularity,layer,sparsity,loss,accuracy,table_sha256");
      assertThat(kept).hasSize(1 + 3 * 10);

      SensitivityTable table = Sweep.sensitivity(spark, spec, Progress.SILENT);
      assertThat(table.rows())
          .extracting(row -> row.saliency() + " " + row.granularity())
          .contains("magnitude weight", "activation unit", "magnitude 4x4", "surgeon weight");
      assertThat(Files.readString(folder.resolve("sensitivity.csv"))).isEqualTo(table.csv());
    }
  }
}
