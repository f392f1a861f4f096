package dev.pare.artifact;

import static java.util.Objects.requireNonNull;

import dev.pare.model.Architecture;
import dev.pare.model.Network;
import dev.pare.model.ParameterTensor;
import java.util.List;

/**
 * What a .pare file holds.
 *
 * @param architecture of the network
 * @param tensors one for each of {@link Architecture#tensors()}, in that order
 */
public record CompressedNetwork(Architecture architecture, List<CompressedTensor> tensors) {
  public CompressedNetwork {
    requireNonNull(architecture, "architecture is null");
    tensors = List.copyOf(tensors);
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
