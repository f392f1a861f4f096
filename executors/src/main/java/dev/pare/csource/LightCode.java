package dev.pare.csource;

import dev.pare.codec.LevelMatrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A light arithmetic code of levels, for processors without floats and with little memory: {@code
 * light.c} decodes it in integers of 32 bits with 1.8 KB of variables, and 3 bytes for each place
 * of a line. {@link RangeEncoder} makes bytes of bits. All divisions round down.
 *
 * <p>What decodes it knows beside the bytes: the numbers of lines and of places, whether lines are
 * columns (they are rows unless columns take fewer bytes), minus the lowest and the highest level
 * or 0, whether no level is 0, and the density {@code 65535 · levels that are not 0 / levels}.
 *
 * <p>Of each level is coded whether it is not 0 (1; left out if no level is 0), its sign (1 if
 * negative; left out unless both occur), the exponent of its magnitude in unary (1 for each, then 0
 * below the exponent of the greatest magnitude of that sign), and the bits below the leading one,
 * the high ones first, but for bits that the greatest magnitude forbids to be 1.
 *
 * <p>A context is a probability p of a 1 in 22 bits, and n, how often it was met, up to 6. A bit is
 * coded by {@code p / 2¹⁰}, or, of two contexts p and q, by {@code (p / 2 + q / 2) / 2¹⁰}, which is
 * made at least 1 and at most 4095. Then p grows by {@code (2²² − 1 − p) / 2ⁿ⁺¹} after a 1, shrinks
 * by {@code p / 2ⁿ⁺¹} after a 0, and n grows by 1. Contexts begin with {@code p = 2²¹}, n = 0,
 * unless it is said otherwise.
 *
 * <p>Each place has a density, and so has the line: shares of levels that are not 0, in 1/65535.
 * They begin with that of all levels, the line's anew in each line. After a level a density d grows
 * by {@code (65535 − d) / 2ʰ} if that is not 0, else shrinks by {@code d / 2ʰ}: h is 5 for the
 * line, for places 2 in the first 2 lines, 3 in the next 4, 4 in the next 8, then 5. The class of a
 * density is, with l the length in bits of {@code d / 64}, twice l, one more where the bit below
 * the leading one is set. Its middle is {@code 32 · (2a + w)} with w = 2ˡ⁻² and a the least {@code
 * d / 64} of that class; where l is 0 or 1, w is 1 and a is l.
 *
 * <ul>
 *   <li><i>Significance</i>, by two contexts. Near is the class of {@code (2 · the density of this
 *       place + that of the place before + that of the next one) / 4}, this place's own in place of
 *       those beyond the ends; the place before has already learned of this line. One context is of
 *       near and how many of the two levels before in the line are not 0; the other of {@code near
 *       / 4}, half the class of the line's density, and whether the level before and the one at
 *       this place in the line before are not 0. They begin with n = 3 and p 64 times the middle:
 *       of the class near, and of the class {@code 4 · (near / 4) + 1}.
 *   <li><i>Sign</i>, by the last sign at this place, in whatever line, and the last one in this
 *       line.
 *   <li><i>Magnitude</i>: an exponent's decisions by their number and the exponent of the last
 *       magnitude in this line, up to 2 (0 if there is none); the bit below the leading one by the
 *       exponent; the next one by that and the bit before. All further ones are at even odds, 2048.
 * </ul>
 */
final class LightCode implements LevelCode {
  private static final int STRUCTURE_BYTES = 28;
  private static final int CODER_BYTES = 48;

  // As in light.c.
  private static final int BY_LINE = 66;
  private static final int SIGNS = BY_LINE + 264;
  private static final int EXPONENTS = SIGNS + 9;
  private static final int SECONDS = EXPONENTS + 45;
  private static final int THIRDS = SECONDS + 15;
  private static final int CONTEXTS = THIRDS + 30;
  private static final int EVEN_ODDS = 1 << 11;
  private static final int BITS = 22;
  private static final int MOST_MET = 6;
  private static final int ONE = 65535;

  private final LevelMatrix levels;
  private final boolean transposed;
  private final int lines;
  private final int places;
  private final int negatives;
  private final int positives;
  private final int density;
  private final RangeEncoder encoder = new RangeEncoder();
  private final int[] probabilities = new int[CONTEXTS];
  private final int[] met = new int[CONTEXTS];
  private final int[] densities;
  private final byte[] lastSigns;
  private final boolean[] nonzeroAbove;
  private final byte[] bytes;

  /** The shorter of both ways through levels of which not all are 0. */
  static LightCode of(LevelMatrix levels) {
    LightCode rows = new LightCode(levels, false);
    LightCode columns = new LightCode(levels, true);
    return columns.bytes.length < rows.bytes.length ? columns : rows;
  }

  private LightCode(LevelMatrix levels, boolean transposed) {
    this.levels = levels;
    this.transposed = transposed;
    lines = transposed ? levels.columns() : levels.rows();
    places = transposed ? levels.rows() : levels.columns();
    negatives = Math.max(0, -levels.lowest());
    positives = Math.max(0, levels.highest());
    density = (int) ((long) ONE * levels.nonzeros() / levels.size());
    densities = new int[places];
    Arrays.fill(densities, density);
    lastSigns = new byte[places];
    nonzeroAbove = new boolean[places];
    Arrays.fill(probabilities, 1 << BITS - 1);
    for (int i = 0; i < SIGNS; i++) {
      int found = i < BY_LINE ? i / 3 : (i - BY_LINE) / 11 % 6 * 4 + 1;
      probabilities[i] = middle(found) << BITS - 16;
      met[i] = 3;
    }
    for (int line = 0; line < lines; line++) {
      encodeLine(line);
    }
    bytes = encoder.finish();
  }

