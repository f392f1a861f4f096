package dev.pare.candidate;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What goes as one: a weight, all but N of every M weights, a block of a weight matrix, a unit, a
 * head of attention, a residual block of layers.
 *
 * @param kind which of these
 * @param rows output units of a block, or N; 1 otherwise
 * @param columns inputs of a block, or M; 1 otherwise
 */
public record Granularity(Kind kind, int rows, int columns) implements Serializable {
  /** Each weight by itself. */
  public static final Granularity WEIGHT = new Granularity(Kind.WEIGHT, 1, 1);

  /** Neurons of dense layers and filters of convolutions; they are removed from the network. */
  public static final Granularity UNIT = new Granularity(Kind.UNIT, 1, 1);

  /** Heads of self-attention; they are removed from the network. */
  public static final Granularity HEAD = new Granularity(Kind.HEAD, 1, 1);

  /** Residual blocks: all layers that a shortcut leads around; they are removed. */
  public static final Granularity LAYER = new Granularity(Kind.LAYER, 1, 1);

  private static final int MOST = 1024;
  private static final Pattern PAIR = Pattern.compile("([1-9]\\d{0,3})([:x])([1-9]\\d{0,3})");

  public Granularity {
    requireNonNull(kind, "kind is null");
    if (rows < 1 || rows > MOST || columns < 1 || columns > MOST) {
      throw new IllegalArgumentException(
          "granularity = %d, %d: must be 1 to %d".formatted(rows, columns, MOST));
    }
    if (kind == Kind.N_OF_M && rows >= columns) {
      throw new IllegalArgumentException(
          "granularity = %d:%d: must keep fewer than all".formatted(rows, columns));
    }
    boolean sized = kind == Kind.N_OF_M || kind == Kind.BLOCK;
    if (!sized && (rows != 1 || columns != 1)) {
      throw new IllegalArgumentException("granularity = " + kind + ": has no sizes");
    }
  }

  /** What goes as one. */
  public enum Kind {
    WEIGHT,
    /**
     * Of every M weights of a unit whose inputs lie side by side, from a multiple of M on, N stay;
     * of a convolution at each place of the kernel along the input channels.
     */
    N_OF_M,
    /** Rows × columns of a weight matrix, from multiples of them on; smaller at its edges. */
    BLOCK,
    UNIT,
    /** A head of self-attention. */
    HEAD,
    /** All layers between another and the shortcut that adds its output, and that shortcut. */
    LAYER;

    /** Whether what goes is taken out of the network. */
    public boolean leavesTheNetwork() {
      return this == UNIT || this == HEAD || this == LAYER;
    }
  }

  /** The granularity that {@link #toString} spells so, if any. */
  public static Optional<Granularity> parse(String text) {
    if (text.equals("weight")) {
      return Optional.of(WEIGHT);
    }
    if (text.equals("unit")) {
      return Optional.of(UNIT);
    }
    if (text.equals("head")) {
      return Optional.of(HEAD);
    }
    if (text.equals("layer")) {
      return Optional.of(LAYER);
    }
    Matcher pair = PAIR.matcher(text);
    if (!pair.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Granularity(
              pair.group(2).equals(":") ? Kind.N_OF_M : Kind.BLOCK,
              Integer.parseInt(pair.group(1)),
              Integer.parseInt(pair.group(3))));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** {@code weight}, {@code 2:4}, {@code 4x4}, {@code unit}, {@code head} or {@code layer}. */
  @Override
  public String toString() {
    return switch (kind) {
      case WEIGHT -> "weight";
      case N_OF_M -> rows + ":" + columns;
      case BLOCK -> rows + "x" + columns;
      case UNIT -> "unit";
      case HEAD -> "head";
      case LAYER -> "layer";
    };
  }
}
