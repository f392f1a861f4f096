package dev.pare.csource;

import dev.pare.export.ExportException;
import dev.pare.graph.Architecture;
import dev.pare.graph.InputShape;
import dev.pare.graph.Node;
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

  /**
   * Whether weights can be divided in place of the input: where all that read it multiply it by
   * weights and do nothing else with it, there need not be a copy of it.
   */
  static boolean canScaleWeights(Architecture architecture) {
    return architecture.readers(Node.NETWORK_INPUT).stream()
        .allMatch(reader -> Writers.isLinear(architecture.layers().get(reader)));
  }

  /**
   * Adds the statements.
   *
   * @throws ExportException if a column has texts
   */
  void write() {
    InputShape input = program.architecture().input();
    boolean isDivided = input.divisor() != 1 && program.weightScale(program.input()) == 1;
    if (preparation.columns().isEmpty()) {
      check("all_finite", "features", input.size());
    }
    if (isDivided || !preparation.columns().isEmpty()) {
      program.buffer(
          "input", input.size(), Node.NETWORK_INPUT, program.lastReader(Node.NETWORK_INPUT));
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
