package dev.pare.graph;

/** Functions as their papers have them, in double precision. */
final class ReferenceFunctions {
  private ReferenceFunctions() {}

  static double of(Elementwise layer, double x) {
    double a = layer.first();
    double b = layer.second();
    return switch (layer.function()) {
      case RELU -> x > 0 ? x : 0;
      case CLIP -> x < a ? a : x > b ? b : x;
      case LEAKY_RELU -> x > 0 ? x : a * x;
      case ELU -> x > 0 ? x : a * (Math.exp(x) - 1);
      case SELU -> 1.0507009873554804934 * (x > 0 ? x : 1.6732632423543772848 * (Math.exp(x) - 1));
      case SIGMOID -> Math.exp(x) / (1 + Math.exp(x));
      case HARD_SIGMOID -> a * x + b < 0 ? 0 : a * x + b > 1 ? 1 : a * x + b;
      case TANH -> (Math.exp(2 * x) - 1) / (Math.exp(2 * x) + 1);
      case SOFTPLUS -> Math.log(1 + Math.exp(x));
      case SILU -> x * Math.exp(x) / (1 + Math.exp(x));
      case HARD_SWISH -> x * (x + 3 < 0 ? 0 : x + 3 > 6 ? 6 : x + 3) / 6;
      case GELU -> x * cumulative(x);
      case GELU_TANH ->
          x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
      case AFFINE -> a * x + b;
      case SQUARE -> x * x;
      case ABSOLUTE -> x < 0 ? -x : x;
    };
  }

  /** The share of the standard normal distribution below x, by Simpson's rule. */
  private static double cumulative(double x) {
    int pieces = 2000;
    double width = x / pieces;
    double sum = 0;
    for (int i = 0; i <= pieces; i++) {
      double factor = i == 0 || i == pieces ? 1 : i % 2 == 1 ? 4 : 2;
      sum += factor * Math.exp(-(i * width) * (i * width) / 2);
    }
    return 0.5 + sum * width / 3 / Math.sqrt(2 * Math.PI);
  }
}
