package dev.pare.examine;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Task;
import dev.pare.data.DataException;
import dev.pare.data.Examples;
import dev.pare.data.SubsetExamples;
import dev.pare.data.TrainingData;
import dev.pare.graph.Architecture;
import dev.pare.graph.Network;
import dev.pare.train.InputGradients;
import dev.pare.train.InputSpace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All measures of files of one teacher, on examples that no choice was made with. Equal networks,
 * examples and settings give equal findings.
 */
public final class Examination {
  /** Made one after the other: some have examples of their own. */
  private final List<Supplier<Measure<?>>> measures = new ArrayList<>();

  /**
   * @param data whose training examples say what inputs look like
   * @param test examples of classes, as the networks read them
   * @param groups of {@code test}; null for none
   * @param reads what networks of the teacher read
   * @throws DataException if the examples have no classes, or the samples are too large
   */
  public Examination(
      TrainingData data,
      Examples test,
      @Nullable Groups groups,
      Architecture reads,
      ExaminationSettings settings) {
    requireNonNull(data, "data is null");
    if (test.task() != Task.CLASSIFICATION) {
      throw new DataException(
          "data.task = " + test.task() + ": only networks that tell classes apart are examined");
    }
    measures.add(() -> new Behaviour(test, groups));
    Examples sample = sample(test, settings.sample(), settings.seed());
    Examples validation = data.validation();
    // Tokens are no numbers that could become a little worse.
    boolean numbers = Arrays.stream(reads.vocabularies()).allMatch(tokens -> tokens == 0);
    if (numbers) {
      checkSize("--sample", sample);
      InputSpace space = InputSpace.of(data.shape(), data.train(), reads);
      addCorruptions(sample, space, settings.seed());
      if (InputGradients.exist(reads)) {
        Examples attacked = sample(test, settings.attacked(), settings.seed());
        checkSize("--attacked", attacked);
        measures.add(() -> new Attacks(attacked, space, settings.radii(), settings.seed()));
        measures.add(() -> new Certificates(attacked, space, settings.radii()));
        measures.add(
            () ->
                new Explanations(sample(validation, settings.attacked(), settings.seed()), space));
      }
    }
    measures.add(() -> new BitFlips(sample, settings.seed()));
    measures.add(() -> new LayerSimilarity(validation));
    measures.add(
        () -> new Membership(sample(data.train(), sample.size(), settings.seed()), sample));
  }

  private void addCorruptions(Examples sample, InputSpace space, long seed) {
    for (Corruption corruption : Corruption.values()) {
      for (int s = 1; corruption.suits(space) && s <= corruption.strengths().length; s++) {
        int severity = s;
        measures.add(() -> new Corruptions(corruption, severity, sample, space, seed));
      }
    }
  }

  /** Changed features are in one array. */
  static void checkSize(String option, Examples examples) {
    if ((long) examples.size() * examples.features() > Integer.MAX_VALUE) {
      throw new DataException(
          "%s %d: of examples of %d features there can be at most %d"
              .formatted(
                  option,
                  examples.size(),
                  examples.features(),
                  Integer.MAX_VALUE / examples.features()));
    }
  }

  private static Examples sample(Examples examples, int most, long seed) {
    return most >= examples.size() ? examples : SubsetExamples.draw(examples, most, seed).drawn();
  }

  /**
   * Examines files.
   *
   * @return the findings of each file
   */
  public List<List<Finding>> of(Network teacher, List<Network> files) {
    List<List<Finding>> findings = new ArrayList<>();
    files.forEach(file -> findings.add(new ArrayList<>()));
    for (Supplier<Measure<?>> measure : measures) {
      add(measure.get(), teacher, files, findings);
    }
    return findings;
  }

  private static <R> void add(
      Measure<R> measure, Network teacher, List<Network> files, List<List<Finding>> findings) {
    R ofTeacher = measure.of(teacher);
    for (int i = 0; i < files.size(); i++) {
      measure
          .findings(ofTeacher, measure.of(files.get(i)))
          .forEach(new Joined(findings.get(i))::add);
    }
  }

  /** Findings, of which those of one key that follow each other are one. */
  private record Joined(List<Finding> all) {
    void add(Finding finding) {
      int last = all.size() - 1;
      if (last >= 0 && all.get(last).key().equals(finding.key())) {
        all.set(last, all.get(last).with(finding.rows()));
      } else {
        all.add(finding);
      }
    }
  }
}
