package dev.pare.report;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sizes as people write them. A kilobyte ({@code k}, {@code kB}) is 1000 bytes, a kibibyte ({@code
 * Ki}, {@code KiB}) 1024.
 */
public final class ByteSize {
  private static final Pattern SIZE =
      Pattern.compile("(\\d{1,18}(?:\\.\\d{1,18})?)\\s*([kmg]i?)?b?", Pattern.CASE_INSENSITIVE);
  private static final Map<String, Integer> UNITS =
      Map.of(
          "",
          1,
          "k",
          1_000,
          "m",
          1_000_000,
          "g",
          1_000_000_000,
          "ki",
          1 << 10,
          "mi",
          1 << 20,
          "gi",
          1 << 30);

  private ByteSize() {}

  /**
   * The bytes of {@code 30000}, {@code 30k}, {@code 11.3 KB} or {@code 1MiB}, in either case,
   * rounded down.
   *
   * @throws IllegalArgumentException if the text is no size
   */
  public static long parse(String text) {
    Matcher matcher = SIZE.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no size: must be like 30000, 30k (1000 bytes each) or 30KiB (1024)");
    }
    String unit = matcher.group(2) == null ? "" : matcher.group(2).toLowerCase(Locale.ROOT);
    BigDecimal bytes =
        new BigDecimal(matcher.group(1))
            .multiply(BigDecimal.valueOf(requireNonNull(UNITS.get(unit))));
    return bytes.min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue();
  }

  /**
   * Three digits or four and a unit of 1000, as {@code 812 B}, {@code 11.3 KB}, {@code 1.07 MB}.
   */
  public static String format(long bytes) {
    String[] units = {"B", "KB", "MB", "GB"};
    BigDecimal value = BigDecimal.valueOf(bytes);
    int unit = 0;
    while (value.compareTo(BigDecimal.valueOf(999.5)) >= 0 && unit < units.length - 1) {
      value = value.movePointLeft(3);
      unit++;
    }
    int digits = value.precision() - value.scale();
    int scale = unit == 0 ? 0 : Math.max(0, 3 - Math.max(digits, 1));
    return value.setScale(scale, RoundingMode.HALF_UP).toPlainString() + " " + units[unit];
  }
}
