package dev.pare.candidate;

import static dev.pare.candidate.Checks.atLeast;
import static java.util.Objects.requireNonNull;

import java.io.Serializable;

/**
 * What one tensor of a layer takes in a .pare file.
 *
 * @param tensor the layer's index and the parameter's name, as {@code 0_W}
 * @param representation how the file holds it, as {@code codebook}
 * @param weights values it had in the network that was compressed; its own where that had other
 *     layers
 * @param rows output units or filters that the file has, 1 for a bias
 * @param columns inputs of a unit that the file has, the units for a bias
 * @param nonzeros values that are not zero
 * @param distinctValues different values, zero included where it occurs
 * @param bytes the tensor's whole section
 */
public record LayerSize(
    String tensor,
    String representation,
    long weights,
    int rows,
    int columns,
    long nonzeros,
    int distinctValues,
    long bytes)
    implements Serializable {
  public LayerSize {
    requireNonNull(tensor, "tensor is null");
    requireNonNull(representation, "representation is null");
    atLeast("nonzeros", nonzeros, 0);
    atLeast("bytes", bytes, 0);
  }
}
