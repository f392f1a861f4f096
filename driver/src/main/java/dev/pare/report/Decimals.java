package dev.pare.report;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Derived numbers, rounded to digits that every platform agrees on. */
final class Decimals {
  private Decimals() {}

  /** Two digits, as {@code 94.32}. */
  static BigDecimal ratio(double ratio) {
    return new BigDecimal(ratio).setScale(2, RoundingMode.HALF_EVEN);
  }

  /** Six digits, as {@code 0.983417}. */
  static BigDecimal share(double share) {
    return new BigDecimal(share).setScale(6, RoundingMode.HALF_EVEN);
  }
}
