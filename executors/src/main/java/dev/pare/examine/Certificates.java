package dev.pare.examine;

import static dev.pare.examine.Finding.Column.count;
import static dev.pare.examine.Finding.Column.number;
import static dev.pare.examine.Finding.Column.share;
import static dev.pare.examine.Finding.Column.text;

import dev.pare.data.Examples;
import dev.pare.examine.ReluNetwork.Kind;
import dev.pare.examine.ReluNetwork.Stage;
import dev.pare.graph.Network;
import dev.pare.train.InputSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Which examples no attack of a radius can break, proven: by intervals, and by linear relaxation,
 * whose bounds of hidden units are computed in the same way where that is affordable.
 */
final class Certificates implements Measure<List<Certificates.Result>> {
  /** Multiplications for one example's bounds of a layer's units, at most. */
  private static final double AFFORDABLE = 3e7;

  private final Examples examples;
  private final InputSpace space;
  private final List<Double> radii;

  Certificates(Examples examples, InputSpace space, List<Double> radii) {
    this.examples = examples;
    this.space = space;
    this.radii = List.copyOf(radii);
  }

  /**
   * Examples that are proven to be answered rightly within a radius.
   *
   * @param intervals by intervals; −1 where the network has layers that nothing is proven of
   * @param linear by linear relaxation, those by intervals included; −1 likewise
   */
  record Result(int intervals, int linear) {
    private static final Result NONE = new Result(-1, -1);
  }

  /** How an example is proven. */
  enum Method {
    INTERVALS,
    LINEAR
  }

  @Override
  public List<Result> of(Network network) {
    Optional<ReluNetwork> relu = ReluNetwork.of(network);
    if (relu.isEmpty()) {
      return radii.stream().map(radius -> Result.NONE).toList();
    }
    Outputs outputs = Outputs.of(network, examples);
    int[] right = IntStream.range(0, examples.size()).filter(outputs::isRight).toArray();
    List<Result> results = new ArrayList<>();
    for (double radius : radii) {
      int intervals = 0;
      int linear = 0;
      for (int i : right) {
        boolean simple = isCertified(relu.get(), i, radius, Method.INTERVALS);
        intervals += simple ? 1 : 0;
        linear += simple || isCertified(relu.get(), i, radius, Method.LINEAR) ? 1 : 0;
      }
      results.add(new Result(intervals, linear));
    }
    return results;
  }

  /**
   * Whether it is proven that an example is answered rightly wherever an attack may move it; by
   * linear relaxation nothing is where its bounds of all other classes take too long.
   */
  boolean isCertified(ReluNetwork network, int example, double radius, Method method) {
    List<Stage> stages = network.stages();
    if (method == Method.LINEAR
        && (examples.classes() - 1) * cost(stages, stages.size() - 1) > AFFORDABLE) {
      return false;
    }
    float[] x = new float[examples.features()];
    float[] low = new float[x.length];
    float[] high = new float[x.length];
    examples.copyFeatures(example, x, 0);
    space.ball(x, 0, radius, low, high);
    Intervals intervals = new Intervals(network.scale(), low, high);
    LinearBounds bounds = new LinearBounds(stages, intervals);
    for (int step = 0; step < stages.size(); step++) {
      intervals.step(stages.get(step));
      boolean narrows =
          method == Method.LINEAR
              && step > 0
              && step + 1 < stages.size()
              && stages.get(step + 1).kind() == Kind.RELU;
      if (narrows) {
        narrow(stages, step, intervals, bounds);
      }
    }
    return method == Method.INTERVALS
        ? byIntervals(intervals, stages.size(), examples.label(example))
        : byBounds(bounds, intervals, stages.size(), examples.label(example));
  }

  private static boolean byIntervals(Intervals intervals, int steps, int label) {
    double[] low = intervals.low(steps);
    double[] high = intervals.high(steps);
    for (int c = 0; c < high.length; c++) {
      if (c != label && !(low[label] > high[c])) {
        return false;
      }
    }
    return true;
  }

  private static boolean byBounds(LinearBounds bounds, Intervals intervals, int steps, int label) {
    int classes = intervals.low(steps).length;
    for (int c = 0; c < classes; c++) {
      if (c != label) {
        double[] margin = new double[classes];
        margin[label] = 1;
        margin[c] = -1;
        if (!(bounds.least(margin, steps) > 0)) {
          return false;
        }
      }
    }
    return true;
  }

  /** Narrows the intervals of what the ReLUs after a linear step read. */
  private static void narrow(
      List<Stage> stages, int step, Intervals intervals, LinearBounds bounds) {
    double[] low = intervals.low(step + 1).clone();
    double[] high = intervals.high(step + 1).clone();
    List<Integer> undecided = new ArrayList<>();
    for (int i = 0; i < low.length; i++) {
      if (low[i] < 0 && high[i] > 0) {
        undecided.add(i);
      }
    }
    if (2.0 * undecided.size() * cost(stages, step) > AFFORDABLE) {
      return;
    }
    for (int i : undecided) {
      double[] unit = new double[low.length];
      unit[i] = 1;
      double least = bounds.least(unit, step + 1);
      unit = new double[low.length];
      unit[i] = -1;
      intervals.narrow(i, least, -bounds.least(unit, step + 1));
    }
  }

  /** About how many multiplications the bound of one output of a linear step takes. */
  private static double cost(List<Stage> stages, int step) {
    double reached = 1;
    double cost = 0;
    for (int s = step; s >= 0; s--) {
      Stage stage = stages.get(s);
      if (stage.kind() == Kind.LINEAR) {
        double each = (double) stage.rows().count() / stage.rows().rows();
        double products = Math.min(stage.rows().count(), reached * each);
        cost += products;
        reached = Math.min(stage.inputs(), products);
      }
      // Each step looks at all its numbers.
      cost += stage.inputs();
    }
    return cost;
  }

  @Override
  public List<Finding> findings(List<Result> teacher, List<Result> file) {
    List<List<Object>> rows = new ArrayList<>();
    for (int r = 0; r < radii.size(); r++) {
      rows.add(row("teacher", radii.get(r), teacher.get(r)));
      rows.add(row("file", radii.get(r), file.get(r)));
    }
    return List.of(
        new Finding(
            "certificates",
            "Error that no attack can exceed",
            "Examples of the attacked sample that are not proven to be answered rightly within the"
                + " radius: by interval bound propagation (Gowal et al. 2018) and by CROWN's linear"
                + " relaxation (Zhang et al. 2018), rounding included. The true error lies between"
                + " that under attack and this. Empty where there are other layers than dense ones,"
                + " convolutions, ReLU and pooling in a chain, or of more than 30 million"
                + " multiply-adds; linear relaxation only where it takes seconds.",
            List.of(
                text("network", "network"),
                number("radius", "radius"),
                count("examples", "examples"),
                share("intervals", "intervals"),
                share("linear", "linear relaxation")),
            rows));
  }

  private List<Object> row(String name, double radius, Result result) {
    return List.of(
        name, radius, examples.size(), unproven(result.intervals()), unproven(result.linear()));
  }

  private double unproven(int proven) {
    return proven < 0 ? Double.NaN : 1 - (double) proven / examples.size();
  }
}
