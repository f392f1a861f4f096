package dev.pare.graph;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.OptionalDouble;

/**
 * An activation most of whose outputs are zero, of each number of its input or of all together.
 *
 * @param rule which of them say something, and what
 * @param level θ of {@link Rule#THRESHOLD}, what {@link Rule#BINARY} says, 0 of {@link Rule#TOP_K}
 * @param k how many numbers of an example are left at most by {@link Rule#TOP_K}, 0 of the others
 */
public record SparseActivation(Rule rule, float level, int k) implements Layer {
  /** Which numbers a sparse activation leaves. */
  public enum Rule {
    /** Those of at least a threshold: FATReLU (Kurtz et al. 2020). */
    THRESHOLD(0),
    /**
     * The k largest of an example, over all channels and places, if they are positive; of equal
     * ones the first (Makhzani and Frey 2015; Ahmad and Scheinkman 2019).
     */
    TOP_K(1),
    /**
     * Those of at least half a level, which become that level: the activations of PACT (Choi et al.
     * 2018) with one bit and a fixed level. Gradients pass straight through from zero to the level.
     */
    BINARY(2);

    private final int code;

    Rule(int code) {
      this.code = code;
    }

    /** The number that stands for this rule in files; never reused. */
    public int code() {
      return code;
    }
  }

  public SparseActivation {
    requireNonNull(rule, "rule is null");
    switch (rule) {
      case THRESHOLD -> {
        if (!(level >= 0 && level <= Float.MAX_VALUE)) {
          throw new IllegalArgumentException(
              "threshold = " + level + ": must be at least 0 and finite");
        }
      }
      case BINARY -> {
        if (!(level > 0 && level <= Float.MAX_VALUE)) {
          throw new IllegalArgumentException("level = " + level + ": must be positive and finite");
        }
      }
      case TOP_K -> {
        Sizes.atLeastOne("k", k);
        if (level != 0) {
          throw new IllegalArgumentException("level = " + level + ": must be 0 of top-k");
        }
      }
    }
    if (rule != Rule.TOP_K && k != 0) {
      throw new IllegalArgumentException("k = " + k + ": must be 0 of " + rule);
    }
  }

  /** What is at least {@code least} stays as it is, all else is zero (Kurtz et al. 2020). */
  public static SparseActivation threshold(float least) {
    return new SparseActivation(Rule.THRESHOLD, least, 0);
  }

  /** The {@code count} largest numbers of an example stay, if they are positive. */
  public static SparseActivation topK(int count) {
    return new SparseActivation(Rule.TOP_K, 0, count);
  }

  /** {@code level} for what is at least half of it, else zero. */
  public static SparseActivation binary(float level) {
    return new SparseActivation(Rule.BINARY, level, 0);
  }

  /**
   * What it makes of a number, if that follows from the number alone: of the top k, what is not
   * positive is never one.
   */
  @Override
  public OptionalDouble ofConstant(double number) {
    return switch (rule) {
      case THRESHOLD -> OptionalDouble.of(number >= level ? number : 0);
      case BINARY -> OptionalDouble.of(number >= level / 2 ? level : 0);
      case TOP_K -> number <= 0 ? OptionalDouble.of(0) : OptionalDouble.empty();
    };
  }

  @Override
  public boolean competes() {
    return rule == Rule.TOP_K;
  }

  @Override
  public String title() {
    return "sparse activation";
  }

  @Override
  public String summary() {
    return switch (rule) {
      case THRESHOLD -> "threshold " + level;
      case TOP_K -> "top-" + k;
      case BINARY -> "binary " + level;
    };
  }

  @Override
  public Shape output(List<Shape> inputs) {
    return inputs.get(0);
  }

  @Override
  public ChannelFlow flow(List<Shape> inputs) {
    return ChannelFlow.same(inputs, inputs.get(0));
  }

  @Override
  public boolean isNeverNegative(boolean inputs) {
    return true;
  }

  @Override
  public boolean isContinuous() {
    return false;
  }

  @Override
  public boolean makesZeros() {
    return true;
  }

  @Override
  public ExampleCost extraCost(List<Shape> inputs, Shape output) {
    double numbers = rule == Rule.TOP_K ? ExampleCost.TOP_K_BLOCK * output.size() : 0;
    return new ExampleCost(numbers, 0);
  }
}
