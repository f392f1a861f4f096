package dev.pare.codec;

/**
 * What the coder of .pare files is measured against. The index width, or that there is no index, is
 * what gives the fewest bits.
 *
 * <p>Deep Compression's code (Han, Mao and Dally 2016): nonzeros by their distance from the one
 * before along the row-major scan, distances and levels in a Huffman code each. A stream of bits,
 * the most significant of each byte first:
 *
 * <table>
 * <caption>Fields in order</caption>
 * <tr><th>field</th><th>bits</th><th>meaning</th></tr>
 * <tr><td>width</td><td>4</td><td>0 to 14: index width w; 15: dense, without an index</td></tr>
 * <tr><td>nonzeros</td><td>number</td><td>not if dense; if it is 0, nothing follows</td></tr>
 * <tr><td>index lengths</td><td>lengths</td><td>not if dense; of 2^w + 1 symbols</td></tr>
 * <tr><td>lowest, highest</td><td>10 each</td><td>the least and greatest level to come, plus
 *     256</td></tr>
 * <tr><td>value lengths</td><td>lengths</td><td>of highest − lowest + 1 symbols</td></tr>
 * <tr><td>index codes</td><td>Huffman</td><td>not if dense; for each nonzero, zeros before it:
 *     symbol 0 skips 2^w zeros (a filler), symbol 1 + g skips g &lt; 2^w zeros and places the
 *     nonzero</td></tr>
 * <tr><td>value codes</td><td>Huffman</td><td>symbol level − lowest; for each nonzero, or for each
 *     level if dense</td></tr>
 * <tr><td>padding</td><td>0 to 7</td><td>zeros up to a whole byte</td></tr>
 * </table>
 *
 * <p>Deep Compression makes a filler an ordinary entry with the value zero; a symbol of its own
 * spares it the value and is never longer.
 *
 * <p>A <i>number</i> n ≥ 0 is 5 bits for its length in bits, then its bits but the leading one.
 *
 * <p><i>Lengths</i> are code lengths, 1 to 15, of an alphabet of known size, symbol after symbol,
 * as changes against the last symbol that had one (4 before the first):
 *
 * <table>
 * <caption>Tokens</caption>
 * <tr><th>token</th><th>meaning</th></tr>
 * <tr><td>0</td><td>the same length</td></tr>
 * <tr><td>10</td><td>one longer</td></tr>
 * <tr><td>110</td><td>one shorter</td></tr>
 * <tr><td>1110 + Elias gamma code of n</td><td>n symbols do not occur</td></tr>
 * <tr><td>1111 + 4 bits</td><td>this length</td></tr>
 * </table>
 *
 * <p>The lengths satisfy Kraft's equality, except that a symbol alone has length 1 here and costs
 * no bits at all where it occurs. Codes are canonical: shorter ones first, equal lengths in the
 * order of the symbols, counting up.
 */
final class RelativeHuffmanCoder implements LevelCoder {
  private static final int WIDTH_BITS = 4;
  private static final int DENSE = 15;
  private static final int LEVEL_BITS = 10;

  @Override
  public EncodedLevels encode(LevelMatrix levels) {
    if (levels.nonzeros() == 0) {
      BitWriter out = new BitWriter();
      out.write(0, WIDTH_BITS);
      out.writeNumber(0);
      return finish(out, 0, 0);
    }
    GapHistogram gaps = new GapHistogram(levels.levels());
    int width = 0;
    HuffmanPlan index = new HuffmanPlan(gaps.counts(0));
    for (int wider = 1; wider <= gaps.widest(); wider++) {
      HuffmanPlan candidate = new HuffmanPlan(gaps.counts(wider));
      if (candidate.totalBits() < index.totalBits()) {
        width = wider;
        index = candidate;
      }
    }
    ValueCounts nonzeros = ValueCounts.ofNonzeros(levels);
    HuffmanPlan nonzeroCode = new HuffmanPlan(nonzeros.counts());
    ValueCounts all = ValueCounts.ofAll(levels);
    HuffmanPlan denseCode = new HuffmanPlan(all.counts());
    return denseCode.totalBits() <= index.totalBits() + nonzeroCode.totalBits()
        ? encodeDense(levels, all, denseCode)
        : encodeSparse(levels, width, index, nonzeros, nonzeroCode);
  }

  @Override
  public DecodedLevels decode(byte[] code, int rows, int columns) {
    short[] levels = new short[Math.multiplyExact(rows, columns)];
    CodeCost cost = read(new BitReader(code), levels);
    return new DecodedLevels(LevelMatrix.wrap(rows, columns, levels), cost);
  }

  private static EncodedLevels encodeDense(
      LevelMatrix levels, ValueCounts values, HuffmanPlan valueCode) {
    BitWriter out = new BitWriter();
    out.write(DENSE, WIDTH_BITS);
    writeValueTable(values, valueCode, out);
    HuffmanCode code = new HuffmanCode(valueCode.lengths());
    int lowest = values.lowest();
    for (short level : levels.levels()) {
      code.write(level - lowest, out);
    }
    return finish(out, 0, valueCode.codeBits());
  }

