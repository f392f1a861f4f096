package dev.pare.examine;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Task;
import dev.pare.data.DataException;
import dev.pare.data.Examples;
import dev.pare.graph.Network;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All measures of files of one teacher, on examples that no choice was made with. Equal networks,
 * examples and settings give equal findings.
 */
public final class Examination {
  private final List<Measure<?>> measures = new ArrayList<>();

  /**
   * @param test examples of classes, as the networks read them
   * @param groups of {@code test}; null for none
   * @throws DataException if the examples have no classes
   */
  public Examination(Examples test, @Nullable Groups groups) {
    requireNonNull(test, "test is null");
    if (test.task() != Task.CLASSIFICATION) {
      throw new DataException(
          "data.task = " + test.task() + ": only networks that tell classes apart are examined");
    }
    measures.add(new Behaviour(test, groups));
  }

  /**
   * Examines files.
   *
   * @return the findings of each file
   */
  public List<List<Finding>> of(Network teacher, List<Network> files) {
    List<List<Finding>> findings = new ArrayList<>();
    files.forEach(file -> findings.add(new ArrayList<>()));
    for (Measure<?> measure : measures) {
      add(measure, teacher, files, findings);
    }
    return findings;
  }

  private static <R> void add(
      Measure<R> measure, Network teacher, List<Network> files, List<List<Finding>> findings) {
    R ofTeacher = measure.of(teacher);
    for (int i = 0; i < files.size(); i++) {
      findings.get(i).addAll(measure.findings(ofTeacher, measure.of(files.get(i))));
    }
  }
}
