package dev.pare.train;

/**
 * What is trained, and how a network's parameters follow from it.
 *
 * <p>Pruning keeps some of them at zero, quantization rounds or shares them; each is a way from
 * variables to parameters, and a way for the parameters' gradient back.
 */
public interface Variables {
  /** The variables themselves, which the optimizer changes in place. */
  float[] values();

  /** Writes the parameters that follow from the variables now. */
  void materialize(float[] parameters);

  /** Turns the parameters' gradient into the variables', penalties included. */
  void pullBack(float[] parameterGradient, float[] gradient);

  /** Called after the optimizer changed the variables, to put back what must not change. */
  void afterUpdate();
}
