package dev.pare.codec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The coder of .pare files; package-info specifies its code. The order of the levels and the stride
 * are those that give the fewest bytes, for large matrices on a part of them; signs are coin flips
 * where contexts save nothing.
 */
final class ContextArithmeticCoder implements LevelCoder {
  private static final int STRIDES_TRIED = 3;
  private static final int MOST_LEVELS_TRIED = 1 << 16;
  private static final int MOST_DRIFTS_TRIED = 1 << 14;
  private static final int MOST_DRIFTS = 1 << 24;
  // Rows are the fastest to read: what saves less than this share of the bits is not worth it.
  private static final int WORTH_BITS = 12;
  private static final byte[] EMPTY = {0};

  private final @Nullable InitialValues starts;
  private final @Nullable CodeHead head;

  /**
   * @param starts of the values, if both who writes and who reads know them
   */
  ContextArithmeticCoder(@Nullable InitialValues starts) {
    this(starts, null);
  }

  /**
   * @param starts of the values, if both who writes and who reads know them
   * @param head of all codes, if it is not to be the best one
   */
  ContextArithmeticCoder(@Nullable InitialValues starts, @Nullable CodeHead head) {
    this.starts = starts;
    this.head = head;
  }

  @Override
  public EncodedLevels encode(LevelMatrix levels) {
    if (starts != null && !starts.isOf(levels.rows(), levels.columns())) {
      throw new IllegalArgumentException("starts are not of " + levels);
    }
    if (levels.nonzeros() == 0) {
      return new EncodedLevels(EMPTY.clone(), new CodeCost(0, 0, Byte.SIZE));
    }
    if (head != null) {
      CodeParameters parameters = CodeParameters.of(levels, head, starts != null);
      return encode(levels, parameters.drifting() ? starts : null, parameters);
    }
    EncodedLevels plain = plain(levels);
    if (starts == null || levels.size() > MOST_DRIFTS) {
      return plain;
    }
    EncodedLevels drifting = smallest(levels, starts, driftCandidates(levels, starts));
    return drifting.cost().totalBits() < plain.cost().totalBits() ? drifting : plain;
  }

  /** Whoever looks for the smallest file asks for the same code with and without starts. */
  private static EncodedLevels plain(LevelMatrix levels) {
    EncodedLevels known = levels.code();
    if (known != null) {
      return known;
    }
    EncodedLevels code = smallest(levels, null, candidates(levels));
    levels.code(code);
    return code;
  }

  @Override
  public DecodedLevels decode(byte[] code, int rows, int columns) {
    short[] levels = new short[Math.multiplyExact(rows, columns)];
    CodeCost cost = read(code, rows, columns, levels);
    return new DecodedLevels(LevelMatrix.wrap(rows, columns, levels), cost);
  }

  /**
   * The code under those of the parameters that are best for the matrix or the first part of it.
   */
  private static EncodedLevels smallest(
      LevelMatrix levels, @Nullable InitialValues starts, List<CodeParameters> candidates) {
    LevelMatrix part = part(levels, starts == null ? MOST_LEVELS_TRIED : MOST_DRIFTS_TRIED);
    InitialValues ofPart = starts == null ? null : starts.ofRows(part.rows());
    CodeParameters chosen = candidates.get(0);
    EncodedLevels best = encode(part, ofPart, chosen.of(part));
    for (CodeParameters candidate : candidates.subList(1, candidates.size())) {
      EncodedLevels code = encode(part, ofPart, candidate.of(part));
      long worth = best.cost().totalBits() >> WORTH_BITS;
      if (code.cost().totalBits() < best.cost().totalBits() - worth) {
        best = code;
        chosen = candidate;
      }
    }
    if (starts == null && chosen.signed()) {
      CodeParameters even = chosen.withEvenSigns();
      EncodedLevels code = encode(part, null, even.of(part));
      if (code.cost().totalBits() <= best.cost().totalBits()) {
        best = code;
        chosen = even;
      }
    }
    return part == levels ? best : encode(levels, starts, chosen.of(levels));
  }

  private static EncodedLevels encode(
      LevelMatrix levels, @Nullable InitialValues starts, CodeParameters parameters) {
    BinaryCoder coder = parameters.write();
    LevelModel model = new LevelModel(parameters, levels.rows(), levels.columns(), starts);
    model.code(coder, levels.levels());
    byte[] code = coder.finish();
    return new EncodedLevels(code, cost(model, code.length));
  }

  private CodeCost read(byte[] code, int rows, int columns, short[] levels) {
    if (starts != null && !starts.isOf(rows, columns)) {
      throw new IllegalArgumentException("starts are not of a " + rows + "×" + columns + " matrix");
    }
    if (Arrays.equals(code, EMPTY)) {
      return new CodeCost(0, 0, Byte.SIZE);
    }
    if (code.length == 0) {
      throw new MalformedCodeException(0, "no code");
    }
    CodeParameters.Start start = CodeParameters.read(code, rows, starts != null);
    LevelModel model = new LevelModel(start.parameters(), rows, columns, starts);
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
    LevelMatrix part = part(levels, MOST_LEVELS_TRIED);
    for (int stride : Strides.likeliest(part, STRIDES_TRIED)) {
      candidates.add(CodeParameters.of(levels, false, stride));
    }
    if (levels.rows() > 1 && levels.columns() > 1 && Scan.mayTranspose(levels.rows())) {
      candidates.add(CodeParameters.of(levels, true, 0));
    }
    return candidates;
  }

  /** With strides at which the levels are alike, or what they drifted. */
  private static List<CodeParameters> driftCandidates(LevelMatrix levels, InitialValues starts) {
    LevelMatrix part = part(levels, MOST_DRIFTS_TRIED);
    Set<Integer> strides = new TreeSet<>(Strides.likeliest(part, STRIDES_TRIED));
    strides.addAll(Strides.likeliest(starts.ofRows(part.rows()).driftSigns(part), STRIDES_TRIED));
    strides.add(0);
    return strides.stream()
        .map(stride -> CodeParameters.of(levels, false, stride).withDrift())
        .toList();
  }

  /** The matrix, or so many of its rows from the first on that they are quickly tried. */
  private static LevelMatrix part(LevelMatrix levels, int most) {
    int rows = Math.max(1, most / levels.columns());
    if (rows >= levels.rows()) {
      return levels;
    }
    int columns = levels.columns();
    LevelMatrix part =
        LevelMatrix.wrap(rows, columns, Arrays.copyOf(levels.levels(), rows * columns));
    return part.nonzeros() > 0 ? part : levels;
  }
}
