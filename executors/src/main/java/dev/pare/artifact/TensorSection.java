package dev.pare.artifact;

import dev.pare.model.ParameterTensor;

/**
 * The section of a tensor, not decoded yet.
 *
 * @param place what the tensor is
 * @param headerBytes of the section's kind and length
 * @param content stays where it begins
 */
record TensorSection(
    ParameterTensor place, Representation representation, int headerBytes, ByteSource content) {
  CompressedTensor read() {
    return TensorFormat.read(representation, place.rows(), place.columns(), content.duplicate());
  }

  SectionBytes measure() {
    return TensorFormat.measure(representation, place.rows(), place.columns(), content.duplicate())
        .plusHeader(headerBytes);
  }
}
