package dev.pare.rewrite;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.CompressedTensor;
import dev.pare.artifact.Float16;
import dev.pare.artifact.Float8E4M3;
import dev.pare.artifact.FloatTensor;
import dev.pare.artifact.UniformTensor;
import dev.pare.codec.LevelMatrix;
import dev.pare.graph.Parameter.Role;
import dev.pare.graph.ParameterTensor;
import java.util.ArrayList;
import java.util.List;

/** How exactly biases are kept, and the parameters of batch normalization. */
public enum BiasPrecision {
  /** As they are. */
  FLOAT32,
  /** Rounded to IEEE 754 half precision; two bytes each. */
  FLOAT16,
  /** Rounded to 255 evenly spaced values up to the layer's largest; at most about a byte each. */
  UNIFORM8,
  /** Rounded to quarter precision (E4M3) times a power of two of the layer; a byte each. */
  FLOAT8;

  private static final int MOST_LEVEL = 127;

  /**
   * The network with biases of this precision; weights stay.
   *
   * @throws IllegalArgumentException if a bias is not finite
   */
  public CompressedNetwork apply(CompressedNetwork network) {
    List<ParameterTensor> places = network.architecture().tensors();
    List<CompressedTensor> tensors = new ArrayList<>(network.tensors());
    for (int i = 0; i < tensors.size(); i++) {
      if (places.get(i).role() == Role.BIAS) {
        tensors.set(i, of(tensors.get(i)));
      }
    }
    return network.withTensors(tensors);
  }

  /**
   * The network with normalization's parameters and PReLUs' slopes of this precision. Variances,
   * which divide, are never kept less exactly than in half precision.
   *
   * @throws IllegalArgumentException if one is not finite
   */
  public CompressedNetwork applyToNormalization(CompressedNetwork network) {
    List<ParameterTensor> places = network.architecture().tensors();
    List<CompressedTensor> tensors = new ArrayList<>(network.tensors());
    for (int i = 0; i < tensors.size(); i++) {
      switch (places.get(i).role()) {
        case GAMMA, BETA, SLOPE, MEAN -> tensors.set(i, of(tensors.get(i)));
        case VARIANCE -> tensors.set(i, (this == FLOAT32 ? this : FLOAT16).of(tensors.get(i)));
        case WEIGHT, LEFT_FACTOR, RIGHT_FACTOR, SPARSE_RESIDUAL, BIAS -> {
          // Have precisions of their own.
        }
      }
    }
    return network.withTensors(tensors);
  }

  private CompressedTensor of(CompressedTensor tensor) {
    float[] biases = tensor.toFloats();
    float largest = 0;
    for (float bias : biases) {
      if (!Float.isFinite(bias)) {
        throw new IllegalArgumentException("bias " + bias + ": must be finite");
      }
      largest = Math.max(largest, Math.abs(bias));
    }
    return switch (this) {
      case FLOAT32 -> new FloatTensor(tensor.rows(), tensor.columns(), biases);
      case FLOAT16 -> {
        float[] rounded = Float16.rounded(biases);
        // Beyond 65,504 there is no half.
        yield new FloatTensor(
            tensor.rows(),
            tensor.columns(),
            Float16.of(largest) == Float16.INFINITE ? biases : rounded);
      }
      case FLOAT8 -> new FloatTensor(tensor.rows(), tensor.columns(), Float8E4M3.rounded(biases));
      case UNIFORM8 -> uniform(tensor, biases, largest);
    };
  }

  private static CompressedTensor uniform(CompressedTensor tensor, float[] biases, float largest) {
    float scale = largest / MOST_LEVEL;
    // Two bytes do where the scale need not be exact.
    float half = Float16.toFloat(Float16.of(scale));
    if (half >= Float16.LEAST_NORMAL_VALUE && Float.isFinite(half)) {
      scale = half;
    }
    if (Float.isInfinite(MOST_LEVEL * scale)) {
      scale = Math.nextDown(scale);
    }
    short[] levels = new short[biases.length];
    for (int i = 0; i < biases.length && scale > 0; i++) {
      long level = Math.round(biases[i] / (double) scale);
      levels[i] = (short) Math.max(-MOST_LEVEL, Math.min(MOST_LEVEL, level));
    }
    return new UniformTensor(
        new LevelMatrix(tensor.rows(), tensor.columns(), levels), new float[] {scale});
  }
}
