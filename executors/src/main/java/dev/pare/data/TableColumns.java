package dev.pare.data;

import dev.pare.prepare.Column;
import dev.pare.prepare.Preparation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which columns of tables are features, and what texts are in those of categories. Raw rows have a
 * float for each: a number, NaN where it is missing; or the code of a text, numbered as they come,
 * {@link #NO_CODE} where it is missing. For one set of examples, whose files share the codes.
 */
final class TableColumns {
  /** What stands for a missing category. */
  static final float NO_CODE = -1;

  private final TableSettings settings;
  private final boolean plain;
  private @Nullable List<String> names;
  private final List<Map<String, Integer>> codes = new ArrayList<>();
  private int categories;

  private TableColumns(TableSettings settings, boolean plain, @Nullable List<String> names) {
    this.settings = settings;
    this.plain = plain;
    this.names = names;
  }

  /** Columns that the first file has. */
  static TableColumns ofTraining(TableSettings settings) {
    return new TableColumns(settings, !settings.preparesColumns(), null);
  }

  /** Columns that a preparation reads. */
  static TableColumns of(TableSettings settings, Preparation preparation) {
    List<String> names = preparation.columns().stream().map(Column::name).toList();
    return new TableColumns(settings, !settings.preparesColumns(), names);
  }

  /** Whether all columns but the label's are numbers, without names. */
  boolean arePlain() {
    return plain;
  }

  /** Whether settings have columns' names. */
  boolean namesColumns() {
    return settings.namesColumns();
  }

  /** Whether missing values are errors where they are read. */
  boolean refuseMissing() {
    return settings.missing().kind() == TableSettings.Missing.Kind.REFUSED;
  }

  /** Whether labels are in columns that have names. */
  boolean namesLabels() {
    return !settings.labels().isEmpty();
  }

  /**
   * Where the columns are that have the labels' names.
   *
   * @param malformed the error of the file's header, given what is wrong with it
   */
  int[] labels(List<String> header, Function<String, MalformedDataException> malformed) {
    check("data.columns.label", settings.labels(), header, malformed);
    return settings.labels().stream().mapToInt(header::indexOf).toArray();
  }

  /**
   * Where each feature is among a file's columns.
   *
   * @param labels where the labels are
   */
  int[] features(
      List<String> header, int[] labels, Function<String, MalformedDataException> malformed) {
    Map<String, Integer> at = new HashMap<>();
    for (String name : header) {
      if (at.put(name, at.size()) != null) {
        throw malformed.apply("two columns are called " + name);
      }
    }
    List<String> wanted = names;
    if (wanted == null) {
      wanted = wanted(header, labels, malformed);
      if (wanted.isEmpty()) {
        throw malformed.apply("has no column of features");
      }
      names = wanted;
    }
    while (codes.size() < wanted.size()) {
      codes.add(new HashMap<>());
    }
    int[] places = new int[wanted.size()];
    for (int i = 0; i < places.length; i++) {
      places[i] = at.getOrDefault(wanted.get(i), -1);
      if (places[i] < 0) {
        throw malformed.apply("has no column " + wanted.get(i) + among(header));
      }
      if (wanted.get(i).length() > Preparation.LONGEST_NAME) {
        throw malformed.apply(
            "column "
                + (places[i] + 1)
                + (" has a name of more than " + Preparation.LONGEST_NAME + " characters"));
      }
      if (contains(labels, places[i])) {
        throw malformed.apply("column " + wanted.get(i) + " is the label's");
      }
    }
    return places;
  }

  private List<String> wanted(
      List<String> header, int[] labels, Function<String, MalformedDataException> malformed) {
    check("data.columns.ignore", settings.ignored(), header, malformed);
    check("data.columns.categorical", settings.categorical(), header, malformed);
    check("data.columns.features", settings.features(), header, malformed);
    List<String> wanted = new ArrayList<>(settings.features());
    if (wanted.isEmpty()) {
      for (int i = 0; i < header.size(); i++) {
        if (!contains(labels, i) && !settings.ignored().contains(header.get(i))) {
          wanted.add(header.get(i));
        }
      }
    }
    for (String name : settings.categorical()) {
      if (!wanted.contains(name)) {
        throw malformed.apply("data.columns.categorical: " + name + " is no feature");
      }
    }
    return wanted;
  }

  private static boolean contains(int[] labels, int place) {
    return IntStream.of(labels).anyMatch(label -> label == place);
  }

  private static void check(
      String key,
      List<String> names,
      List<String> header,
      Function<String, MalformedDataException> malformed) {
    for (String name : names) {
      if (!header.contains(name)) {
        throw malformed.apply(absent(key, name, header));
      }
    }
  }

  private static String absent(String key, String name, List<String> header) {
    return key + " = " + name + ": there is no such column" + among(header);
  }

  private static String among(List<String> header) {
    String all = String.join(", ", header);
    return " among " + (all.length() > 200 ? all.substring(0, 200) + "…" : all);
  }

  /** The features' names, in order; of the first file that was read. */
  List<String> names() {
    return names == null ? List.of() : names;
  }

  /** Whether a feature is a text. */
  boolean isCategorical(int feature) {
    return settings.categorical().contains(names().get(feature));
  }

  /** The code of a text in a column of categories. */
  int code(int feature, String text, Function<String, MalformedDataException> malformed) {
    Map<String, Integer> known = codes.get(feature);
    Integer code = known.get(text);
    if (code == null) {
      if (++categories > Preparation.MOST_FEATURES) {
        throw malformed.apply("more than " + Preparation.MOST_FEATURES + " categories");
      }
      if (text.length() > Preparation.LONGEST_NAME) {
        throw malformed.apply(
            "a category of " + text.length() + " characters: at most " + Preparation.LONGEST_NAME);
      }
      code = known.size();
      known.put(text, code);
    }
    return code;
  }

  /** The texts of a column of categories, by their codes. */
  List<String> texts(int feature) {
    String[] texts = new String[codes.get(feature).size()];
    codes.get(feature).forEach((text, code) -> texts[code] = text);
    return List.of(texts);
  }
}
