package dev.pare.train;

import dev.pare.data.Examples;
import dev.pare.data.ExamplesView;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Network;
import dev.pare.graph.ParameterTensor;
import java.util.List;

/**
 * Mean and standard deviation of targets. A network that is trained from scratch learns targets of
 * mean 0 and deviation 1, whatever their unit; its last layer, which is linear, is then scaled such
 * that it says them in their own.
 */
public final class TargetScale {
  private final float[] means;
  private final float[] deviations;

  private TargetScale(float[] means, float[] deviations) {
    this.means = means;
    this.deviations = deviations;
  }

  /** Of the targets of some examples; those that are all the same have a deviation of 1. */
  public static TargetScale of(Examples examples) {
    int outputs = examples.outputs();
    float[] target = new float[outputs];
    double[] sums = new double[outputs];
    double[] squares = new double[outputs];
    for (int pass = 0; pass < 2; pass++) {
      for (int i = 0; i < examples.size(); i++) {
        examples.copyTarget(i, target, 0);
        for (int o = 0; o < outputs; o++) {
          double off = target[o] - sums[o] / examples.size();
          if (pass == 0) {
            sums[o] += target[o];
          } else {
            squares[o] += off * off;
          }
        }
      }
    }
    float[] means = new float[outputs];
    float[] deviations = new float[outputs];
    for (int o = 0; o < outputs; o++) {
      means[o] = (float) (sums[o] / examples.size());
      float deviation = (float) Math.sqrt(squares[o] / examples.size());
      deviations[o] = deviation > 0 ? deviation : 1;
    }
    return new TargetScale(means, deviations);
  }

  /** The same examples with targets of mean 0 and deviation 1. */
  public Examples standardized(Examples examples) {
    return new Standardized(examples, means, deviations);
  }

  /** What networks say of some examples, in the same unit. */
  public float[] standardized(float[] outputs) {
    float[] standardized = outputs.clone();
    for (int i = 0; i < standardized.length; i++) {
      int output = i % means.length;
      standardized[i] = (standardized[i] - means[output]) / deviations[output];
    }
    return standardized;
  }

  /**
   * A network that says targets in their own unit.
   *
   * @param standardized a network of standardized targets, left as it is; its last layer is dense
   *     and linear
   */
  public Network scaled(Network standardized) {
    Architecture architecture = standardized.architecture();
    if (architecture.output() != Activation.IDENTITY) {
      throw new IllegalArgumentException("the output is not linear: " + architecture.output());
    }
    float[] parameters = standardized.parameters().clone();
    List<ParameterTensor> tensors = architecture.tensors();
    ParameterTensor weight = tensors.get(tensors.size() - 2);
    ParameterTensor bias = tensors.get(tensors.size() - 1);
    for (int i = 0; i < weight.size(); i++) {
      parameters[weight.offset() + i] *= deviations[i / weight.columns()];
    }
    for (int o = 0; o < means.length; o++) {
      parameters[bias.offset() + o] = parameters[bias.offset() + o] * deviations[o] + means[o];
    }
    return new Network(architecture, parameters);
  }

  private static final class Standardized extends ExamplesView {
    private final float[] means;
    private final float[] deviations;

    Standardized(Examples base, float[] means, float[] deviations) {
      super(base);
      this.means = means;
      this.deviations = deviations;
    }

    @Override
    public void copyTarget(int index, float[] target, int offset) {
      super.copyTarget(index, target, offset);
      for (int o = 0; o < means.length; o++) {
        target[offset + o] = (target[offset + o] - means[o]) / deviations[o];
      }
    }
  }
}
