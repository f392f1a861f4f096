package dev.pare.data;

import dev.pare.prepare.Preparation;
import java.math.BigDecimal;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Names that may be meant as one: they differ only by case, spaces or how a number is written. */
final class Spellings {
  /** More single letters than this, each there in both cases, are an alphabet. */
  private static final int MOST_LETTERS = 4;

  private static final Charset WESTERN = Charset.forName("windows-1252");

  private Spellings() {}

  /** The numbers of the names in each group of such, both ascending; names are all different. */
  static List<List<Integer>> of(List<String> names) {
    Map<String, List<Integer>> groups = new TreeMap<>();
    for (int i = 0; i < names.size(); i++) {
      groups.computeIfAbsent(plain(names.get(i)), plain -> new ArrayList<>()).add(i);
    }
    List<Map.Entry<String, List<Integer>>> several =
        groups.entrySet().stream().filter(group -> group.getValue().size() > 1).toList();
    long letters = several.stream().filter(group -> group.getKey().length() == 1).count();
    return several.stream()
        .filter(group -> group.getKey().length() > 1 || letters <= MOST_LETTERS)
        .map(Map.Entry::getValue)
        .sorted(Comparator.comparing(group -> group.get(0)))
        .toList();
  }

  private static String plain(String name) {
    // Upper case first: of two letters that have one in common, as ß and ss or ı and i, each is it.
    String text =
        Normalizer.normalize(read(name), Normalizer.Form.NFKC)
            .toUpperCase(Locale.ROOT)
            .toLowerCase(Locale.ROOT)
            .replace("i\u0307", "i")
            .replaceAll("\\p{Cf}+", "")
            .replaceAll("[\\s\\p{Z}]+", " ")
            .replaceAll("(?<![0-9]) | (?![0-9])", "");
    if (Float.isNaN(Preparation.finite(text))) {
      return text;
    }
    try {
      BigDecimal number = new BigDecimal(text);
      return number.signum() == 0 ? "0" : number.stripTrailingZeros().toString();
    } catch (ArithmeticException | NumberFormatException e) {
      // Its exponent is beyond what can be held.
      return text;
    }
  }

  /** What a name was whose UTF-8 somebody took for Windows' western characters. */
  private static String read(String name) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(WESTERN.newEncoder().encode(CharBuffer.wrap(name)))
          .toString();
    } catch (CharacterCodingException e) {
      return name;
    }
  }
}
