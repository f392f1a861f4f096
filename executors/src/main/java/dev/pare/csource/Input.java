package dev.pare.csource;

import dev.pare.export.ExportException;
import dev.pare.graph.Architecture;
import dev.pare.graph.InputShape;
import dev.pare.graph.Layer;
import dev.pare.graph.Node;
import dev.pare.graph.Quantization;
import dev.pare.prepare.Column;
import dev.pare.prepare.Preparation;
import java.util.ArrayList;
import java.util.List;

/** What leads from raw values to what the first layers read, and what refuses others. */
final class Input {
  private static final String REFUSED = "return -1;";

  private final Program program;
  private final Preparation preparation;

  Input(Program program, Preparation preparation) {
    this.program = program;
    this.preparation = preparation;
  }

  /** Where the input is divided by its divisor. */
  enum Division {
    /** In a copy of it. */
    OF_COPY,
    /** All that read it multiply it by weights, which are divided in its place. */
    OF_WEIGHTS,
    /** All that read it round it to levels, before which each number is divided. */
    OF_EACH;

    /** What needs no copy, if there is such. */
    static Division of(Architecture architecture) {
      List<Layer> readers =
          architecture.readers(Node.NETWORK_INPUT).stream()
              .map(architecture.layers()::get)
              .toList();
      return readers.stream().allMatch(Writers::isLinear)
          ? OF_WEIGHTS
          : readers.stream().allMatch(Quantization.class::isInstance) ? OF_EACH : OF_COPY;
    }
  }

  /**
   * Adds the statements.
   *
   * @throws ExportException if a column has texts
   */
  void write() {
    InputShape input = program.architecture().input();
    boolean isDivided = input.divisor() != 1 && program.division() == Division.OF_COPY;
    if (preparation.columns().isEmpty()) {
      check("all_finite", "features", input.size());
    }
    if (isDivided || !preparation.columns().isEmpty()) {
      program.buffer(
          "input",
          Element.FLOAT,
          input.size(),
          Node.NETWORK_INPUT,
          program.lastReader(Node.NETWORK_INPUT));
    }
    if (!preparation.columns().isEmpty()) {
      standardize(preparation.columns());
    }
    if (isDivided) {
      String from = preparation.columns().isEmpty() ? "features" : "input";
      program.statement(program.call("divide", from, "input", input.divisor(), input.size()) + ";");
    }
    checkTokens();
  }

  private void check(String function, Object... arguments) {
    program.open("if (!%s)".formatted(program.call(function, arguments)));
    program.statement(REFUSED);
    program.close();
  }

  private void standardize(List<Column> columns) {
    List<Column.Numeric> numbers = new ArrayList<>();
    for (Column column : columns) {
      if (!(column instanceof Column.Numeric number)) {
        throw new ExportException(
            "column %s has texts, which cannot be exported to C".formatted(column.name()));
      }
      numbers.add(number);
    }
    int count = numbers.size();
    float[] filled = new float[count];
    float[] means = new float[count];
    float[] deviations = new float[count];
    BitOutput fills = new BitOutput();
    for (int i = 0; i < count; i++) {
      Column.Numeric column = numbers.get(i);
      fills.add(column.fills() ? 1 : 0, 1);
      filled[i] = column.fills() ? column.fill() : 0;
      means[i] = column.mean();
      deviations[i] = column.deviation();
    }
    check(
        "standardize",
        "features",
        "input",
        program.bytes("fills", fills.finish()),
        program.floats("filled", filled),
        program.floats("means", means),
        program.floats("deviations", deviations),
        count);
  }

  private void checkTokens() {
    int[] vocabularies = program.architecture().vocabularies();
    for (int from = 0; from < vocabularies.length; ) {
      int to = from;
      while (to < vocabularies.length && vocabularies[to] == vocabularies[from]) {
        to++;
      }
      if (vocabularies[from] > 0) {
        check("tokens", program.input() + " + " + from, to - from, vocabularies[from]);
      }
      from = to;
    }
  }
}
