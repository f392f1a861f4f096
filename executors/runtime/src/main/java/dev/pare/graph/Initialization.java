package dev.pare.graph;

import dev.pare.graph.Parameter.Role;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;

/**
 * A network's first parameters: He's normal distribution (2015) before ReLU, Glorot's (2010)
 * elsewhere, biases zero, but those of an LSTM's forget gates one (Jozefowicz et al. 2015), slopes
 * of PReLUs a quarter (He et al. 2015), and positions small random numbers.
 */
public final class Initialization {
  private static final double POSITION_DEVIATION = 0.02;

  private static final float SLOPE = 0.25f;

  private Initialization() {}

  /** A fresh network; the same seed gives the same bits on every machine. */
  public static Network random(Architecture architecture, long seed) {
    float[] parameters = new float[architecture.parameters()];
    DoubleSupplier normals = normals(seed);
    for (ParameterTensor tensor : architecture.tensors()) {
      if (tensor.role() == Role.GAMMA || tensor.role() == Role.VARIANCE) {
        Arrays.fill(parameters, tensor.offset(), tensor.end(), 1);
      }
      if (tensor.role() == Role.SLOPE) {
        Arrays.fill(parameters, tensor.offset(), tensor.end(), SLOPE);
      }
      Layer layer = architecture.layers().get(tensor.layer()).whole();
      if (layer instanceof Lstm lstm && tensor.role() == Role.BIAS) {
        int forget = tensor.offset() + lstm.units();
        Arrays.fill(parameters, forget, forget + lstm.units(), 1);
      }
      if (isDrawn(architecture, tensor)) {
        double deviation = deviation(architecture, tensor);
        for (int i = tensor.offset(); i < tensor.end(); i++) {
          parameters[i] = (float) (deviation * normals.getAsDouble());
        }
      }
    }
    return new Network(architecture, parameters);
  }

  /** Whether a tensor's first values are random. */
  public static boolean isDrawn(Architecture architecture, ParameterTensor tensor) {
    return tensor.isWeight() || architecture.layers().get(tensor.layer()) instanceof Positions;
  }

  /**
   * The standard normal numbers of which {@link #random} makes all that is {@link #isDrawn drawn}:
   * each is the next one times its tensor's {@link #deviation}, in the order of the parameters.
   */
  public static DoubleSupplier normals(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return () -> normal(random);
  }

  /** The standard deviation of a weight tensor's first values. */
  public static double deviation(Architecture architecture, ParameterTensor tensor) {
    Layer layer = architecture.layers().get(tensor.layer());
    boolean fansIn = layer instanceof Dense || layer instanceof Convolution;
    if (fansIn && isRectified(architecture, tensor.layer())) {
      return Math.sqrt(2.0 / tensor.columns());
    }
    if (layer instanceof Positions) {
      return POSITION_DEVIATION;
    }
    if (layer instanceof Lstm lstm) {
      // Each gate is a layer of its own.
      return Math.sqrt(2.0 / (tensor.columns() + (double) lstm.units()));
    }
    double readers = tensor.rows();
    if (layer instanceof Convolution convolution) {
      readers *= (double) convolution.area() / convolution.groups();
    }
    if (layer instanceof TransposedConvolution convolution) {
      readers *= (double) convolution.area() / convolution.groups();
    }
    return Math.sqrt(2.0 / (tensor.columns() + readers));
  }

  /** Whether ReLU follows, or a sparse activation, which stands where one was. */
  private static boolean isRectified(Architecture architecture, int layer) {
    return architecture.layers().get(layer).activation() == Activation.RELU
        || architecture.readers(layer).stream()
            .anyMatch(reader -> architecture.layers().get(reader) instanceof SparseActivation);
  }

  /** Marsaglia's polar method over StrictMath, whose results no machine may vary. */
  private static double normal(SplittableRandom random) {
    while (true) {
      double u = 2 * random.nextDouble() - 1;
      double v = 2 * random.nextDouble() - 1;
      double s = u * u + v * v;
      if (s > 0 && s < 1) {
        return u * StrictMath.sqrt(-2 * StrictMath.log(s) / s);
      }
    }
  }
}
