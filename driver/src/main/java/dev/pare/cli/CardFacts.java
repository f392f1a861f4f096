package dev.pare.cli;

import dev.pare.candidate.Credentials;
import dev.pare.candidate.Estimate;
import dev.pare.candidate.Provenance;
import dev.pare.candidate.Robustness;
import dev.pare.data.ExamplesDigest;
import dev.pare.data.TestData;
import dev.pare.data.TrainingData;
import dev.pare.examine.Finding;
import dev.pare.graph.Network;
import dev.pare.report.FrontierRow;
import dev.pare.report.PrintableText;
import dev.pare.report.card.ModelCard;
import dev.pare.result.Score;
import dev.pare.result.Selection;
import dev.pare.spec.SweepSpec;
import dev.pare.task.LocalProvenance;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What cards say beside an examination's findings. */
final class CardFacts {
  private final SweepSpec sweep;
  private final TrainingData training;
  private final TestData test;
  private final Network teacher;
  private final long seed;

  /**
   * @param seed of the examination
   */
  CardFacts(SweepSpec sweep, TrainingData training, TestData test, Network teacher, long seed) {
    this.sweep = sweep;
    this.training = training;
    this.test = test;
    this.teacher = teacher;
    this.seed = seed;
  }

  ModelCard card(ExaminedFile file, List<Finding> findings) {
    List<ModelCard.Facts> facts = new ArrayList<>();
    facts.add(new ModelCard.Facts("file", "File", file(file)));
    facts.add(new ModelCard.Facts("sizes", "Sizes", sizes(file)));
    facts.add(new ModelCard.Facts("data", "Data", data()));
    @Nullable FrontierRow row = file.row();
    if (row != null) {
      facts.add(new ModelCard.Facts("settings", "Settings of its compression", settings(row)));
      facts.add(new ModelCard.Facts("metrics", "Metrics of its sweep", metrics(row)));
    }
    facts.add(new ModelCard.Facts("provenance", "Provenance of this card", provenance()));
    return new ModelCard(file.title(), facts, findings, limits(row));
  }

  private static Map<String, Object> file(ExaminedFile file) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("name", file.title());
    facts.put("sha256", file.sha256());
    facts.put("format", file.summary().majorVersion() + "." + file.summary().minorVersion());
    facts.put("layers", ArchitectureText.of(file.summary().architecture()));
    facts.put("size_of_network", ArchitectureText.size(file.summary().architecture()));
    List<String> preparation =
        PreparationText.lines(file.contents().network().preparation()).stream()
            .map(PrintableText::of)
            .toList();
    if (!preparation.isEmpty()) {
      facts.put("preparation", preparation);
    }
    return facts;
  }

  private Map<String, Object> sizes(ExaminedFile file) {
    long floats = (long) Float.BYTES * teacher.parameters().length;
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("bytes", file.bytes());
    facts.put("teacher_bytes", floats);
    facts.put("times_smaller", Math.round(10.0 * floats / file.bytes()) / 10.0);
    facts.put("nonzero_parameters", file.nonzeros());
    facts.put("teacher_parameters", teacher.parameters().length);
    return facts;
  }

  private Map<String, Object> data() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("sweep", sweep.name());
    facts.put("training_file", Credentials.inMessage(sweep.data().train().features()));
    facts.put("training_examples", training.train().size());
    facts.put("validation_examples", training.validation().size());
    facts.put("test_examples", test.examples().size());
    facts.put("classes", training.classes());
    facts.put("training_sha256", training.digest());
    facts.put("test_sha256", ExamplesDigest.of(test.examples()));
    return facts;
  }

  private static Map<String, Object> settings(FrontierRow row) {
    Map<String, Object> facts = new LinkedHashMap<>(row.point());
    facts.put("key", row.key().hex());
    return facts;
  }

  private static Map<String, Object> metrics(FrontierRow row) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("metric", row.validation().metric().toString());
    put("validation", row.validation(), facts);
    @Nullable Selection selection = row.selection();
    if (selection != null) {
      facts.put("chosen_among", selection.among());
      facts.put("error_after_choice", selection.error());
    }
    @Nullable Robustness robustness = row.summary().robustness();
    if (robustness != null) {
      facts.put("robust_radius", robustness.radius());
      facts.put("robust_error", robustness.error());
    }
    @Nullable Score test = row.test();
    if (test != null) {
      put("test", test, facts);
    }
    return facts;
  }

  private static void put(String name, Score score, Map<String, Object> facts) {
    Estimate estimate = score.estimate();
    facts.put(name, estimate.value());
    facts.put(name + "_low", estimate.low());
    facts.put(name + "_high", estimate.high());
  }

  private Map<String, Object> provenance() {
    Provenance here = LocalProvenance.provenance(seed);
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("seed", here.seed());
    facts.put("pare", here.pareVersion());
    facts.put("java", here.javaVersion());
    facts.put("system", here.system());
    facts.put("matrix_library", here.blas());
    return facts;
  }

  private List<String> limits(@Nullable FrontierRow row) {
    List<String> limits = new ArrayList<>();
    limits.add(
        "All that is measured here is measured on data like the test data; of other data it says"
            + " nothing.");
    if (test.files() != TestData.Files.OWN) {
      limits.add(
          "Test examples are a share of the training files, not data of another time or place.");
    }
    limits.add(
        row == null
            ? "No frontier lists the file: with what settings it was made is not known here."
            : "The file was chosen among others by the validation metric, which is therefore a little"
                + " too good: after choice it is what the bootstrap makes of it without that, where it"
                + " is told. Test data chose nothing.");
    limits.add("Where a file does no harm in the mean it may in a class or a group that is small.");
    return limits;
  }
}
