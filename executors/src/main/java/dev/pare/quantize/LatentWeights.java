package dev.pare.quantize;

import dev.pare.graph.Network;
import dev.pare.graph.ParameterTensor;
import dev.pare.train.MaskedWeights;
import dev.pare.train.TrainableParameters;
import dev.pare.train.TrainableParameters.Kind;
import dev.pare.train.TrainableParameters.Range;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The variables of quantizers that round underlying weights: first the network's parameters, of
 * which weights that were zero at the start stay zero, then some free ones.
 */
final class LatentWeights {
  final float[] values;
  final float[] mask;
  final float[] parameters;
  final float[] gradient;
  final List<Range> ranges;
  final List<ParameterTensor> weights;

  /** Those of the weights that are not held at zero, if they are few. */
  final int[] live;

  private final List<Range> plain;

  /**
   * @param free variables besides the parameters, for each weight tensor
   */
  LatentWeights(Network start, int free) {
    weights = start.architecture().weights();
    int count = start.parameters().length;
    values = Arrays.copyOf(start.parameters(), count + free * weights.size());
    mask = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      mask[i] = values[i] == 0 ? 0 : 1;
    }
    parameters = new float[count];
    gradient = new float[values.length];
    List<Range> all = new ArrayList<>(MaskedWeights.ranges(start.architecture()));
    plain = all.stream().filter(range -> range.kind() != Kind.WEIGHTS).toList();
    all.add(new Range(count, values.length, Kind.FREE));
    ranges = List.copyOf(all);
    live = TrainableParameters.fewOf(ranges, mask);
  }

  /** Hands on what is no weight. */
  void copyPlain() {
    for (Range range : plain) {
      int length = range.to() - range.from();
      System.arraycopy(values, range.from(), parameters, range.from(), length);
    }
  }

  /** Hands back the gradient of all parameters as it is. */
  void passThrough(float[] parameterGradient) {
    System.arraycopy(parameterGradient, 0, gradient, 0, parameters.length);
  }
}
