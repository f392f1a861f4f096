package dev.pare.artifact;

import dev.pare.model.ParameterTensor;

/**
 * The section of a tensor, not decoded yet.
 *
 * @param place what the tensor is
 * @param headerBytes of the section's kind and length
 * @param first weights of the network
 * @param content stays where it begins
 */
record TensorSection(
    ParameterTensor place,
    Representation representation,
    int headerBytes,
    FirstWeights first,
    ByteSource content) {
  CompressedTensor read() {
    return TensorFormat.read(
        representation, place.rows(), place.columns(), first.coders(place), content.duplicate());
  }

  SectionBytes measure() {
    return TensorFormat.measure(
            representation, place.rows(), place.columns(), first.coders(place), content.duplicate())
        .plusHeader(headerBytes);
  }
}
