package dev.pare.train;

import static java.util.Objects.requireNonNull;

import dev.pare.model.Architecture;
import dev.pare.model.Network;
import dev.pare.model.ParameterTensor;
import dev.pare.model.ParameterTensor.Role;

/** Free parameters, of which some are held at zero. Penalties apply to weights, not to biases. */
public final class MaskedWeights implements Variables {
  private final float[] values;
  private final float[] mask;
  private final float[] l1;
  private final float[] l2;

  /**
   * Starts from a network's parameters, copied; nothing is masked.
   *
   * @param l1 weight of {@code |w|} in the loss
   * @param l2 weight of {@code w²/2} in the loss
   */
  public MaskedWeights(Network start, double l1, double l2) {
    this.values = start.parameters().clone();
    this.mask = new float[values.length];
    java.util.Arrays.fill(mask, 1);
    this.l1 = new float[values.length];
    this.l2 = new float[values.length];
    for (ParameterTensor tensor : start.architecture().tensors()) {
      if (tensor.role() == Role.WEIGHT) {
        java.util.Arrays.fill(this.l1, tensor.offset(), tensor.end(), (float) l1);
        java.util.Arrays.fill(this.l2, tensor.offset(), tensor.end(), (float) l2);
      }
    }
  }

  /** Holds a parameter at zero from now on. */
  public void prune(int index) {
    mask[index] = 0;
    values[index] = 0;
  }

  /** Whether a parameter is held at zero. */
  public boolean isPruned(int index) {
    return mask[index] == 0;
  }

  /** The network as it is now. */
  public Network network(Architecture architecture) {
    return new Network(requireNonNull(architecture), values.clone());
  }

  @Override
  public float[] values() {
    return values;
  }

  @Override
  public void materialize(float[] parameters) {
    System.arraycopy(values, 0, parameters, 0, values.length);
  }

  @Override
  public void pullBack(float[] parameterGradient, float[] gradient) {
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] =
          mask[i] * (parameterGradient[i] + l2[i] * values[i] + l1[i] * Math.signum(values[i]));
    }
  }

  @Override
  public void afterUpdate() {
    for (int i = 0; i < values.length; i++) {
      // Not a product, which would leave minus zero where the optimizer's momentum went below.
      values[i] = mask[i] == 0 ? 0 : values[i];
    }
  }
}
