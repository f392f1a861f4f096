package dev.pare.examine;

import static dev.pare.examine.Finding.Column.count;
import static dev.pare.examine.Finding.Column.number;
import static dev.pare.examine.Finding.Column.share;
import static dev.pare.examine.Finding.Column.text;

import dev.pare.data.Examples;
import dev.pare.evaluate.RankedScores;
import dev.pare.graph.Network;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * How well somebody who sees losses can tell whether an example was trained on (Yeom et al. 2018,
 * section 3.2).
 */
final class Membership implements Measure<Membership.Leak> {
  private final Examples members;
  private final Examples others;

  /**
   * @param members examples that networks were trained with
   * @param others examples that they were not trained with
   */
  Membership(Examples members, Examples others) {
    this.members = members;
    this.others = others;
  }

  /**
   * How well losses separate the two.
   *
   * @param auc the chance that an example that was trained on has a smaller loss than another
   * @param advantage of saying that those were trained on whose loss is at most the mean one of the
   *     training examples: how many of these are found less how many others are
   */
  record Leak(double auc, double advantage) {
    /** Of the losses of both. */
    static Leak of(double[] members, double[] others) {
      double threshold = Arrays.stream(members).average().orElseThrow();
      double[] scores =
          DoubleStream.concat(Arrays.stream(members), Arrays.stream(others))
              .map(loss -> -loss)
              .toArray();
      int[] labels = new int[scores.length];
      Arrays.fill(labels, 0, members.length, 1);
      return new Leak(
          RankedScores.area(scores, labels), below(members, threshold) - below(others, threshold));
    }

    private static double below(double[] losses, double threshold) {
      return (double) Arrays.stream(losses).filter(loss -> loss <= threshold).count()
          / losses.length;
    }
  }

  @Override
  public Leak of(Network network) {
    return Leak.of(losses(network, members), losses(network, others));
  }

  private static double[] losses(Network network, Examples examples) {
    Outputs outputs = Outputs.of(network, examples);
    double[] losses = new double[examples.size()];
    for (int i = 0; i < losses.length; i++) {
      double loss = -outputs.logProbability(i, outputs.label(i));
      losses[i] = Double.isNaN(loss) ? Double.MAX_VALUE : loss;
    }
    return losses;
  }

  @Override
  public List<Finding> findings(Leak teacher, Leak file) {
    return List.of(
        new Finding(
            "membership",
            "Whether an example was trained on",
            "Membership inference by the loss (Yeom et al. 2018): the area under the ROC curve, 0.5"
                + " at chance level, and the advantage of the threshold at the mean training loss, 0"
                + " at chance level.",
            List.of(
                text("network", "network"),
                count("members", "trained on"),
                count("others", "others"),
                number("auc", "area under ROC"),
                share("advantage", "advantage")),
            List.of(row("teacher", teacher), row("file", file))));
  }

  private List<Object> row(String name, Leak leak) {
    return List.of(name, members.size(), others.size(), leak.auc(), leak.advantage());
  }
}
