package dev.pare.artifact;

import dev.pare.graph.ParameterTensor;

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
    LevelCoders first,
    ByteSource content) {
  /** The tensor, and where the bytes of the section went. */
  TensorFormat.Decoded read() {
    TensorFormat.Decoded decoded =
        TensorFormat.read(representation, place, first.coders(place), content.duplicate());
    return new TensorFormat.Decoded(decoded.tensor(), decoded.bytes().plusHeader(headerBytes));
  }
}
