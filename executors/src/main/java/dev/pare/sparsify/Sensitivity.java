package dev.pare.sparsify;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How sensitive a network is to the sparsity of each of its layers alone, on calibration examples.
 *
 * @param layers from input to output, those with weights that can go
 */
public record Sensitivity(List<Layer> layers) {
  /** The shares at which layers are tried. */
  public static final List<Double> LEVELS =
      List.of(0.0, 0.25, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 1.0);

  public Sensitivity {
    layers = List.copyOf(layers);
  }

  /**
   * One layer.
   *
   * @param name of its weight, as {@code 0_W}
   * @param points by sparsity, from 0 to 1
   */
  public record Layer(String name, List<Point> points) {
    public Layer {
      points = List.copyOf(points);
    }

    /** The points that no straight line between two others runs below. */
    private List<Point> hull() {
      List<Point> hull = new ArrayList<>();
      for (Point point : points) {
        int last = hull.size() - 1;
        while (last > 0
            && slope(hull.get(last - 1), hull.get(last)) >= slope(hull.get(last), point)) {
          hull.remove(last--);
        }
        hull.add(point);
      }
      return hull;
    }

    private static double slope(Point from, Point to) {
      return (to.loss() - from.loss()) / (to.sparsity() - from.sparsity());
    }
  }

  /** A piece of a layer's curve, where a share more costs the same everywhere. */
  private record Piece(int layer, double share, double lossAnItem) {}

  /**
   * What the network makes of the calibration examples.
   *
   * @param loss mean cross entropy
   */
  public record Point(double sparsity, double loss, double accuracy) {}

  /**
   * The sparsity of each layer such that the whole is as sparse as asked and the rises of the loss,
   * as they are of each layer alone, add up to least. Between points the loss is taken to be
   * linear, and convex where it is not.
   *
   * @param totals how many weights, or other items, each of the first layers has
   */
  double[] allocate(double sparsity, long[] totals) {
    List<Piece> pieces = new ArrayList<>();
    double left = 0;
    for (int t = 0; t < totals.length; t++) {
      left += sparsity * totals[t];
      List<Point> hull = layers.get(t).hull();
      for (int i = 1; i < hull.size(); i++) {
        double share = hull.get(i).sparsity() - hull.get(i - 1).sparsity();
        double rise = hull.get(i).loss() - hull.get(i - 1).loss();
        pieces.add(new Piece(t, share, rise / (share * totals[t])));
      }
    }
    // Within a layer they rise already, and the sort is stable.
    pieces.sort(Comparator.comparingDouble(Piece::lossAnItem));
    double[] shares = new double[totals.length];
    for (Piece piece : pieces) {
      double taken = Math.min(piece.share(), left / totals[piece.layer()]);
      shares[piece.layer()] += taken;
      left -= taken * totals[piece.layer()];
    }
    return shares;
  }
}
