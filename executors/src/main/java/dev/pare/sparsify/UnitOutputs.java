package dev.pare.sparsify;

import dev.pare.graph.Architecture;
import dev.pare.graph.ParameterTensor;

/**
 * Where what a layer's units make is seen: behind normalization, activation, pooling and sums.
 *
 * @param reader the layer whose first input it is there
 * @param makeZeros whether a unit's output is zero there where it is not active
 */
record UnitOutputs(int reader, boolean makeZeros) {
  /**
   * @param layer index of a layer that is none of {@link Architecture#outputLayers}
   */
  static UnitOutputs of(Architecture architecture, int layer) {
    boolean zeros = false;
    int at = layer;
    while (true) {
      zeros |= architecture.layers().get(at).makesZeros();
      int from = at;
      int reader =
          architecture.readers(at).stream()
              .filter(r -> architecture.source(r) == from)
              .findFirst()
              .orElse(architecture.readers(at).get(0));
      boolean same =
          architecture.flow(reader).isDirect()
              && architecture.flow(reader).source(0, 0) == 0
              && architecture.source(reader) == at
              && architecture.outputShape(reader).channels()
                  == architecture.outputShape(at).channels()
              && architecture.tensors(reader).stream().noneMatch(ParameterTensor::isWeight);
      if (!same) {
        return new UnitOutputs(reader, zeros && architecture.source(reader) == at);
      }
      at = reader;
    }
  }
}
