package dev.pare.csource;

import dev.pare.codec.LevelMatrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A light arithmetic code of levels, for processors without floats and with little memory: {@code
 * light.c} decodes it in integers of 32 bits with 1.8 KB of variables, and 3 bytes for each place
 * of a line. {@link RangeEncoder} makes bytes of bits.
 *
 * <p>Lines are the rows, or the columns if that takes fewer bytes. Of each level is coded whether
 * it is not 0 (unless none is), its sign (if both occur), the exponent of its magnitude in unary,
 * and the bits below the leading one; what the greatest magnitude of that sign forbids is left out.
 *
 * <p>A context is a probability p of a 1 and how often it was met, n ≤ 6. After a bit b, {@code p
 * += (b − p) / 2ⁿ⁺¹}. Probabilities are rounded down to 1/4096 and are at least that much from 0
 * and 1.
 *
 * <ul>
 *   <li>Each place has a density, the share of levels there that are not 0, and so has the line;
 *       both begin with that of all levels, and move towards a level's by 1/2⁵, those of places by
 *       1/2², 1/2³, 1/2⁴ in the first 2, 4 and 8 lines. A density's class is twice the length in
 *       bits of {@code ⌊1024 · density⌋}, one more where the bit below the leading one is set.
 *   <li><i>Significance</i>, by the mean of two contexts: of the class of the density near ((2 ·
 *       this + the one before + the one behind) / 4) and how many of the two levels before are not
 *       0; of a quarter of that class, half the class of the line's density, and whether the level
 *       before and the one at this place in the line before are not 0. They begin with the middle
 *       of the class of the density near and n = 3, all others with 1/2 and n = 0.
 *   <li><i>Sign</i>: by the last sign at this place and the last one in this line.
 *   <li><i>Magnitude</i>: by the number of the decision; an exponent's also by the exponent of the
 *       last magnitude in this line, up to 2 (0 at first); the bit below the leading one by the
 *       exponent; the next one by that and the bit before. All further ones are at even odds.
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