  private static EncodedLevels encodeSparse(
      LevelMatrix levels, int width, HuffmanPlan index, ValueCounts values, HuffmanPlan valueCode) {
    BitWriter out = new BitWriter();
    out.write(width, WIDTH_BITS);
    out.writeNumber(levels.nonzeros());
    CodeLengthTable.write(index.lengths(), out);
    writeValueTable(values, valueCode, out);
    HuffmanCode code = new HuffmanCode(index.lengths());
    short[] array = levels.levels();
    int next = 0;
    for (int i = 0; i < array.length; i++) {
      if (array[i] != 0) {
        int gap = i - next;
        for (int fillers = gap >> width; fillers > 0; fillers--) {
          code.write(0, out);
        }
        code.write(1 + (gap & (1 << width) - 1), out);
        next = i + 1;
      }
    }
    code = new HuffmanCode(valueCode.lengths());
    int lowest = values.lowest();
    for (short level : array) {
      if (level != 0) {
        code.write(level - lowest, out);
      }
    }
    return finish(out, index.codeBits(), valueCode.codeBits());
  }

  private static void writeValueTable(ValueCounts values, HuffmanPlan code, BitWriter out) {
    out.write(values.lowest() + LevelMatrix.MAX_MAGNITUDE, LEVEL_BITS);
    out.write(values.highest() + LevelMatrix.MAX_MAGNITUDE, LEVEL_BITS);
    CodeLengthTable.write(code.lengths(), out);
  }

  private static EncodedLevels finish(BitWriter out, long indexBits, long valueBits) {
    byte[] bytes = out.toBytes();
    return new EncodedLevels(bytes, cost(bytes.length, indexBits, valueBits));
  }

  private static CodeCost cost(int bytes, long indexBits, long valueBits) {
    return new CodeCost(indexBits, valueBits, 8L * bytes - indexBits - valueBits);
  }

  /** Decodes all of {@code in} into {@code levels}, which hold zeros. */
  private static CodeCost read(BitReader in, short[] levels) {
    int width = in.read(WIDTH_BITS);
    long indexBits = 0;
    long valueBits = 0;
    if (width == DENSE) {
      ValueTable values = ValueTable.read(in);
      long start = in.bits();
      for (int i = 0; i < levels.length; i++) {
        levels[i] = values.level(in);
      }
      valueBits = in.bits() - start;
    } else {
      int nonzeros = in.readNumber();
      if (nonzeros > levels.length) {
        throw in.malformed(nonzeros + " nonzeros among " + levels.length + " levels");
      }
      if (nonzeros > 0) {
        byte[] lengths = CodeLengthTable.read((1 << width) + 1, in);
        ValueTable values = ValueTable.read(in);
        values.expectNoZero(in);
        long start = in.bits();
        readIndex(in, width, new HuffmanDecoder(lengths), nonzeros, levels);
        indexBits = in.bits() - start;
        for (int i = 0; i < levels.length; i++) {
          if (levels[i] != 0) {
            levels[i] = values.level(in);
          }
        }
        valueBits = in.bits() - start - indexBits;
      }
    }
    in.expectPadding();
    return cost(in.length(), indexBits, valueBits);
  }

  /** Marks the places of the nonzeros. */
  private static void readIndex(
      BitReader in, int width, HuffmanDecoder index, int nonzeros, short[] levels) {
    int place = 0;
    for (int missing = nonzeros; missing > 0; ) {
      int symbol = index.read(in);
      int zeros = symbol == 0 ? 1 << width : symbol - 1;
      if (zeros >= levels.length - place) {
        throw in.malformed("a nonzero beyond the " + levels.length + " levels");
      }
      place += zeros;
      if (symbol != 0) {
        levels[place++] = 1;
        missing--;
      }
    }
  }

  /** The code of the levels, for reading. */
  private static final class ValueTable {
    private final int lowest;
    private final byte[] lengths;
    private final HuffmanDecoder code;

    private ValueTable(int lowest, byte[] lengths) {
      this.lowest = lowest;
      this.lengths = lengths;
      code = new HuffmanDecoder(lengths);
    }

    static ValueTable read(BitReader in) {
      int lowest = in.read(LEVEL_BITS) - LevelMatrix.MAX_MAGNITUDE;
      int highest = in.read(LEVEL_BITS) - LevelMatrix.MAX_MAGNITUDE;
      if (highest > LevelMatrix.MAX_MAGNITUDE || lowest > highest) {
        throw in.malformed("levels from " + lowest + " to " + highest);
      }
      return new ValueTable(lowest, CodeLengthTable.read(highest - lowest + 1, in));
    }

    void expectNoZero(BitReader in) {
      if (lowest <= 0 && -lowest < lengths.length && lengths[-lowest] != 0) {
        throw in.malformed("level 0 among the nonzeros");
      }
    }

    short level(BitReader in) {
      return (short) (lowest + code.read(in));
    }
  }
}
