package dev.pare.onnx;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Activation functions that exporters write as arithmetic around a simpler one: SiLU, hard swish,
 * hard sigmoid and both forms of GELU. However the arithmetic is arranged, it is a polynomial in x
 * and in the simpler function's value, and so is compared by its coefficients.
 */
final class FunctionPattern {
  private static final Set<String> ARITHMETIC = Set.of("Add", "Sub", "Mul", "Div", "Pow", "Neg");
  private static final Set<String> ROOTS = Set.of("Add", "Mul", "Div");
  private static final int MOST_DEPTH = 5;
  private static final int MOST_GATES = 4;

  /** For constants that exporters round. */
  private static final double TOLERANCE = 1e-4;

  private static final double TANH_SCALE = Math.sqrt(2 / Math.PI);

  private static final List<Form> FORMS =
      List.of(
          new Form("Sigmoid", of(0, 1), of(), of(0, 1), "Swish", Map.of()),
          new Form("HardSigmoid", of(0, 1), of(), of(0, 1), "HardSwish", Map.of()),
          new Form("Clip", of(3, 1), of(), of(0, 1. / 6), "HardSwish", Map.of()),
          new Form(
              "Clip",
              of(3, 1),
              of(),
              of(1. / 6),
              "HardSigmoid",
              Map.of("alpha", new Attribute.Real(1f / 6), "beta", new Attribute.Real(0.5f))),
          new Form("Erf", of(0, Math.sqrt(0.5)), of(0, 0.5), of(0, 0.5), "Gelu", Map.of()),
          new Form(
              "Tanh",
              of(0, TANH_SCALE, 0, TANH_SCALE * 0.044715),
              of(0, 0.5),
              of(0, 0.5),
              "Gelu",
              Map.of("approximate", new Attribute.Text("tanh"))));

  private final Links links;

  FunctionPattern(Links links) {
    this.links = links;
  }

  /**
   * A function as it is written.
   *
   * @param gate operator of the simpler function
   * @param argument what that is of, by powers of x
   * @param without of the whole, what the simpler function is not a factor of, likewise
   * @param with what it is a factor of, likewise
   * @param operator what that is in one
   */
  private record Form(
      String gate,
      Polynomial argument,
      Polynomial without,
      Polynomial with,
      String operator,
      Map<String, Attribute> attributes) {}

  private static Polynomial of(double... coefficients) {
    return Polynomial.of(coefficients);
  }

  /** One node in place of this and what it reads, if together they are such a function. */
  Optional<OnnxNode> endingWith(OnnxNode root) {
    if (!ROOTS.contains(root.operator()) || root.outputs().isEmpty()) {
      return Optional.empty();
    }
    String output = root.outputs().get(0);
    int gates = 0;
    for (String name : within(output, MOST_DEPTH - 1)) {
      OnnxNode gate = links.maker(name);
      if (gate == null || gates >= MOST_GATES || gate.inputs().isEmpty()) {
        continue;
      }
      boolean counted = false;
      for (Form form : FORMS) {
        if (isGate(gate, form)) {
          counted = true;
          Optional<String> x = variable(gate.inputs().get(0), form.argument());
          if (x.isPresent() && is(output, x.get(), name, form)) {
            return Optional.of(
                new OnnxNode(
                    root.name(),
                    form.operator(),
                    List.of(x.get()),
                    root.outputs(),
                    form.attributes()));
          }
        }
      }
      gates += counted ? 1 : 0;
    }
    return Optional.empty();
  }

  private boolean isGate(OnnxNode node, Form form) {
    if (!node.operator().equals(form.gate())) {
      return false;
    }
    return switch (node.operator()) {
      case "HardSigmoid" ->
          isNear(node.number("alpha", 0.2f), 1. / 6) && isNear(node.number("beta", 0.5f), 0.5);
      case "Clip" -> bound(node, "min", 1) == 0 && bound(node, "max", 2) == 6;
      default -> true;
    };
  }

  private double bound(OnnxNode node, String attribute, int input) {
    return node.inputs().size() > input
        ? links.number(node.inputs().get(input)).orElse(Double.NaN)
        : node.number(attribute, Float.NaN);
  }

  /** Values that arithmetic makes one of, itself included, the nearest first. */
  private List<String> within(String name, int depth) {
    Set<String> found = new LinkedHashSet<>();
    List<String> last = List.of(name);
    for (int i = 0; i <= depth; i++) {
      List<String> next = new ArrayList<>();
      for (String one : last) {
        if (one.isEmpty() || links.constant(one) != null || !found.add(one)) {
          continue;
        }
        OnnxNode maker = links.maker(one);
        if (maker != null && ARITHMETIC.contains(maker.operator())) {
          next.addAll(maker.inputs().subList(0, Math.min(2, maker.inputs().size())));
        }
      }
      last = next;
    }
    return List.copyOf(found);
  }

