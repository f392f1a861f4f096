package dev.pare.candidate;

import static dev.pare.candidate.Checks.atLeast;
import static dev.pare.candidate.Checks.between;

import java.io.Serializable;

/**
 * What one example asks of a network: multiplications of weights by what their layers read, and of
 * two activations, as of queries and keys, each with an addition.
 *
 * @param activationDensity share of the numbers between layers, of those that layers with weights
 *     read, that are not zero; what the first of these layers reads, the example itself, does not
 *     count. 1 where there are none
 * @param originalMultiplyAdds of the network that was compressed
 * @param multiplyAdds of the file's network
 * @param effectiveMultiplyAdds the mean number of those whose weight and number are both not zero;
 *     all of those of two activations
 */
public record Operations(
    double activationDensity,
    long originalMultiplyAdds,
    long multiplyAdds,
    long effectiveMultiplyAdds)
    implements Serializable {
  /** Where nobody counted. */
  public static final Operations UNKNOWN = new Operations(0, 0, 0, 0);

  public Operations {
    between("activation-density", activationDensity, 0, 1);
    atLeast("original-multiply-adds", originalMultiplyAdds, 0);
    atLeast("multiply-adds", multiplyAdds, 0);
    atLeast("effective-multiply-adds", effectiveMultiplyAdds, 0);
  }
}
