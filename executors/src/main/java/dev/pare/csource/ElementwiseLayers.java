package dev.pare.csource;

import dev.pare.graph.Elementwise;
import dev.pare.graph.Prelu;
import dev.pare.graph.Shape;
import dev.pare.graph.Softmax;
import dev.pare.graph.SparseActivation;

/** Functions of each number by itself, or of a place's, and sparse activations. */
final class ElementwiseLayers {
  private ElementwiseLayers() {}

  static void function(Elementwise layer, Place place) {
    String x = place.input();
    String y = place.inPlace();
    float a = layer.first();
    float b = layer.second();
    switch (layer.function()) {
      case RELU -> place.each("relu", x, y);
      case CLIP -> place.each("clip", x, y, a, b);
      case LEAKY_RELU -> place.each("leaky_relu", x, y, a);
      case ELU -> place.each("elu", x, y, a);
      case SELU -> place.each("selu", x, y);
      case SIGMOID -> place.each("sigmoid", x, y);
      case HARD_SIGMOID -> place.each("hard_sigmoid", x, y, a, b);
      case TANH -> place.each("hyperbolic_tangent", x, y);
      case SOFTPLUS -> place.each("softplus", x, y);
      case SILU -> place.each("silu", x, y);
      case HARD_SWISH -> place.each("hard_swish", x, y);
      case GELU -> place.each("gelu", x, y);
      case GELU_TANH -> place.each("gelu_tanh", x, y);
      case AFFINE -> place.each("affine", x, y, a, b);
      case SQUARE -> place.each("square", x, y);
      case ABSOLUTE -> place.each("absolute", x, y);
    }
  }

  static void sparse(SparseActivation layer, Place place) {
    String x = place.input();
    switch (layer.rule()) {
      case THRESHOLD -> place.each("threshold", x, place.inPlace(), layer.level());
      case BINARY -> place.each("binary", x, place.inPlace(), layer.level());
      case TOP_K -> {
        int size = place.shape().size();
        place.call("top_k", x, place.output(), size, Math.min(layer.k(), size));
      }
    }
  }

  static void prelu(Prelu layer, Place place) {
    String x = place.input();
    String y = place.inPlace();
    Shape shape = place.shape();
    place.call("slope_channels", x, y, place.floats("slope"), shape.channels(), shape.places());
  }

  static void softmax(Softmax layer, Place place) {
    String x = place.input();
    String y = place.inPlace();
    place.call(
        switch (layer.form()) {
          case SHARES -> "softmax_places";
          case LOGARITHMS -> "log_softmax_places";
        },
        x,
        y,
        place.shape().channels(),
        place.shape().places());
  }
}
