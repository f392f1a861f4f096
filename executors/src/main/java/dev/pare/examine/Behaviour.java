package dev.pare.examine;

import static dev.pare.examine.Finding.Column.count;
import static dev.pare.examine.Finding.Column.number;
import static dev.pare.examine.Finding.Column.share;
import static dev.pare.examine.Finding.Column.text;

import dev.pare.candidate.Estimate;
import dev.pare.candidate.WilsonInterval;
import dev.pare.data.Examples;
import dev.pare.evaluate.McNemarTest;
import dev.pare.graph.Network;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How a file answers, example by example, where its teacher answers, too: how often alike, in which
 * classes and groups worse, which examples were lost and won (compression-identified exemplars,
 * Hooker et al. 2019), and how far its probabilities can be believed.
 */
final class Behaviour implements Measure<Outputs> {
  /** Examples that compression lost, shown one by one. */
  private static final int MOST_SHOWN = 20;

  private static final Finding.Column EXAMPLES = count("examples", "examples");
  private static final Finding.Column P = number("p", "p (McNemar)");

  private final Examples examples;
  private final @Nullable Groups groups;

  /**
   * @param groups of the examples; null for none
   */
  Behaviour(Examples examples, @Nullable Groups groups) {
    this.examples = examples;
    this.groups = groups;
  }

  @Override
  public Outputs of(Network network) {
    return Outputs.of(network, examples);
  }

  @Override
  public List<Finding> findings(Outputs teacher, Outputs file) {
    List<Finding> findings = new ArrayList<>();
    findings.add(error(teacher, file));
    findings.add(agreement(teacher, file));
    findings.add(
        parts(
            "classes",
            "Error by class",
            "Wilson's 95% interval of the file's error, and McNemar's exact paired test against the"
                + " teacher. Of many classes some are below 0.05 by chance.",
            classNames(file.classes()),
            file::label,
            teacher,
            file));
    if (groups != null) {
      findings.add(
          of(
              groups.column(),
              parts(
                  "groups",
                  "Error by " + groups.column(),
                  "As by class, of the examples with a value in the column.",
                  groups.names(),
                  groups::of,
                  teacher,
                  file)));
    }
    findings.add(changes(teacher, file));
    findings.add(exemplars(teacher, file));
    findings.add(confidence(teacher, file));
    return findings;
  }

  /** Groups, each with its column's name. */
  private static Finding of(String column, Finding groups) {
    List<Finding.Column> columns = new ArrayList<>(groups.columns());
    columns.add(0, text("column", "column"));
    List<List<Object>> rows = new ArrayList<>();
    for (List<Object> row : groups.rows()) {
      List<Object> cells = new ArrayList<>(row);
      cells.add(0, column);
      rows.add(cells);
    }
    return new Finding(groups.key(), groups.title(), groups.note(), columns, rows);
  }

  private List<String> classNames(int classes) {
    List<String> names = examples.classNames();
    return IntStream.range(0, classes)
        .mapToObj(c -> c < names.size() ? names.get(c) : Integer.toString(c))
        .toList();
  }

  private String className(int label) {
    return label < 0 ? "(none)" : classNames(label + 1).get(label);
  }

  private static Finding error(Outputs teacher, Outputs file) {
    McNemarTest test = McNemarTest.of(teacher.correctness(), file.correctness());
    return new Finding(
        "error",
        "Error",
        "Wilson's 95% interval; p says how likely a difference as large is by chance alone, by"
            + " McNemar's exact test of the examples that only one of the two gets right.",
        List.of(
            text("network", "network"),
            EXAMPLES,
            share("error", "error"),
            share("low", "low"),
            share("high", "high"),
            P),
        List.of(errorRow("teacher", teacher, Double.NaN), errorRow("file", file, test.pValue())));
  }

  private static List<Object> errorRow(String name, Outputs outputs, double p) {
    Estimate error = Estimate.error(outputs.examples() - outputs.wrong(), outputs.examples());
    return List.of(name, error.examples(), error.value(), error.low(), error.high(), p);
  }

