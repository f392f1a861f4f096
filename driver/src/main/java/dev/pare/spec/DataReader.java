package dev.pare.spec;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Task;
import dev.pare.data.CsvFormat;
import dev.pare.data.CsvLayout;
import dev.pare.data.DataFormat;
import dev.pare.data.DataFormats;
import dev.pare.data.DataSettings;
import dev.pare.data.ExampleShape;
import dev.pare.data.Shares;
import dev.pare.data.TableSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what a configuration says of the data. */
final class DataReader {
  private static final String VALIDATION = "data.validation";
  private static final Domain<Integer> COUNT = Domain.integers(1, Integer.MAX_VALUE);
  private static final Domain<DataSettings.ClassWeights> CLASS_WEIGHTS =
      Domain.oneOf(DataSettings.ClassWeights.class);
  private static final Domain<String> FORMAT =
      new Domain<>(
          "one of " + String.join(", ", DataFormats.names()),
          DataFormats.names().get(0),
          raw -> Optional.of(raw.toString()).filter(DataFormats.names()::contains));
  private static final Domain<TableSettings.Missing> MISSING =
      new Domain<>(
          "refused, mean, median or a number", TableSettings.Missing.REFUSED, DataReader::missing);

  /** Spelled instead of a column where there is no label. */
  static final String NONE = "none";

  private static final Domain<Optional<Integer>> LABEL_COLUMN =
      new Domain<>(
          "a whole number, or none",
          Optional.of(0),
          raw ->
              raw.equals(NONE)
                  ? Optional.of(Optional.empty())
                  : Domain.integers("a whole number", 0, n -> true)
                      .reading()
                      .apply(raw)
                      .flatMap(column -> Optional.of(Optional.of(column))));

  private static final String LABEL = "data.columns.label";

  private static final Domain<String> SEPARATOR =
      new Domain<>(
          "one character that numbers do not use",
          ",",
          raw -> Optional.of(raw.toString()).filter(DataReader::separates));

  private final Settings settings;
  private final Task task;

  /**
   * @param task that is asked of networks
   */
  DataReader(Settings settings, Task task) {
    this.settings = requireNonNull(settings, "settings is null");
    this.task = requireNonNull(task, "task is null");
  }

  /**
   * Reads it.
   *
   * @param seed unless it has one of its own
   */
  DataSettings read(long seed) {
    String name = settings.read("data.format", FORMAT);
    DataFormat format = DataFormats.of(name);
    boolean possible = task != Task.REGRESSION || !format.namesClasses();
    if (!possible) {
      settings.reject("data.format", "must have numbers for data.task = regression, not classes");
    }
    Shares shares = shares();
    TableSettings table = table(format);
    DataSettings.ClassWeights weights = settings.read("data.class-weights", CLASS_WEIGHTS);
    if (task != Task.CLASSIFICATION && weights != DataSettings.ClassWeights.NONE) {
      settings.reject(
          "data.class-weights", "must be none: data.task = " + task + " has no classes");
      weights = DataSettings.ClassWeights.NONE;
    }
    Integer labelColumn = settings.read("data.csv.label-column", LABEL_COLUMN).orElse(null);
    if (labelColumn == null
        && format instanceof CsvFormat
        && table.labels().isEmpty()
        && task != Task.RECONSTRUCTION) {
      settings.reject(
          "data.csv.label-column", "must be a column, as data.task = " + task + " has labels");
      labelColumn = 0;
    }
    boolean apart = settings.isSection(VALIDATION);
    return new DataSettings(
        name,
        files("data.train", format),
        validation(apart, format),
        shares.test() > 0 ? null : files("data.test", format),
        new CsvLayout(
            settings.read("data.csv.header", Domain.flag())
                ? CsvLayout.Header.PRESENT
                : CsvLayout.Header.ABSENT,
            labelColumn,
            settings.read("data.csv.separator", SEPARATOR).charAt(0)),
        shape(),
        apart ? 0 : settings.read(VALIDATION, COUNT),
        settings.find("data.seed", Domain.longs()).orElse(seed),
        settings.find("data.divisor", Domain.positive()).map(Double::floatValue).orElse(null),
        table,
        shares,
        weights,
        possible ? task : Task.CLASSIFICATION);
  }

  /**
   * Files of their own.
   *
   * @param apart whether there are any
   */
  private DataSettings.@Nullable Files validation(boolean apart, DataFormat format) {
    if (apart) {
      return files(VALIDATION, format);
    }
    // So that they are known.
    settings.findLocation(VALIDATION + ".features");
    settings.findLocation(VALIDATION + ".labels");
    return null;
  }

