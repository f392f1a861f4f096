package dev.pare.graph;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.OptionalDouble;

/**
 * A function of each number by itself.
 *
 * @param function which one
 * @param first its first constant, 0 where it has none
 * @param second its second constant, 0 where it has none
 */
public record Elementwise(Function function, float first, float second) implements Layer {
  /** The functions, x being the number and a and b the constants. */
  public enum Function {
    /** max(0, x). */
    RELU(0, 0),
    /** x within a and b; ReLU6 is that of 0 and 6. */
    CLIP(1, 2),
    /** x, or a·x below zero. */
    LEAKY_RELU(2, 1),
    /** x, or a·(eˣ − 1) below zero (Clevert et al. 2016). */
    ELU(3, 1),
    /** Scaled ELU (Klambauer et al. 2017). */
    SELU(4, 0),
    /** 1 / (1 + e⁻ˣ). */
    SIGMOID(5, 0),
    /** a·x + b within 0 and 1. */
    HARD_SIGMOID(6, 2),
    TANH(7, 0),
    /** log(1 + eˣ). */
    SOFTPLUS(8, 0),
    /** x·sigmoid(x), also called swish (Ramachandran et al. 2017). */
    SILU(9, 0),
    /** x times (x + 3) / 6 within 0 and 1 (Howard et al. 2019). */
    HARD_SWISH(10, 0),
    /** x·Φ(x) (Hendrycks and Gimpel 2016). */
    GELU(11, 0),
    /** Their approximation of it by tanh. */
    GELU_TANH(12, 0),
    /** −x and the like: a·x + b. */
    AFFINE(13, 2),
    /** x², for variances and norms. */
    SQUARE(14, 0),
    /** |x|. */
    ABSOLUTE(15, 0);

    private final int code;
    private final int constants;

    Function(int code, int constants) {
      this.code = code;
      this.constants = constants;
    }

    /** The number that stands for this function in files; never reused. */
    public int code() {
      return code;
    }

    /** How many constants it has. */
    public int constants() {
      return constants;
    }
  }

  private static final double SELU_ALPHA = 1.6732632423543772;
  private static final double SELU_SCALE = 1.0507009873554805;
  private static final double GELU_SCALE = Math.sqrt(2 / Math.PI);
  private static final double GELU_CUBE = 0.044715;

  public Elementwise {
    requireNonNull(function, "function is null");
    if (!Float.isFinite(first) && function != Function.CLIP
        || !Float.isFinite(second) && function != Function.CLIP
        || Float.isNaN(first)
        || Float.isNaN(second)) {
      throw new IllegalArgumentException(
          "constants %s and %s of %s: must be finite".formatted(first, second, function));
    }
    if (function.constants < 2 && second != 0 || function.constants < 1 && first != 0) {
      throw new IllegalArgumentException(
          "constants %s and %s: %s has %d".formatted(first, second, function, function.constants));
    }
    if (function == Function.CLIP && first > second) {
      throw new IllegalArgumentException("clips to nothing between " + first + " and " + second);
    }
  }

  /** A function without constants. */
  public static Elementwise of(Function function) {
    return new Elementwise(function, 0, 0);
  }

  @Override
  public String title() {
    return function.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
  }

  @Override
  public String summary() {
    return switch (function.constants) {
      case 0 -> title();
      case 1 -> title() + " " + first;
      default -> title() + " " + first + " " + second;
    };
  }

  @Override
  public Shape output(List<Shape> inputs) {
    return inputs.get(0);
  }

  @Override
  public ChannelFlow flow(List<Shape> inputs) {
    return ChannelFlow.same(inputs, inputs.get(0));
  }

  @Override
  public boolean isNeverNegative(boolean inputs) {
    return switch (function) {
      case RELU, SIGMOID, HARD_SIGMOID, SOFTPLUS, SQUARE, ABSOLUTE -> true;
      case CLIP -> first >= 0;
      case LEAKY_RELU, ELU, SELU, SILU, HARD_SWISH, GELU, GELU_TANH, TANH -> inputs;
      case AFFINE -> inputs && first >= 0 && second >= 0;
    };
  }

  @Override
  public OptionalDouble ofConstant(double number) {
    return OptionalDouble.of(of(number));
  }

  @Override
  public boolean makesZeros() {
    return function == Function.RELU || function == Function.CLIP && first == 0;
  }

  @Override
  public ExampleCost extraCost(List<Shape> inputs, Shape output) {
    return new ExampleCost(0, ExampleCost.SLOW * output.size());
  }

  /** The function's value. */
  public double of(double x) {
    return switch (function) {
      case RELU -> Math.max(0, x);
      case CLIP -> Math.min(second, Math.max(first, x));
      case LEAKY_RELU -> x < 0 ? first * x : x;
      case ELU -> x < 0 ? first * StrictMath.expm1(x) : x;
      case SELU -> SELU_SCALE * (x < 0 ? SELU_ALPHA * StrictMath.expm1(x) : x);
      case SIGMOID -> sigmoid(x);
      case HARD_SIGMOID -> Math.min(1, Math.max(0, first * x + second));
      case TANH -> StrictMath.tanh(x);
      case SOFTPLUS -> Math.max(0, x) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
      case SILU -> x * sigmoid(x);
      case HARD_SWISH -> x * hardSigmoid(x);
      case GELU -> x * NormalDistribution.cumulative(x);
      case GELU_TANH -> 0.5 * x * (1 + StrictMath.tanh(GELU_SCALE * (x + GELU_CUBE * x * x * x)));
      case AFFINE -> first * x + second;
      case SQUARE -> x * x;
      case ABSOLUTE -> Math.abs(x);
    };
  }

  /** The function's derivative; at a kink, that of the side where it is smaller. */
  public double derivative(double x) {
    return switch (function) {
      case RELU -> x > 0 ? 1 : 0;
      case CLIP -> x > first && x < second ? 1 : 0;
      case LEAKY_RELU -> x < 0 ? first : 1;
      case ELU -> x < 0 ? first * StrictMath.exp(x) : 1;
      case SELU -> SELU_SCALE * (x < 0 ? SELU_ALPHA * StrictMath.exp(x) : 1);
      case SIGMOID -> sigmoid(x) * (1 - sigmoid(x));
      case HARD_SIGMOID -> {
        double line = first * x + second;
        yield line > 0 && line < 1 ? first : 0;
      }
      case TANH -> {
        double tanh = StrictMath.tanh(x);
        yield 1 - tanh * tanh;
      }
      case SOFTPLUS -> sigmoid(x);
      case SILU -> sigmoid(x) * (1 + x * (1 - sigmoid(x)));
      case HARD_SWISH -> x <= -3 ? 0 : x >= 3 ? 1 : (2 * x + 3) / 6;
      case GELU -> NormalDistribution.cumulative(x) + x * NormalDistribution.density(x);
      case GELU_TANH -> {
        double tanh = StrictMath.tanh(GELU_SCALE * (x + GELU_CUBE * x * x * x));
        double inner = GELU_SCALE * (1 + 3 * GELU_CUBE * x * x);
        yield 0.5 * (1 + tanh) + 0.5 * x * (1 - tanh * tanh) * inner;
      }
      case AFFINE -> first;
      case SQUARE -> 2 * x;
      case ABSOLUTE -> Math.signum(x);
    };
  }

  private static double sigmoid(double x) {
    return 1 / (1 + StrictMath.exp(-x));
  }

  private static double hardSigmoid(double x) {
    return Math.min(1, Math.max(0, (x + 3) / 6));
  }
}
