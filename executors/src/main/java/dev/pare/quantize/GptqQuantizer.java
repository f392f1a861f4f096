package dev.pare.quantize;

import dev.pare.candidate.Quantize;
import dev.pare.data.Examples;
import dev.pare.data.SubsetExamples;
import dev.pare.graph.Architecture;
import dev.pare.graph.Embedding;
import dev.pare.graph.Layer;
import dev.pare.graph.Network;
import dev.pare.graph.ParameterTensor;
import dev.pare.quantize.UniformWeights.Sharing;
import dev.pare.sparsify.ReducedNetwork;
import dev.pare.train.LayerInputs;
import java.util.Set;

/**
 * Equal steps, one scale an output unit, trained through the straight-through estimator, from
 * levels in which, layer by layer from the input on, the weights of a unit that are not rounded yet
 * make up for each rounding error ({@link CompensatedRounding}). Layers read what those before have
 * become. Weights that are zero stay zero. Of layers other than dense ones and convolutions in one
 * group, and of those that read more than {@value #MOST_COLUMNS} numbers, weights begin at the
 * nearest level.
 */
final class GptqQuantizer implements Quantizer {
  /** Of more, the moments take too much room. */
  private static final int MOST_COLUMNS = 4096;

  private static final int EXAMPLES = 1024;
  private static final double DAMPING = 0.01;

  @Override
  public String name() {
    return "gptq";
  }

  @Override
  public Set<Parameter> parameters() {
    return Set.of(Parameter.BITS);
  }

  @Override
  public boolean hasEqualSteps() {
    return true;
  }

  @Override
  public QuantizedWeights quantize(
      Quantize settings, ReducedNetwork reduction, LevelChoice choice, long seed) {
    Network start = reduction.network();
    UniformWeights weights = new UniformWeights(start, settings.bits(), Sharing.ROW);
    begin(weights, start.architecture(), choice.examples());
    return UniformQuantizer.trained(weights, start, reduction, choice);
  }

  private static void begin(UniformWeights weights, Architecture architecture, Examples examples) {
    LayerInputs inputs =
        new LayerInputs(
            architecture, SubsetExamples.spread(examples, Math.min(EXAMPLES, examples.size())));
    for (ParameterTensor tensor : architecture.weights()) {
      Layer layer = architecture.layers().get(tensor.layer());
      if (LayerInputs.hasMoments(layer)
          && !(layer instanceof Embedding)
          && tensor.columns() <= MOST_COLUMNS) {
        weights.begin(
            tensor, madeUp(weights, tensor, inputs.moments(weights.parameters(), tensor.layer())));
      }
    }
  }

  private static short[] madeUp(
      UniformWeights weights, ParameterTensor tensor, LayerInputs.Moments moments) {
    int columns = tensor.columns();
    // About zero: biases stay as they are.
    double[] second = moments.aboutZero().covariance();
    CompensatedRounding rounding = new CompensatedRounding(second, columns, DAMPING);
    float[] scales = weights.scales(tensor);
    short[] levels = new short[tensor.size()];
    for (int row = 0; row < tensor.rows(); row++) {
      int at = tensor.offset() + row * columns;
      float[] own = new float[columns];
      System.arraycopy(weights.values(), at, own, 0, columns);
      float scale = scales[row];
      short[] rounded =
          rounding.round(
              own,
              scale,
              (column, weight) -> own[column] == 0 ? 0 : weights.level((float) weight, scale));
      System.arraycopy(rounded, 0, levels, row * columns, columns);
    }
    return levels;
  }
}
