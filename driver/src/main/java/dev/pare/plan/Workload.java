package dev.pare.plan;

import dev.pare.model.Architecture;
import dev.pare.model.Architecture.Shape;
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
    return new Workload(
        network.multiplyAdds(),
        network.parameters(),
        shapes.stream().mapToLong(Shape::size).sum(),
        shapes.get(0).size(),
        network.classes(),
        examples,
        variants,
        validation);
  }
}