  private boolean isFull() {
    return levels.nonzeros() == levels.size();
  }

  @Override
  public boolean transposed() {
    return transposed;
  }

  @Override
  public String add(Program program, String name) {
    Library library = program.library();
    library.useFirst("light");
    library.define("CODED");
    library.define("PLACES", places);
    String address = program.bytes(name + "_bytes", bytes);
    List<Object> fields = new ArrayList<>();
    fields.add(address);
    fields.add(bytes.length);
    fields.add(lines);
    fields.add(places);
    fields.add(negatives);
    fields.add(positives);
    fields.add(density);
    fields.add(isFull() ? 1 : 0);
    fields.add(transposed ? 1 : 0);
    return program.structure("code", name, STRUCTURE_BYTES, fields);
  }

  /** Bytes of the decoder's variables in a program that has one. */
  static long ramBytes(Library library) {
    return CODER_BYTES + Integer.BYTES * CONTEXTS + 3 * library.size("PLACES");
  }

  private void encodeLine(int line) {
    int haste = Math.min(5, Integer.SIZE - Integer.numberOfLeadingZeros(line + 2));
    int lineDensity = density;
    int left = 0;
    int leftLeft = 0;
    int lastSign = 0;
    int lastClass = 0;
    boolean isFull = isFull();
    for (int place = 0; place < places; place++) {
      int level = levels.at(transposed ? place * lines + line : line * places + place);
      int bit = level == 0 ? 0 : 1;
      if (!isFull) {
        int own = densities[place];
        int around = densities[Math.max(0, place - 1)] + densities[Math.min(places - 1, place + 1)];
        int near = densityClass(2 * own + around >> 2);
        int over = nonzeroAbove[place] ? 1 : 0;
        int byLine = ((2 * left + over) * 6 + near / 4) * 11 + densityClass(lineDensity) / 2;
        encode(bit, 3 * near + left + leftLeft, BY_LINE + byLine);
        densities[place] = moved(own, bit, haste);
        lineDensity = moved(lineDensity, bit, 5);
        nonzeroAbove[place] = level != 0;
        leftLeft = left;
        left = bit;
      }
      if (level != 0) {
        if (negatives > 0 && positives > 0) {
          int negative = level < 0 ? 1 : 0;
          encode(negative, SIGNS + 3 * lastSigns[place] + lastSign);
          lastSign = 1 + negative;
          lastSigns[place] = (byte) lastSign;
        }
        encodeMagnitude(Math.abs(level), level < 0 ? negatives : positives, lastClass);
        lastClass = Math.min(2, exponent(Math.abs(level)));
      }
    }
  }

  private void encodeMagnitude(int magnitude, int most, int lastClass) {
    int exponent = exponent(magnitude);
    for (int i = 0; i < exponent(most) && i <= exponent; i++) {
      encode(i < exponent ? 1 : 0, EXPONENTS + 3 * i + lastClass);
    }
    for (int i = exponent - 1; i >= 0; i--) {
      int bit = magnitude >> i & 1;
      if ((magnitude >> i | 1) << i > most) {
        continue;
      }
      if (i == exponent - 1) {
        encode(bit, SECONDS + exponent);
      } else if (i == exponent - 2) {
        encode(bit, THIRDS + 2 * exponent + (magnitude >> i + 1 & 1));
      } else {
        encoder.encode(bit, EVEN_ODDS);
      }
    }
  }

  private static int exponent(int magnitude) {
    return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(magnitude);
  }

  private void encode(int bit, int context) {
    encoder.encode(bit, within(probabilities[context] >> 10));
    learn(context, bit);
  }

  /** By the mean of two contexts. */
  private void encode(int bit, int one, int other) {
    encoder.encode(bit, within((probabilities[one] >> 1) + (probabilities[other] >> 1) >> 10));
    learn(one, bit);
    learn(other, bit);
  }

  private static int within(int probability) {
    return Math.min(Math.max(probability, 1), (1 << 12) - 1);
  }

  private void learn(int context, int bit) {
    int known = probabilities[context];
    int shift = met[context] + 1;
    probabilities[context] =
        bit == 1 ? known + ((1 << BITS) - 1 - known >> shift) : known - (known >> shift);
    met[context] = Math.min(MOST_MET, met[context] + 1);
  }

  private static int moved(int density, int bit, int haste) {
    return bit == 1 ? density + (ONE - density >> haste) : density - (density >> haste);
  }

  private static int densityClass(int density) {
    int length = Integer.SIZE - Integer.numberOfLeadingZeros(density >> 6);
    return length < 2 ? 2 * length : 2 * length + (density >> length + 4 & 1);
  }

  /** Of a class, in 1/65536. */
  private static int middle(int found) {
    int length = found >> 1;
    int width = length < 2 ? 1 : 1 << length - 2;
    int least = length < 2 ? length : (2 | found & 1) * width;
    return 2 * least + width << 5;
  }
}
