package dev.pare.examine;

import static dev.pare.examine.Finding.Column.count;
import static dev.pare.examine.Finding.Column.number;
import static dev.pare.examine.Finding.Column.share;
import static dev.pare.examine.Finding.Column.text;
import static java.util.Objects.requireNonNull;

import dev.pare.data.Examples;
import dev.pare.evaluate.Evaluator;
import dev.pare.graph.Network;
import dev.pare.train.InputGradients;
import dev.pare.train.InputSpace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Errors under attack, of a sample of examples. */
final class Attacks implements Measure<List<Attacks.Result>> {
  static final int PGD_STEPS = 20;
  static final int PGD_STARTS = 2;
  private static final int QUERIES = 200;

  private final Examples examples;
  private final InputSpace space;
  private final List<Double> radii;
  private final long seed;

  /**
   * @param radii of attacks, in units of the space
   */
  Attacks(Examples examples, InputSpace space, List<Double> radii, long seed) {
    this.examples = examples;
    this.space = space;
    this.radii = List.copyOf(radii);
    this.seed = seed;
  }

  /**
   * What attacks of one radius come to, as numbers of wrong answers.
   *
   * @param clean without an attack
   * @param any where any of the attacks succeeds
   */
  record Result(int clean, int fgsm, int pgd, int square, int any) {}

  @Override
  public List<Result> of(Network network) {
    boolean[] wrong = wrong(network);
    InputGradients gradients = new InputGradients(network);
    List<Result> results = new ArrayList<>();
    for (double radius : radii) {
      Map<String, boolean[]> broken = broken(network, gradients, wrong, radius);
      boolean[] any = new boolean[examples.size()];
      broken.values().forEach(each -> or(any, each));
      results.add(
          new Result(
              numberOf(wrong),
              numberOf(requireNonNull(broken.get("fgsm"))),
              numberOf(requireNonNull(broken.get("pgd"))),
              numberOf(requireNonNull(broken.get("square"))),
              numberOf(any)));
    }
    return results;
  }

  private boolean[] wrong(Network network) {
    Outputs outputs = Outputs.of(network, examples);
    boolean[] wrong = new boolean[examples.size()];
    for (int i = 0; i < wrong.length; i++) {
      wrong[i] = !outputs.isRight(i);
    }
    return wrong;
  }

  /** Which examples are answered wrongly under each attack, those included that always are. */
  Map<String, boolean[]> broken(Network network, double radius) {
    return broken(network, new InputGradients(network), wrong(network), radius);
  }

  private Map<String, boolean[]> broken(
      Network network, InputGradients gradients, boolean[] wrong, double radius) {
    Attacked attacked =
        new Attacked(
            gradients,
            network.architecture().outputs(),
            ChangedExamples.features(examples),
            Evaluator.labels(examples),
            space,
            radius);
    Map<String, Attack> attacks = new LinkedHashMap<>();
    attacks.put("fgsm", GradientAttack.fgsm());
    attacks.put("pgd", GradientAttack.pgd(PGD_STEPS, PGD_STARTS, seed));
    attacks.put("square", new SquareAttack(QUERIES, space.shape(), seed));
    Map<String, boolean[]> broken = new LinkedHashMap<>();
    attacks.forEach(
        (name, attack) -> {
          boolean[] by = wrong.clone();
          attack.run(attacked, by);
          broken.put(name, by);
        });
    return broken;
  }

  private static void or(boolean[] all, boolean[] more) {
    for (int i = 0; i < all.length; i++) {
      all[i] |= more[i];
    }
  }

  private static int numberOf(boolean[] flags) {
    int count = 0;
    for (boolean flag : flags) {
      count += flag ? 1 : 0;
    }
    return count;
  }

  @Override
  public List<Finding> findings(List<Result> teacher, List<Result> file) {
    List<List<Object>> rows = new ArrayList<>();
    for (int r = 0; r < radii.size(); r++) {
      rows.add(row("teacher", radii.get(r), teacher.get(r)));
      rows.add(row("file", radii.get(r), file.get(r)));
    }
    String unit = space.isImage() ? "the range of all values" : "each feature's standard deviation";
    return List.of(
        new Finding(
            "attacks",
            "Error under attack",
            ("No feature is moved by more than the radius, in units of %s: FGSM (Goodfellow et al."
                    + " 2015), PGD of %d steps from %d starts (Madry et al. 2018), and Square, which"
                    + " sees outputs alone, of %d queries (Andriushchenko et al. 2020). The true"
                    + " error is at least that under any of them.")
                .formatted(unit, PGD_STEPS, PGD_STARTS, QUERIES),
            List.of(
                text("network", "network"),
                number("radius", "radius"),
                count("examples", "examples"),
                share("error", "no attack"),
                share("fgsm", "FGSM"),
                share("pgd", "PGD"),
                share("square", "Square"),
                share("any", "any")),
            rows));
  }

  private List<Object> row(String name, double radius, Result result) {
    double size = examples.size();
    return List.of(
        name,
        radius,
        examples.size(),
        result.clean() / size,
        result.fgsm() / size,
        result.pgd() / size,
        result.square() / size,
        result.any() / size);
  }
}
