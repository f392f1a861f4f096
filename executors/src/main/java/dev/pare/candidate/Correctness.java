package dev.pare.candidate;

import java.io.Serializable;
import java.util.BitSet;
import java.util.HexFormat;

/**
 * Which examples a network got right, one by one, so that two networks can be compared in pairs.
 *
 * @param examples how many were tried
 * @param correct how many were right
 * @param bits a hexadecimal byte for each eight examples; example {@code i} is bit {@code i mod 8},
 *     counted from the least, of byte {@code i / 8}
 */
public record Correctness(int examples, int correct, String bits) implements Serializable {
  public Correctness {
    if (examples < 1 || bits.length() != 2 * ((examples + 7) / 8)) {
      throw new IllegalArgumentException(
          examples + " examples with " + bits.length() + " hexadecimal digits");
    }
    BitSet right = BitSet.valueOf(HexFormat.of().parseHex(bits));
    if (right.length() > examples) {
      throw new IllegalArgumentException(
          "bit " + (right.length() - 1) + " is set, but there are " + examples + " examples");
    }
    if (right.cardinality() != correct) {
      throw new IllegalArgumentException(
          correct + " correct, but " + right.cardinality() + " bits set");
    }
  }

  /** From a set of the indices that were right, all below {@code examples}. */
  public static Correctness of(BitSet right, int examples) {
    byte[] bytes = new byte[(examples + 7) / 8];
    byte[] set = right.toByteArray();
    System.arraycopy(set, 0, bytes, 0, set.length);
    return new Correctness(examples, right.cardinality(), HexFormat.of().formatHex(bytes));
  }

  /** The indices that were right. */
  public BitSet right() {
    return BitSet.valueOf(HexFormat.of().parseHex(bits));
  }

  /** Share of the examples that were right. */
  public double accuracy() {
    return (double) correct / examples;
  }
}
