package dev.pare.codec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The coder of .pare files; package-info specifies its code. The order of the levels and the stride
 * are those that give the fewest bytes, for large matrices on a part of them.
 */
final class ContextArithmeticCoder implements LevelCoder {
  private static final int STRIDES_TRIED = 3;
  private static final int MOST_LEVELS_TRIED = 1 << 19;
  private static final byte[] EMPTY = {0};

  @Override
  public EncodedLevels encode(LevelMatrix levels) {
    if (levels.nonzeros() == 0) {
      return new EncodedLevels(EMPTY.clone(), new CodeCost(0, 0, Byte.SIZE));
    }
    LevelMatrix part = part(levels);
    EncodedLevels best = null;
    CodeParameters chosen = null;
    for (CodeParameters candidate : candidates(part)) {
      EncodedLevels code = encode(part, candidate);
      if (best == null || code.cost().totalBits() < best.cost().totalBits()) {
        best = code;
        chosen = candidate;
      }
    }
    if (best == null || chosen == null) {
      throw new AssertionError("there is always a candidate");
    }
    return part == levels
        ? best
        : encode(levels, CodeParameters.of(levels, chosen.transposed(), chosen.stride()));
  }

  @Override
  public LevelMatrix decode(byte[] code, int rows, int columns) {
    short[] levels = new short[Math.multiplyExact(rows, columns)];
    read(code, rows, columns, levels);
    return LevelMatrix.wrap(rows, columns, levels);
  }

  @Override
  public CodeCost cost(byte[] code, int rows, int columns) {
    return read(code, rows, columns, new short[Math.multiplyExact(rows, columns)]);
  }

  private static EncodedLevels encode(LevelMatrix levels, CodeParameters parameters) {
    BinaryCoder coder = parameters.write();
    LevelModel model = new LevelModel(parameters, levels.rows(), levels.columns());
    model.code(coder, levels.levels());
    byte[] code = coder.finish();
    return new EncodedLevels(code, cost(model, code.length));
  }

  private static CodeCost read(byte[] code, int rows, int columns, short[] levels) {
    if (Arrays.equals(code, EMPTY)) {
      return new CodeCost(0, 0, Byte.SIZE);
    }
    if (code.length == 0) {
      throw new MalformedCodeException(0, "no code");
    }
    CodeParameters.Start start = CodeParameters.read(code, rows);
    LevelModel model = new LevelModel(start.parameters(), rows, columns);
    model.code(start.coder(), levels);
    start.coder().expectEnd();
    return cost(model, code.length);
  }

  /** Costs as the probabilities say; parameters and what whole bytes take more are the table. */
  private static CodeCost cost(LevelModel model, int bytes) {
    long total = (long) Byte.SIZE * bytes;
    long index = Math.min(total, bits(model.significanceCost()));
    long value = Math.min(total - index, bits(model.valueCost()));
    return new CodeCost(index, value, total - index - value);
  }

  private static long bits(long cost) {
    return cost + (1L << Logistic.COST_BITS - 1) >> Logistic.COST_BITS;
  }

  private static List<CodeParameters> candidates(LevelMatrix levels) {
    List<CodeParameters> candidates = new ArrayList<>();
    candidates.add(CodeParameters.of(levels, false, 0));
    for (int stride : Strides.likeliest(levels, STRIDES_TRIED)) {
      candidates.add(CodeParameters.of(levels, false, stride));
    }
    if (levels.rows() > 1 && levels.columns() > 1 && Scan.mayTranspose(levels.rows())) {
      candidates.add(CodeParameters.of(levels, true, 0));
    }
    return candidates;
  }

  /** The matrix, or so many of its rows from the first on that they are quickly tried. */
  private static LevelMatrix part(LevelMatrix levels) {
    int rows = Math.max(1, MOST_LEVELS_TRIED / levels.columns());
    if (rows >= levels.rows()) {
      return levels;
    }
    int columns = levels.columns();
    LevelMatrix part =
        LevelMatrix.wrap(rows, columns, Arrays.copyOf(levels.levels(), rows * columns));
    return part.nonzeros() > 0 ? part : levels;
  }
}
