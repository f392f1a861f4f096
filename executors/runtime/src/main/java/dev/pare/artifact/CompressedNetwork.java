package dev.pare.artifact;

import static java.util.Objects.requireNonNull;

import dev.pare.codec.CodeCost;
import dev.pare.codec.LevelCoding;
import dev.pare.graph.Architecture;
import dev.pare.graph.Network;
import dev.pare.graph.ParameterTensor;
import dev.pare.prepare.Preparation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a .pare file holds.
 *
 * @param architecture of the network
 * @param tensors one for each of {@link Architecture#tensors()}, in that order
 * @param origin where its training began, if that is known; one so much larger that no file holds
 *     it is dropped
 * @param preparation of raw rows, and the names of classes
 */
public record CompressedNetwork(
    Architecture architecture,
    List<CompressedTensor> tensors,
    Optional<Origin> origin,
    Preparation preparation) {
  public CompressedNetwork {
    requireNonNull(architecture, "architecture is null");
    tensors = List.copyOf(tensors);
    requireNonNull(origin, "origin is null");
    requireNonNull(preparation, "preparation is null");
    PreparationFormat.check(preparation, architecture);
    if (origin.isPresent() && !origin.get().fits(architecture)) {
      throw new IllegalArgumentException(origin.get() + " is not of " + architecture);
    }
    Architecture now = architecture;
    origin = origin.filter(first -> OriginFormat.mayHold(first, now));
    List<ParameterTensor> places = architecture.tensors();
    if (tensors.size() != places.size()) {
      throw new IllegalArgumentException(
          tensors.size() + " tensors for an architecture of " + places.size());
    }
    for (int i = 0; i < places.size(); i++) {
      ParameterTensor place = places.get(i);
      CompressedTensor tensor = tensors.get(i);
      if (tensor.rows() != place.rows() || tensor.columns() != place.columns()) {
        throw new IllegalArgumentException(
            "%s is %d×%d, must be %d×%d"
                .formatted(
                    place.name(), tensor.rows(), tensor.columns(), place.rows(), place.columns()));
      }
    }
  }

  /**
   * A network with weights and biases as floats; zero weights are left out where there are any. Of
   * unknown origin, reads features as they are.
   */
  public static CompressedNetwork of(Network network) {
    float[] parameters = network.parameters();
    return of(
        network,
        tensor -> {
          boolean sparse = false;
          for (int i = tensor.offset(); i < tensor.end(); i++) {
            sparse |= parameters[i] == 0;
          }
          float[] values = Arrays.copyOfRange(parameters, tensor.offset(), tensor.end());
          return sparse
              ? SparseFloatTensor.of(tensor.rows(), tensor.columns(), values)
              : new FloatTensor(tensor.rows(), tensor.columns(), values);
        });
  }

  /**
   * The same with weights in another form.
   *
   * @param weight makes each of the weight tensors
   */
  public static CompressedNetwork of(
      Network network, Function<ParameterTensor, ? extends CompressedTensor> weight) {
    float[] parameters = network.parameters();
    List<CompressedTensor> tensors = new ArrayList<>();
    for (ParameterTensor tensor : network.architecture().tensors()) {
      tensors.add(
          tensor.isWeight()
              ? weight.apply(tensor)
              : new FloatTensor(
                  tensor.rows(),
                  tensor.columns(),
                  Arrays.copyOfRange(parameters, tensor.offset(), tensor.end())));
    }
    return new CompressedNetwork(network.architecture(), tensors);
  }

  /** A network of unknown origin that reads features as they are. */
  public CompressedNetwork(Architecture architecture, List<CompressedTensor> tensors) {
    this(architecture, tensors, Optional.empty());
  }

  /** A network that reads features as they are. */
  public CompressedNetwork(
      Architecture architecture, List<CompressedTensor> tensors, Optional<Origin> origin) {
    this(architecture, tensors, origin, Preparation.NONE);
  }

  /** The same network of an origin. */
  public CompressedNetwork withOrigin(Optional<Origin> origin) {
    return new CompressedNetwork(architecture, tensors, origin, preparation);
  }

  /** The same network for rows of a preparation. */
  public CompressedNetwork withPreparation(Preparation preparation) {
    return new CompressedNetwork(architecture, tensors, origin, preparation);
  }

  /** A network of the same architecture, origin and preparation. */
  public CompressedNetwork withTensors(List<CompressedTensor> tensors) {
    return new CompressedNetwork(architecture, tensors, origin, preparation);
  }

  /** What the levels of each tensor cost in a file; nothing for one that has no levels. */
  public List<Optional<CodeCost>> codeCosts() {
    LevelCoders first = LevelCoders.of(this);
    List<Optional<CodeCost>> costs = new ArrayList<>();
    for (int i = 0; i < tensors.size(); i++) {
      costs.add(
          TensorFormat.cost(
              tensors.get(i),
              LevelCoding.CONTEXT_ARITHMETIC,
              first.coders(architecture.tensors().get(i))));
    }
    return costs;
  }

  /** The network with every value decoded. */
  public Network toNetwork() {
    float[] parameters = new float[architecture.parameters()];
    List<ParameterTensor> places = architecture.tensors();
    for (int i = 0; i < places.size(); i++) {
      tensors.get(i).decodeInto(parameters, places.get(i).offset());
    }
    return new Network(architecture, parameters);
  }
}