  private static Finding agreement(Outputs teacher, Outputs file) {
    int same = 0;
    for (int i = 0; i < file.examples(); i++) {
      same += file.answer(i) == teacher.answer(i) ? 1 : 0;
    }
    WilsonInterval interval = WilsonInterval.of(same, file.examples());
    return new Finding(
        "agreement",
        "Agreement with the teacher",
        "The share of examples that both give the same class, right or wrong.",
        List.of(
            EXAMPLES, share("agreement", "same class"), share("low", "low"), share("high", "high")),
        List.of(
            List.of(
                file.examples(),
                (double) same / file.examples(),
                interval.low(),
                interval.high())));
  }

  /** What part an example is in. */
  private interface Part {
    int of(int example);
  }

  private static Finding parts(
      String key,
      String title,
      String note,
      List<String> names,
      Part part,
      Outputs teacher,
      Outputs file) {
    int[][] counts = new int[names.size()][5];
    for (int i = 0; i < file.examples(); i++) {
      int[] of = counts[part.of(i)];
      boolean before = teacher.isRight(i);
      boolean after = file.isRight(i);
      of[0]++;
      of[1] += before ? 0 : 1;
      of[2] += after ? 0 : 1;
      of[3] += before && !after ? 1 : 0;
      of[4] += after && !before ? 1 : 0;
    }
    List<List<Object>> rows = new ArrayList<>();
    for (int p = 0; p < counts.length; p++) {
      int[] of = counts[p];
      if (of[0] > 0) {
        Estimate error = Estimate.error(of[0] - of[2], of[0]);
        rows.add(
            List.of(
                names.get(p),
                of[0],
                (double) of[1] / of[0],
                error.value(),
                error.low(),
                error.high(),
                new McNemarTest(of[3], of[4]).pValue()));
      }
    }
    return new Finding(
        key,
        title,
        note,
        List.of(
            text("name", key.equals("classes") ? "class" : "group"),
            EXAMPLES,
            share("teacher_error", "teacher's error"),
            share("error", "error"),
            share("low", "low"),
            share("high", "high"),
            P),
        rows);
  }

  private Finding changes(Outputs teacher, Outputs file) {
    return new Finding(
        "changes",
        "Lost and won",
        "Examples that only the teacher, and that only the file gets right, counted from 1 in their"
            + " data.",
        List.of(
            text("change", "change"),
            EXAMPLES,
            new Finding.Column("rows", "which", Finding.Kind.COUNTS)),
        List.of(
            changed("lost", i -> teacher.isRight(i) && !file.isRight(i)),
            changed("won", i -> !teacher.isRight(i) && file.isRight(i))));
  }

  private List<Object> changed(String name, IntPredicate changed) {
    List<Integer> rows =
        IntStream.range(0, examples.size())
            .filter(changed)
            .mapToObj(i -> examples.originalIndex(i) + 1)
            .toList();
    return List.of(name, rows.size(), rows);
  }

  private Finding exemplars(Outputs teacher, Outputs file) {
    List<List<Object>> rows =
        IntStream.range(0, file.examples())
            .filter(i -> teacher.isRight(i) && !file.isRight(i))
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> -file.confidence(i)))
            .limit(MOST_SHOWN)
            .map(
                i ->
                    List.<Object>of(
                        examples.originalIndex(i) + 1,
                        className(file.label(i)),
                        className(file.answer(i)),
                        file.confidence(i)))
            .toList();
    return new Finding(
        "exemplars",
        "Lost with the most confidence",
        "Examples that the teacher gets right and the file does not, those first that it is surest"
            + " of; at most %d.".formatted(MOST_SHOWN),
        List.of(
            count("example", "example"),
            text("class", "class"),
            text("answer", "file's answer"),
            share("confidence", "confidence")),
        rows);
  }

  private static Finding confidence(Outputs teacher, Outputs file) {
    return new Finding(
        "confidence",
        "Confidence",
        "Expected calibration error in 15 bins (Guo et al. 2017), and the mean negative log"
            + " likelihood in nats: small where probabilities can be believed.",
        List.of(
            text("network", "network"),
            share("calibration_error", "calibration error"),
            number("log_loss", "log likelihood, negative")),
        List.of(confidenceRow("teacher", teacher), confidenceRow("file", file)));
  }

  private static List<Object> confidenceRow(String name, Outputs outputs) {
    Confidence confidence = Confidence.of(outputs);
    return List.of(name, confidence.calibrationError(), confidence.logLoss());
  }
}
