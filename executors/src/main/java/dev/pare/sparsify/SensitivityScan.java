package dev.pare.sparsify;

import dev.pare.data.Examples;
import dev.pare.graph.Architecture;
import dev.pare.graph.ParameterTensor;
import dev.pare.train.ExampleGradients;
import dev.pare.train.MaskedWeights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Tries sparsities of one layer at a time and looks what comes of it. */
final class SensitivityScan {
  private final ReducedNetwork reduction;
  private final MaskedWeights weights;
  private final PruningGroups items;
  private final float[] itemScores;

  SensitivityScan(
      ReducedNetwork reduction, MaskedWeights weights, PruningGroups items, float[] itemScores) {
    this.reduction = reduction;
    this.weights = weights;
    this.items = items;
    this.itemScores = itemScores;
  }

  Sensitivity run(Examples examples, List<Double> levels) {
    Architecture architecture = reduction.network().architecture();
    List<ParameterTensor> tensors = reduction.weightTensors();
    ExampleGradients.Score start = ExampleGradients.score(architecture, weights.values(), examples);
    List<Sensitivity.Layer> layers = new ArrayList<>();
    for (int t = 0; t < tensors.size(); t++) {
      PruningGroups.Range range = items.ranges().get(t);
      if (range.total() == 0) {
        continue;
      }
      Integer[] order = new Integer[range.to() - range.from()];
      Arrays.setAll(order, i -> range.from() + i);
      Arrays.sort(order, Comparator.comparingDouble(i -> itemScores[i]));
      float[] parameters = weights.values().clone();
      // What was left out of the network is zero already.
      int gone = range.total() - order.length;
      int next = 0;
      List<Sensitivity.Point> points = new ArrayList<>();
      for (double level : levels) {
        long zeros = Math.round(level * range.total()) - gone;
        for (; next < zeros; next++) {
          items.zero(order[next], parameters);
        }
        ExampleGradients.Score score =
            next == 0 ? start : ExampleGradients.score(architecture, parameters, examples);
        points.add(new Sensitivity.Point(level, score.loss(), score.accuracy()));
      }
      layers.add(new Sensitivity.Layer(tensors.get(t).name(), points));
    }
    return new Sensitivity(layers);
  }
}
