package dev.pare.toy;

import dev.pare.artifact.CodebookTensor;
import dev.pare.candidate.Quantize;
import dev.pare.graph.Network;
import dev.pare.graph.ParameterTensor;
import dev.pare.quantize.LevelChoice;
import dev.pare.quantize.QuantizedWeights;
import dev.pare.quantize.Quantizer;
import dev.pare.sparsify.ReducedNetwork;
import dev.pare.train.MaskedWeights;
import dev.pare.train.TrainableParameters;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** A sign and one magnitude a tensor, which stay as they are at the start: all else is trained. */
public final class ToyQuantizer implements Quantizer {
  @Override
  public String name() {
    return "toy";
  }

  @Override
  public Set<Parameter> parameters() {
    return Set.of();
  }

  @Override
  public QuantizedWeights quantize(
      Quantize settings, ReducedNetwork reduction, LevelChoice choice, long seed) {
    Network start =
        choice.before(
            reduction.network(),
            (tensor, rates) -> {
              float[] weights = weights(reduction.network(), tensor);
              float magnitude = magnitude(weights);
              return rates
                  .on(tensor)
                  .lower(
                      tensor.rows(),
                      tensor.columns(),
                      weights,
                      signs(weights),
                      (row, level) -> level * magnitude);
            });
    Fixed fixed = new Fixed(start);
    LevelChoice.Levels levels = tensor -> signs(weights(start, tensor));
    return QuantizedWeights.of(
        fixed,
        tensor -> {
          float magnitude = magnitude(weights(start, reduction.part(tensor)));
          return new CodebookTensor(
              levels.expanded(tensor, reduction), new float[] {-magnitude, magnitude});
        });
  }

  private static float[] weights(Network network, ParameterTensor tensor) {
    return Arrays.copyOfRange(network.parameters(), tensor.offset(), tensor.end());
  }

  private static short[] signs(float[] weights) {
    short[] signs = new short[weights.length];
    for (int i = 0; i < signs.length; i++) {
      signs[i] = (short) Math.signum(weights[i]);
    }
    return signs;
  }

  /** The mean of those that are not zero; 1 of none. */
  private static float magnitude(float[] weights) {
    double sum = 0;
    int count = 0;
    for (float w : weights) {
      sum += Math.abs(w);
      count += w == 0 ? 0 : 1;
    }
    return count == 0 ? 1 : (float) (sum / count);
  }

  /** Variables as long as the parameters, of which weights are held at zero and so never move. */
  private static final class Fixed implements TrainableParameters {
    private final MaskedWeights all;
    private final float[] signed;
    private final float[] parameters;

    Fixed(Network start) {
      all = new MaskedWeights(start);
      signed = start.parameters().clone();
      parameters = new float[signed.length];
      for (ParameterTensor tensor : start.architecture().weights()) {
        float magnitude = magnitude(weights(start, tensor));
        for (int i = tensor.offset(); i < tensor.end(); i++) {
          signed[i] = magnitude * Math.signum(signed[i]);
          all.prune(i);
        }
      }
    }

    @Override
    public float[] values() {
      return all.values();
    }

    @Override
    public float[] parameters() {
      for (Range range : ranges()) {
        float[] from = range.kind() == Kind.WEIGHTS ? signed : all.values();
        System.arraycopy(from, range.from(), parameters, range.from(), range.to() - range.from());
      }
      return parameters;
    }

    @Override
    public float[] pullBack(float[] parameterGradient) {
      return parameterGradient;
    }

    @Override
    public List<Range> ranges() {
      return all.ranges();
    }

    @Override
    public float[] mask() {
      return all.mask();
    }
  }
}
