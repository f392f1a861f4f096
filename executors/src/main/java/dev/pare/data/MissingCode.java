package dev.pare.data;

import java.util.regex.Pattern;

/** How likely a number is written where there is none, from what people write. */
enum MissingCode {
  /** As 999, -9999 and the least whole numbers of 16, 32 and 64 bits. */
  LONG,
  /** As -1, 9, 99, 98: numbers that measures have, too. */
  SHORT,
  /**
   * As 99.99 and -999.25, which weather stations and well logs have, and the largest whole numbers
   * of 16 bits: numbers that measures may have, but not often.
   */
  TYPED,
  /** A number like others. */
  NONE;

  private static final Pattern LONGS =
      Pattern.compile(
          "-?(9{3,7}|9{2,6}[78]|8{3,7}|7{3,7})|-(32768|2147483648|9223372036854775808)");
  private static final Pattern SHORTS = Pattern.compile("-1|-?(9|99|98|97|88|77)");

  private static final Pattern TYPES = Pattern.compile("-?9{2,4}[.]9{1,2}|-999[.]25|32767|65535");

  static MissingCode of(float value) {
    if (value != Math.rint(value)) {
      return TYPES.matcher(Float.toString(value)).matches() ? TYPED : NONE;
    }
    String text = Long.toString((long) value);
    return LONGS.matcher(text).matches()
        ? LONG
        : SHORTS.matcher(text).matches() ? SHORT : TYPES.matcher(text).matches() ? TYPED : NONE;
  }
}
