package dev.pare.data;

import static java.util.Objects.requireNonNull;

import dev.pare.prepare.Column;
import dev.pare.prepare.Preparation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  /** Of a number's place in a list, with its brackets. */
  private static final int LONGEST_PLACE = 10;

  private final TableSettings settings;
  private final boolean plain;

  /** Of a file; null while they are not known. */
  private @Nullable List<String> columns;

  /** Of the features; null while they are not known, and where they need none. */
  private @Nullable List<String> names;

  private final List<Map<String, Integer>> codes = new ArrayList<>();
  private final Map<String, Boolean> dates = new HashMap<>();
  private final MergedNumbers merged = new MergedNumbers();
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
    return new TableColumns(settings, !settings.preparesColumns(), names.isEmpty() ? null : names);
  }

  /** Takes the features' numbers as files have them. */
  MergedNumbers merged() {
    return merged;
  }

  /** Whether all columns but the label's are numbers, without names. */
  boolean arePlain() {
    return plain;
  }

  /**
   * Makes sure that a column is one of dates, which become days, in all files or in none.
   *
   * @param malformed the error of the file, given what is wrong with it
   */
  void date(String column, boolean isDate, Function<String, MalformedDataException> malformed) {
    Boolean before = dates.putIfAbsent(column, isDate);
    if (before != null && before != isDate) {
      throw malformed.apply(
          "column %s: is %s of dates, but %s in the files before"
              .formatted(column, isDate ? "one" : "none", before ? "one" : "none"));
    }
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
   * Where each feature is among a file's columns, of which each is one.
   *
   * @param labels where the labels are
   */
  int[] features(
      List<String> header, int[] labels, Function<String, MalformedDataException> malformed) {
    int[] places = columns(header, labels, malformed);
    name(header, new int[header.size()], malformed);
    return places;
  }

  /**
   * Where the columns are that features are in; {@link #name} tells what these are called.
   *
   * @param labels where the labels are
   */
  int[] columns(
      List<String> header, int[] labels, Function<String, MalformedDataException> malformed) {
    Map<String, Integer> at = new HashMap<>();
    for (String name : header) {
      if (at.put(name, at.size()) != null) {
        throw malformed.apply("two columns are called " + name);
      }
    }
    List<String> wanted = columns;
    if (wanted == null) {
      wanted = names == null ? wanted(header, labels, malformed) : withLists(names, at);
      if (wanted.isEmpty()) {
        throw malformed.apply("has no column of features");
      }
      columns = wanted;
    }
    int[] places = new int[wanted.size()];
    for (int i = 0; i < places.length; i++) {
      places[i] = at.getOrDefault(wanted.get(i), -1);
      if (places[i] < 0) {
        throw malformed.apply("has no column " + wanted.get(i) + among(header));
      }
      if (contains(labels, places[i])) {
        throw malformed.apply("column " + wanted.get(i) + " is the label's");
      }
    }
    return places;
  }

  /** The columns of some features: of those of a list its name, if there is such a column. */
  private static List<String> withLists(List<String> names, Map<String, Integer> at) {
    Set<String> columns = new LinkedHashSet<>();
    for (String name : names) {
      String list = name.endsWith("]") ? name.substring(0, name.lastIndexOf('[')) : name;
      columns.add(at.containsKey(name) || !at.containsKey(list) ? name : list);
    }
    return List.copyOf(columns);
  }

  /**
   * Names the features: columns as they are called, numbers of a list by it and their place, as
   * {@code x[0]}. A list that is the only feature, and stays as it is, needs no names.
   *
   * @param lengths of the lists in each of the file's columns; 0 where there are none
   */
  void name(
      List<String> header, int[] lengths, Function<String, MalformedDataException> malformed) {
    List<String> found = new ArrayList<>();
    List<String> wanted = requireNonNull(columns, "columns are not known");
    Map<String, Integer> places = new HashMap<>();
    header.forEach(column -> places.put(column, places.size()));
    for (String column : wanted) {
      int place = requireNonNull(places.get(column), column);
      int length = lengths[place];
      if (length > 0 && settings.categorical().contains(column)) {
        throw malformed.apply("column " + column + " has lists of numbers, no categories");
      }
      if (length > 0 && wanted.size() == 1 && refuseMissing() && !standardizes()) {
        return;
      }
      if (found.size() > Preparation.MOST_FEATURES - Math.max(1, length)) {
        throw malformed.apply("more than " + Preparation.MOST_FEATURES + " features");
      }
      if (column.length() > Preparation.LONGEST_NAME - (length > 0 ? LONGEST_PLACE : 0)) {
        throw malformed.apply(
            "column "
                + (place + 1)
                + (" has a name of more than " + Preparation.LONGEST_NAME + " characters"));
      }
      if (length == 0) {
        found.add(column);
      }
      for (int i = 0; i < length; i++) {
        found.add(column + "[" + i + "]");
      }
    }
    if (names != null && !names.equals(found)) {
      throw malformed.apply(
          "has %d features in columns %s, not the %d of the training data or of the files before"
              .formatted(found.size(), String.join(", ", wanted), names.size()));
    }
    names = List.copyOf(found);
    while (codes.size() < found.size()) {
      codes.add(new HashMap<>());
    }
  }

  private boolean standardizes() {
    return settings.scaling() == TableSettings.Scaling.STANDARD;
  }

  private List<String> wanted(
      List<String> header, int[] labels, Function<String, MalformedDataException> malformed) {
    check("data.columns.ignore", settings.ignored(), header, malformed);
    check("data.columns.categorical", settings.categorical(), header, malformed);
    check("data.columns.tokens", settings.tokens(), header, malformed);
    check("data.columns.features", settings.features(), header, malformed);
    List<String> wanted = new ArrayList<>(settings.features());
    if (wanted.isEmpty()) {
      for (int i = 0; i < header.size(); i++) {
        if (!contains(labels, i) && !settings.ignored().contains(header.get(i))) {
          wanted.add(header.get(i));
        }
      }
    }
    checkFeatures("data.columns.categorical", settings.categorical(), wanted, malformed);
    checkFeatures("data.columns.tokens", settings.tokens(), wanted, malformed);
    return wanted;
  }

  private static void checkFeatures(
      String key,
      List<String> names,
      List<String> features,
      Function<String, MalformedDataException> malformed) {
    for (String name : names) {
      if (!features.contains(name)) {
        throw malformed.apply(key + ": " + name + " is no feature");
      }
    }
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

  /** Whether a feature is a token, or a list of such a one's. */
  boolean isTokens(int feature) {
    String name = names().get(feature);
    int list = name.endsWith("]") ? name.lastIndexOf('[') : -1;
    return settings.tokens().contains(name)
        || list > 0 && settings.tokens().contains(name.substring(0, list));
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
