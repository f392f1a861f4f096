package dev.pare.plan;

import dev.pare.model.Architecture;
import dev.pare.model.Architecture.Shape;
import dev.pare.model.Layer;
import dev.pare.model.ParameterTensor;
import dev.pare.model.ParameterTensor.Role;
import java.util.List;

/**
 * How much there is to reckon with one network and its data.
 *
 * @param multiplyAdds of one example's way through the network
 * @param parameters of the network
 * @param activations numbers between the layers, of one example, its features included
 * @param features of an example
 * @param examples an epoch has
 * @param variants how many copies of the training examples a JVM's tasks share
 * @param validation examples that judge a candidate
 */
public record Workload(
    long multiplyAdds,
    long parameters,
    long activations,
    int features,
    int classes,
    int examples,
    int variants,
    int validation) {
  /** Of a network and its data. */
  public static Workload of(Architecture network, int examples, int variants, int validation) {
    List<Shape> shapes = network.shapes();
    long multiplyAdds = 0;
    for (ParameterTensor tensor : network.tensors()) {
      if (tensor.role() == Role.WEIGHT) {
        Layer layer = network.layers().get(tensor.layer());
        Shape out = shapes.get(tensor.layer() + 1);
        // A convolution's and attention's weights are used at each place, an LSTM's at each step.
        long uses =
            switch (layer.whole().kind()) {
              case DENSE -> 1;
              case LSTM -> shapes.get(tensor.layer()).height();
              default -> (long) out.height() * out.width();
            };
        multiplyAdds += uses * tensor.rows() * tensor.columns();
      }
    }
    return new Workload(
        multiplyAdds,
        network.parameters(),
        shapes.stream().mapToLong(Shape::size).sum(),
        shapes.get(0).size(),
        network.classes(),
        examples,
        variants,
        validation);
  }
}
