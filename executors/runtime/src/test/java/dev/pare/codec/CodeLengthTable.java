package dev.pare.codec;

/** Code lengths as bits; {@link RelativeHuffmanCoder} draws the tokens. */
final class CodeLengthTable {
  private static final int FIRST_GUESS = 4;

  private CodeLengthTable() {}

  static void write(byte[] lengths, BitWriter out) {
    int previous = FIRST_GUESS;
    for (int symbol = 0; symbol < lengths.length; ) {
      int length = lengths[symbol];
      if (length == 0) {
        int end = symbol + 1;
        while (end < lengths.length && lengths[end] == 0) {
          end++;
        }
        out.write(0b1110, 4);
        out.writeGamma(end - symbol);
        symbol = end;
        continue;
      }
      switch (length - previous) {
        case 0 -> out.write(0b0, 1);
        case 1 -> out.write(0b10, 2);
        case -1 -> out.write(0b110, 3);
        default -> out.write(0b1111 << 4 | length, 8);
      }
      previous = length;
      symbol++;
    }
  }

  /**
   * The lengths of an alphabet of {@code symbols}: a complete code, or one symbol alone.
   *
   * @throws MalformedCodeException if they are neither
   */
  static byte[] read(int symbols, BitReader in) {
    byte[] lengths = new byte[symbols];
    int previous = FIRST_GUESS;
    int kraft = 0;
    for (int symbol = 0; symbol < symbols; ) {
      int length;
      if (in.read(1) == 0) {
        length = previous;
      } else if (in.read(1) == 0) {
        length = previous + 1;
      } else if (in.read(1) == 0) {
        length = previous - 1;
      } else if (in.read(1) == 1) {
        length = in.read(4);
      } else {
        int absent = in.readGamma();
        if (absent > symbols - symbol) {
          throw in.malformed("code lengths for more than " + symbols + " symbols");
        }
        symbol += absent;
        continue;
      }
      if (length < 1 || length > CodeLengths.MAX) {
        throw in.malformed("code length " + length);
      }
      kraft += 1 << CodeLengths.MAX - length;
      lengths[symbol++] = (byte) length;
      previous = length;
    }
    boolean complete = kraft == 1 << CodeLengths.MAX;
    boolean alone = kraft == 1 << CodeLengths.MAX - 1 && CodeLengths.isAlone(lengths);
    if (!complete && !alone) {
      throw in.malformed("code lengths are not those of a complete code");
    }
    return lengths;
  }
}
