package dev.pare.artifact;

import dev.pare.graph.ParameterTensor;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a tensor was in another network, as far as it is known.
 *
 * @param tensor as it was held there
 * @param values at the places where those of the tensor are now, row-major; 0 where there was none
 * @param rows where its rows were, {@link UnitMaps#NONE} for new ones
 */
record OldTensor(@Nullable CompressedTensor tensor, float[] values, int[] rows) {
  /** Of a tensor that is like none of the other network's. */
  static OldTensor unknown(ParameterTensor place) {
    return new OldTensor(null, new float[place.size()], new int[0]);
  }

  /**
   * A tensor of another network.
   *
   * @param place of the tensor now
   * @param old as it was
   * @param maps of units
   */
  static OldTensor of(ParameterTensor place, CompressedTensor old, UnitMaps maps) {
    Optional<int[]> rows = maps.rows(place);
    Optional<int[]> columns = maps.columns(place);
    if (rows.isEmpty() && old.rows() != place.rows()
        || columns.isEmpty() && old.columns() != place.columns()) {
      return unknown(place);
    }
    int[] ofRows = rows.orElseGet(() -> UnitMaps.same(place.rows()));
    int[] ofColumns = columns.orElseGet(() -> UnitMaps.same(place.columns()));
    if (isBeyond(ofRows, old.rows()) || isBeyond(ofColumns, old.columns())) {
      return unknown(place);
    }
    float[] all = old.toFloats();
    float[] values = new float[place.size()];
    int next = 0;
    for (int row : ofRows) {
      for (int column : ofColumns) {
        // What is no number is near none.
        float value = row < 0 || column < 0 ? 0 : all[row * old.columns() + column];
        values[next++] = Float.isFinite(value) ? value : 0;
      }
    }
    return new OldTensor(old, values, ofRows);
  }

  private static boolean isBeyond(int[] map, int count) {
    for (int index : map) {
      if (index >= count) {
        return true;
      }
    }
    return false;
  }
}
