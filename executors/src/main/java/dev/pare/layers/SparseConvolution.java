package dev.pare.layers;

import java.util.Arrays;

/** A convolution of which few weights are other than zero, over those alone, without activation. */
final class SparseConvolution {
  private final Unrolling unrolling;
  private final SparseProducts[] groups;
  private final PieceRows rows;
  private final PieceRows rowsGradient;

  /** What is made, or its gradient, for one group's channels of one line. */
  private final PieceRows line;

  private boolean chosen;

  /**
   * @param weights index of the first among the parameters
   */
  SparseConvolution(Unrolling unrolling, int weights) {
    this.unrolling = unrolling;
    this.groups = new SparseProducts[unrolling.layer().groups()];
    int[] places = unrolling.places();
    int filters = unrolling.groupFilters();
    for (int g = 0; g < groups.length; g++) {
      groups[g] = new SparseProducts(places, filters, weights + g * filters * places.length);
    }
    this.rows = new PieceRows(unrolling.rows());
    this.rowsGradient = new PieceRows(unrolling.rows());
    this.line = new PieceRows(filters);
  }

  /**
   * Decides whether to make the products.
   *
   * @param live ascending, what of the network's weights may be other than zero; none if that is
   *     not known
   * @return what is decided
   */
  boolean choose(int[] live) {
    chosen = true;
    for (SparseProducts group : groups) {
      group.choose(live);
      chosen &= group.makesGradients();
    }
    return chosen;
  }

  boolean isChosen() {
    return chosen;
  }

  /**
   * @param in {@code [y][channel][x][example]}
   * @param out written, {@code [y][filter][x][example]}
   */
  void forward(float[] parameters, float[] in, int batch, float[] out) {
    int row = unrolling.output().width() * batch;
    unroll(in, batch);
    for (int y = 0; y < unrolling.output().height(); y++) {
      for (int g = 0; g < groups.length; g++) {
        groups[g].output(
            parameters, rows, unrolling.firstRow(y, g), out, firstOutput(y, g) * row, row);
      }
    }
  }

  /** The first row of what a group makes for a line. */
  private int firstOutput(int y, int group) {
    return y * unrolling.layer().filters() + group * unrolling.groupFilters();
  }

  /**
   * After {@link #forward}.
   *
   * @param sums gradient of what it wrote
   * @param gradient written
   */
  void weightGradient(float[] sums, int row, float[] gradient) {
    line.resize(row);
    for (int y = 0; y < unrolling.output().height(); y++) {
      for (int g = 0; g < groups.length; g++) {
        line.loadAll(sums, firstOutput(y, g) * row);
        groups[g].weightGradient(rows, unrolling.firstRow(y, g), line, y > 0, gradient);
      }
    }
  }

  /**
   * @param sums gradient of what {@link #forward} wrote
   * @param inGradient written
   */
  void inputGradient(float[] parameters, float[] sums, int batch, float[] inGradient) {
    int row = unrolling.output().width() * batch;
    line.resize(row);
    rowsGradient.resize(row);
    rowsGradient.clear();
    for (int y = 0; y < unrolling.output().height(); y++) {
      for (int g = 0; g < groups.length; g++) {
        line.loadAll(sums, firstOutput(y, g) * row);
        groups[g].addInputGradient(parameters, line, rowsGradient, unrolling.firstRow(y, g));
      }
    }
    foldBack(inGradient, batch);
  }

  /** Lines of padding above and below the input stay zero: nothing is ever written to them. */
  private void unroll(float[] in, int batch) {
    rows.resize(unrolling.output().width() * batch);
    unrolling.paddings(batch, rows::clear);
    unrolling.runs(batch, (row, begin, end, at) -> rows.load(row, begin, end, in, at));
  }

  private void foldBack(float[] inGradient, int batch) {
    Arrays.fill(inGradient, 0, unrolling.input().size() * batch, 0);
    unrolling.runs(
        batch, (row, begin, end, at) -> rowsGradient.addTo(row, begin, end, inGradient, at));
  }
}
