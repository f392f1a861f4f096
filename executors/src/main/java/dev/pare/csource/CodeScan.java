package dev.pare.csource;

import dev.pare.codec.CodeParameters;
import dev.pare.codec.LevelCoding;
import dev.pare.codec.LevelMatrix;
import dev.pare.codec.Logistic;
import java.util.ArrayList;
import java.util.List;

/**
 * How an arithmetic code goes through its levels, and what room decoding it takes: what {@code
 * coded.c} has to know. Package {@link dev.pare.codec} specifies the bytes.
 *
 * @param code the bytes
 * @param parameters with which the code begins
 */
record CodeScan(LevelMatrix levels, byte[] code, CodeParameters parameters) implements LevelCode {
  private static final int STRUCTURE_BYTES = 32;
  private static final int MOST_TREE_EXPONENT = 4;
  private static final int NODES = 80;
  private static final int NODE_CONTEXTS = 81;
  private static final int SIGNIFICANCE_CONTEXTS = 770;
  private static final int SIGN_CONTEXTS = 486;
  private static final int MARGIN = 2;
  private static final int CODER_BYTES = 80;

  /** Of levels of which not all are 0. */
  static CodeScan of(LevelMatrix levels) {
    byte[] code = LevelCoding.CONTEXT_ARITHMETIC.coder().encode(levels).bytes();
    return new CodeScan(levels, code, CodeParameters.of(code, levels.rows()));
  }

  @Override
  public boolean transposed() {
    return parameters.transposed();
  }

  @Override
  public String add(Program program, String name) {
    Library library = program.library();
    library.useFirst("coded");
    library.define("CODED");
    int places = parameters.places(levels.rows(), levels.columns());
    int negatives = Math.max(0, -levels.lowest());
    int nodes = nodes(Math.max(negatives, levels.highest())) * (negatives > 0 ? 2 : 1);
    int states = 2 * places + SIGNIFICANCE_CONTEXTS + SIGN_CONTEXTS + NODE_CONTEXTS * nodes;
    library.define("STATES", states);
    library.define("SETS", 2 + nodes);
    library.define("PLACES", places);
    library.define("LINE", Math.max(2 * parameters.stride(), MARGIN) + places + MARGIN);
    program.shorts("squashed", squashed());
    program.signedShorts("stretched", stretched());
    String bytes = program.bytes(name + "_bytes", code);
    List<Object> fields = new ArrayList<>();
    fields.add(bytes);
    fields.add(code.length);
    fields.add(levels.rows());
    fields.add(places);
    fields.add(negatives);
    fields.add(Math.max(0, levels.highest()));
    fields.add(parameters.stride());
    fields.add(parameters.densityClass());
    fields.add(parameters.transposed() ? 1 : 0);
    fields.add(parameters.evenSigns() ? 1 : 0);
    return program.structure("code", name, STRUCTURE_BYTES, fields);
  }

  /** Bytes of the decoder's variables in a program that has one. */
  static long ramBytes(Library library) {
    return CODER_BYTES
        + 4 * library.size("STATES")
        + 26 * library.size("SETS")
        + 6 * library.size("LINE")
        + 6 * library.size("PLACES");
  }

  /** The decisions that make up a magnitude. */
  private static int nodes(int most) {
    int exponent = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(most);
    return exponent > MOST_TREE_EXPONENT ? NODES : exponent + (2 << exponent) - 2;
  }

  /** Probabilities of logits from 0. */
  private static int[] squashed() {
    int[] table = new int[Logistic.LIMIT + 1];
    for (int i = 0; i < table.length; i++) {
      table[i] = Logistic.squash(i);
    }
    return table;
  }

  /** Logits of probabilities from 1/2, in steps of 2⁻¹². */
  private static int[] stretched() {
    int[] table = new int[1 << 11];
    for (int i = 0; i < table.length; i++) {
      table[i] = Logistic.stretch(i + table.length << 20);
    }
    return table;
  }
}
