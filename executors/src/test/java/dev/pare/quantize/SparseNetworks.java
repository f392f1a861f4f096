package dev.pare.quantize;

import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import dev.pare.graph.Parameter.Role;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.Pooling;
import java.util.List;
import java.util.SplittableRandom;

/** Random networks with zeros among their weights, one whole row of them included. */
final class SparseNetworks {
  static final Architecture ARCHITECTURE =
      new Architecture(
          new InputShape(1, 6, 6, 1),
          List.of(
              new Convolution(4, 3, 1, Activation.RELU),
              new Pooling(Pooling.Pool.MAX, 2, 2),
              new Dense(9, Activation.RELU),
              new Dense(3, Activation.SOFTMAX)));

  private SparseNetworks() {}

  static Network random(SplittableRandom random) {
    float[] parameters = new float[ARCHITECTURE.parameters()];
    for (int i = 0; i < parameters.length; i++) {
      double u = 2 * random.nextDouble() - 1;
      parameters[i] = random.nextInt(3) == 0 ? 0 : (float) (u * u * u);
    }
    ParameterTensor first = ARCHITECTURE.tensors().get(0);
    java.util.Arrays.fill(parameters, 0, first.columns(), 0);
    return new Network(ARCHITECTURE, parameters);
  }

  static List<ParameterTensor> tensors(Role role) {
    return ARCHITECTURE.tensors().stream().filter(t -> t.role() == role).toList();
  }

  static float[] gradient(SplittableRandom random) {
    float[] gradient = new float[ARCHITECTURE.parameters()];
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = (float) (2 * random.nextDouble() - 1);
    }
    return gradient;
  }
}
