package dev.pare.graph;

import static java.util.Objects.requireNonNull;

/**
 * An architecture and its parameters.
 *
 * <p>The parameters are not copied: whoever makes a network gives them away.
 */
public final class Network {
  private final Architecture architecture;
  private final float[] parameters;

  /**
   * @param parameters in the layout of {@link Architecture#tensors()}
   * @throws IllegalArgumentException if their number is not the architecture's
   */
  public Network(Architecture architecture, float[] parameters) {
    this.architecture = requireNonNull(architecture, "architecture is null");
    this.parameters = requireNonNull(parameters, "parameters is null");
    if (parameters.length != architecture.parameters()) {
      throw new IllegalArgumentException(
          parameters.length + " parameters for an architecture of " + architecture.parameters());
    }
  }

  public Architecture architecture() {
    return architecture;
  }

  /** The parameters themselves, not a copy. */
  public float[] parameters() {
    return parameters;
  }
}
