package dev.pare.plan;

import dev.pare.candidate.ArchitectureForm;
import dev.pare.evaluate.Evaluator;
import dev.pare.graph.Architecture;
import dev.pare.train.Engines;
import dev.pare.train.ExampleGradients;
import dev.pare.train.LayerInputs;
import java.util.Optional;

/**
 * How much there is to reckon with one network and its data.
 *
 * @param multiplyAdds of one example's way through the network
 * @param parameters of the network
 * @param features of one example
 * @param trainingBytes of the layers' buffers, for each example of a batch in training
 * @param evaluationBytes of the layers' buffers, for the batch that is evaluated at once
 * @param gradientBytes of the layers' buffers, for the examples whose gradient saliencies ask at
 *     once
 * @param momentBytes of what least squares need to know of the layers' inputs
 * @param examples an epoch has
 * @param variants how many copies of the training examples a JVM's tasks share
 * @param validation examples that judge a candidate
 * @param dataBytes what the examples take in memory
 * @param metricBytes what the metric takes for the validation examples, beside a network's outputs
 */
public record Workload(
    long multiplyAdds,
    long parameters,
    int features,
    long trainingBytes,
    long evaluationBytes,
    long gradientBytes,
    long momentBytes,
    int classes,
    int examples,
    int variants,
    int validation,
    long dataBytes,
    long metricBytes) {
  /** Of students that began with other layers and learn from the same data. */
  public Workload startingWith(Optional<ArchitectureForm> layers) {
    return layers
        .map(
            form -> of(form.architecture(), examples, variants, validation, dataBytes, metricBytes))
        .orElse(this);
  }

  /** Of a network and its data. */
  public static Workload of(
      Architecture network,
      int examples,
      int variants,
      int validation,
      long dataBytes,
      long metricBytes) {
    return new Workload(
        network.multiplyAdds(),
        network.parameters(),
        network.input().size(),
        Engines.trainingBytes(network),
        Engines.inferenceBytes(network) * Evaluator.batch(network),
        Engines.trainingBytes(network) * ExampleGradients.smallestBatch(network),
        LayerInputs.momentBytes(network),
        network.outputs(),
        examples,
        variants,
        validation,
        dataBytes,
        metricBytes);
  }
}