  private Shares shares() {
    Domain<Double> domain = Domain.betweenNothingAndAll();
    double validation = settings.find("data.validation-share", domain).orElse(0.0);
    double test = settings.find("data.test-share", domain).orElse(0.0);
    if (validation > 0 && settings.isSection(VALIDATION)) {
      settings.reject(
          "data.validation-share", "must be left out where data.validation names files");
      validation = 0;
    }
    if (test > 0) {
      for (String key : List.of("data.test.features", "data.test.labels")) {
        if (settings.findLocation(key).isPresent()) {
          settings.reject(key, "must be left out where data.test-share is set");
        }
      }
    }
    if (validation + test >= 1) {
      settings.reject("data.validation-share", "must be below 1 together with data.test-share");
      return Shares.NONE;
    }
    return new Shares(validation, test);
  }

  private TableSettings table(DataFormat format) {
    List<String> labels =
        settings.isList(LABEL)
            ? names(LABEL)
            : settings.find(LABEL, Domain.text()).map(List::of).orElse(List.of());
    if (labels.size() > 1 && task != Task.REGRESSION) {
      settings.reject(LABEL, "must be one column, as data.task = " + task);
      labels = List.of(labels.get(0));
    }
    List<String> features = names("data.columns.features");
    List<String> ignored = names("data.columns.ignore");
    List<String> categorical = names("data.columns.categorical");
    List<String> tokens = names("data.columns.tokens");
    TableSettings.Classes classes =
        settings.read("data.classes", Domain.oneOf(TableSettings.Classes.class));
    if (task != Task.CLASSIFICATION && classes == TableSettings.Classes.NAMED) {
      settings.reject("data.classes", "must be counted: data.task = " + task + " has no classes");
      classes = TableSettings.Classes.COUNTED;
    }
    TableSettings.Missing missing = settings.read("data.missing", MISSING);
    TableSettings.Scaling scaling =
        settings.read("data.scaling", Domain.oneOf(TableSettings.Scaling.class));
    if (!format.hasColumns()) {
      List<String> useless = new ArrayList<>();
      for (String key : List.of("label", "features", "ignore", "categorical", "tokens")) {
        useless.add("data.columns." + key);
      }
      useless.removeIf(key -> !settings.isPresent(key));
      if (missing.kind() != TableSettings.Missing.Kind.REFUSED) {
        useless.add("data.missing");
      }
      if (scaling != TableSettings.Scaling.NONE) {
        useless.add("data.scaling");
      }
      useless.forEach(
          key ->
              settings.reject(
                  key, "must be left out: data.format = " + format.name() + " has no columns"));
    }
    try {
      return new TableSettings(
          labels, features, ignored, categorical, tokens, classes, missing, scaling);
    } catch (IllegalArgumentException e) {
      settings.reject("data.columns", String.valueOf(e.getMessage()));
      return TableSettings.NONE;
    }
  }

  private List<String> names(String key) {
    return settings.findList(key, Domain.text()).stream()
        .flatMap(List::stream)
        .map(Settings.Element::value)
        .toList();
  }

  private static Optional<TableSettings.Missing> missing(Object raw) {
    TableSettings.Missing.Kind kind =
        switch (raw.toString()) {
          case "refused" -> TableSettings.Missing.Kind.REFUSED;
          case "mean" -> TableSettings.Missing.Kind.MEAN;
          case "median" -> TableSettings.Missing.Kind.MEDIAN;
          default -> TableSettings.Missing.Kind.CONSTANT;
        };
    if (kind != TableSettings.Missing.Kind.CONSTANT) {
      return Optional.of(new TableSettings.Missing(kind, 0));
    }
    return Domain.floats().read(raw).map(value -> new TableSettings.Missing(kind, value));
  }

  private @Nullable ExampleShape shape() {
    Optional<List<Settings.Element<Integer>>> sides = settings.findList("data.shape", COUNT);
    if (sides.isEmpty()) {
      return null;
    }
    List<Integer> values = sides.get().stream().map(Settings.Element::value).toList();
    try {
      if (values.size() == 3) {
        return new ExampleShape(values.get(0), values.get(1), values.get(2));
      }
      settings.reject("data.shape", "must be channels, height and width, as in [1, 28, 28]");
    } catch (IllegalArgumentException e) {
      settings.reject("data.shape", String.valueOf(e.getMessage()));
    }
    return null;
  }

  private DataSettings.Files files(String section, DataFormat format) {
    String features = settings.readLocation(section + ".features");
    String key = section + ".labels";
    String within = format.labelSource().orElse(null);
    if (within == null) {
      return new DataSettings.Files(
          features,
          task == Task.RECONSTRUCTION
              ? settings.findLocation(key).orElse(null)
              : settings.readLocation(key));
    }
    if (settings.findLocation(key).isPresent()) {
      settings.reject(key, "must be left out: " + within + " is where the labels are");
    }
    return new DataSettings.Files(features, null);
  }

  private static boolean separates(String text) {
    if (text.length() != 1) {
      return false;
    }
    try {
      new CsvLayout(CsvLayout.Header.ABSENT, 0, text.charAt(0));
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