  /** Of which value another one is this polynomial. */
  private Optional<String> variable(String name, Polynomial expected) {
    return within(name, MOST_DEPTH).stream()
        .filter(
            x -> {
              Terms found = terms(name, x, "", MOST_DEPTH);
              return found != null && found.without().isNear(expected);
            })
        .findFirst();
  }

  private boolean is(String name, String x, String gate, Form form) {
    Terms found = terms(name, x, gate, MOST_DEPTH);
    return found != null
        && found.without().isNear(form.without())
        && found.with().isNear(form.with());
  }

  private static boolean isNear(double one, double other) {
    return Math.abs(one - other) <= TOLERANCE * Math.abs(other);
  }

  /** By powers of x up to the third. */
  private record Polynomial(double zeroth, double first, double second, double third) {
    static final Polynomial ZERO = of();

    static Polynomial of(double... coefficients) {
      double[] all = java.util.Arrays.copyOf(coefficients, 4);
      return new Polynomial(all[0], all[1], all[2], all[3]);
    }

    private double at(int power) {
      return switch (power) {
        case 0 -> zeroth;
        case 1 -> first;
        case 2 -> second;
        default -> third;
      };
    }

    Polynomial plus(Polynomial other, double factor) {
      double[] sum = new double[4];
      for (int i = 0; i < 4; i++) {
        sum[i] = at(i) + factor * other.at(i);
      }
      return of(sum);
    }

    /** Null if it has higher powers. */
    @Nullable Polynomial times(Polynomial other) {
      double[] product = new double[7];
      for (int i = 0; i < 4; i++) {
        for (int j = 0; j < 4; j++) {
          product[i + j] += at(i) * other.at(j);
        }
      }
      return product[4] == 0 && product[5] == 0 && product[6] == 0 ? of(product) : null;
    }

    boolean isNear(Polynomial other) {
      for (int i = 0; i < 4; i++) {
        if (!FunctionPattern.isNear(at(i), other.at(i))) {
          return false;
        }
      }
      return true;
    }
  }

  /** What the gate is not a factor of, and what it is one of. */
  private record Terms(Polynomial without, Polynomial with) {
    static Terms constant(double value) {
      return new Terms(Polynomial.of(value), Polynomial.ZERO);
    }

    Terms plus(Terms other, double factor) {
      return new Terms(without.plus(other.without, factor), with.plus(other.with, factor));
    }

    @Nullable Terms times(Terms other) {
      Polynomial none = without.times(other.without);
      Polynomial first = without.times(other.with);
      Polynomial second = with.times(other.without);
      Polynomial both = with.times(other.with);
      return none == null || first == null || second == null || !Polynomial.ZERO.equals(both)
          ? null
          : new Terms(none, first.plus(second, 1));
    }
  }

  /** Null if a value is no such polynomial. */
  private @Nullable Terms terms(String name, String x, String gate, int depth) {
    if (name.isEmpty()) {
      return null;
    }
    if (name.equals(gate)) {
      return new Terms(Polynomial.ZERO, of(1));
    }
    if (name.equals(x)) {
      return new Terms(of(0, 1), Polynomial.ZERO);
    }
    OptionalDouble number = links.number(name);
    if (number.isPresent()) {
      return Terms.constant(number.getAsDouble());
    }
    OnnxNode maker = links.maker(name);
    if (depth == 0 || maker == null || !ARITHMETIC.contains(maker.operator())) {
      return null;
    }
    List<String> inputs = maker.inputs();
    Terms one = inputs.isEmpty() ? null : terms(inputs.get(0), x, gate, depth - 1);
    if (one == null || maker.operator().equals("Neg")) {
      return one == null ? null : Terms.constant(0).plus(one, -1);
    }
    if (inputs.size() != 2) {
      return null;
    }
    OptionalDouble constant = links.number(inputs.get(1));
    return switch (maker.operator()) {
      case "Div" ->
          constant.isPresent() && constant.getAsDouble() != 0
              ? one.times(Terms.constant(1 / constant.getAsDouble()))
              : null;
      case "Pow" -> power(one, constant.orElse(0));
      default -> {
        Terms other = terms(inputs.get(1), x, gate, depth - 1);
        yield other == null
            ? null
            : switch (maker.operator()) {
              case "Add" -> one.plus(other, 1);
              case "Sub" -> one.plus(other, -1);
              default -> one.times(other);
            };
      }
    };
  }

  private static @Nullable Terms power(Terms base, double exponent) {
    if (exponent != 2 && exponent != 3) {
      return null;
    }
    Terms square = base.times(base);
    return exponent == 2 || square == null ? square : square.times(base);
  }
}
