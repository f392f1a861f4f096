package dev.pare.examine;

import static dev.pare.examine.Finding.Column.number;
import static dev.pare.examine.Finding.Column.share;

import dev.pare.data.Examples;
import dev.pare.graph.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Errors after random faults: each bit of the parameters, decoded to 32-bit floats, flips by itself
 * with some probability.
 */
final class BitFlips implements Measure<double[][]> {
  private static final double[] RATES = {1e-7, 1e-6, 1e-5, 1e-4, 1e-3};

  /** Times that each is tried. */
  private static final int TRIALS = 3;

  private final Examples examples;
  private final long seed;

  BitFlips(Examples examples, long seed) {
    this.examples = examples;
    this.seed = seed;
  }

  /** For each rate the mean and the largest share of wrong answers. */
  @Override
  public double[][] of(Network network) {
    double[][] errors = new double[RATES.length][2];
    for (int r = 0; r < RATES.length; r++) {
      for (int trial = 0; trial < TRIALS; trial++) {
        float[] parameters = network.parameters().clone();
        flip(parameters, RATES[r], new SplittableRandom(seed + (long) TRIALS * r + trial));
        Network faulty = new Network(network.architecture(), parameters);
        double error = (double) Outputs.of(faulty, examples).wrong() / examples.size();
        errors[r][0] += error / TRIALS;
        errors[r][1] = Math.max(errors[r][1], error);
      }
    }
    return errors;
  }

  /**
   * Flips each bit with a probability.
   *
   * @return how many were flipped
   */
  static int flip(float[] parameters, double rate, SplittableRandom random) {
    // From one flip to the next as many bits stay as a geometric variable says.
    double logStay = StrictMath.log1p(-rate);
    long bits = (long) parameters.length * Float.SIZE;
    int flips = 0;
    long at = -1;
    while (true) {
      at += 1 + (long) (StrictMath.log(1 - random.nextDouble()) / logStay);
      if (at >= bits) {
        return flips;
      }
      int index = (int) (at / Float.SIZE);
      int flipped = Float.floatToRawIntBits(parameters[index]) ^ 1 << (int) (at % Float.SIZE);
      parameters[index] = Float.intBitsToFloat(flipped);
      flips++;
    }
  }

  @Override
  public List<Finding> findings(double[][] teacher, double[][] file) {
    List<List<Object>> rows = new ArrayList<>();
    for (int r = 0; r < RATES.length; r++) {
      rows.add(List.of(RATES[r], teacher[r][0], teacher[r][1], file[r][0], file[r][1]));
    }
    return List.of(
        new Finding(
            "bit_flips",
            "Error after bit flips",
            "Each bit of the parameters as 32-bit floats flips with this probability; mean and worst"
                + " of %d seeded trials. Zeros are parameters, too.".formatted(TRIALS),
            List.of(
                number("rate", "probability"),
                share("teacher_error", "teacher's error"),
                share("teacher_worst", "worst"),
                share("error", "error"),
                share("worst", "worst")),
            rows));
  }
}
