package dev.pare.data;

import dev.pare.candidate.Task;
import dev.pare.prepare.Preparation;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * Loads examples from files; training and test data apart, as whoever trains never needs the test
 * data.
 *
 * <p>Throws {@link DataException} for files that are not there or do not fit, its subtype {@link
 * MalformedDataException} for what is in them, and {@link java.io.UncheckedIOException} when the
 * storage fails.
 */
public final class DataLoader {
  /** Of a column's name, in a message. */
  private static final int LONGEST_NAME = 40;

  private DataLoader() {}

  /**
   * Loads the training data, and the validation data or sets some apart for these, and for the test
   * where that has no files of its own. There are as many classes as 1 + the largest label, or as
   * there are names, from 2 to 65,536. Columns are prepared as fits the training examples alone.
   *
   * <p>Refuses labels that are all the same, and those of which more than half of the classes have
   * fewer than two examples: a column that holds something else. For reconstruction, what is not
   * normal is validated with, but not trained on.
   */
  public static TrainingData loadTraining(DataSettings settings, Configuration hadoop) {
    Loaded loaded =
        Loaded.of(
            new DataSource(
                "data.train",
                settings,
                settings.train(),
                trainingLabels(settings),
                TableColumns.ofTraining(settings.table()),
                hadoop));
    if (settings.task() == Task.CLASSIFICATION) {
      int[] counts = counts(loaded.raw);
      checkVariety(loaded, "", counts);
      checkClasses(loaded, counts);
    }
    Partition parts = Partition.of(loaded.raw, settings);
    int[] trained = trained(loaded, parts);
    TableColumns table = loaded.source.columns();
    Preparation preparation =
        new Preparation(
            table.names().isEmpty()
                ? List.of()
                : PreparationFit.columns(
                    new SubsetExamples(loaded.raw, trained, 0), table, settings.table()),
            loaded.source.labels().names());
    Examples all = loaded.examples(preparation);
    checkTargets(loaded, "", all);
    int validation = parts.validation().length;
    // Those of the test stay in memory, too.
    Examples train = new SubsetExamples(all, trained, all.size() - validation);
    DataForm form =
        new DataForm(shape(loaded, preparation), train.outputs(), loaded.divisor(), preparation);
    DataSettings.Files files = settings.validationFiles();
    Loaded own =
        files == null ? null : Loaded.other("data.validation", files, settings, form, hadoop);
    return new TrainingData(
        switch (settings.classWeights()) {
          case NONE -> train;
          case BALANCED -> new BalancedExamples(train);
        },
        own == null
            ? new SubsetExamples(all, parts.validation(), validation)
            : checked(own, " of the validation data", own.examples(form)),
        form.shape(),
        form.divisor(),
        preparation,
        loaded.source.digest(),
        own == null ? null : own.source.digest(),
        ColumnGap.of(loaded.raw, trained, preparation, table));
  }

  private static ClassLabels trainingLabels(DataSettings settings) {
    DataFormat format = DataFormats.of(settings.format());
    return switch (settings.task()) {
      case CLASSIFICATION ->
          settings.table().classes() == TableSettings.Classes.NAMED || format.namesClasses()
              ? ClassLabels.named()
              : ClassLabels.ofTraining();
      case REGRESSION -> ClassLabels.numbers();
      case RECONSTRUCTION -> anomalies(settings, settings.train());
    };
  }

  /** What the labels of other data than the training data may be. */
  private static ClassLabels otherLabels(
      DataSettings settings, DataSettings.Files files, DataForm form) {
    List<String> names = form.preparation().classes();
    return switch (settings.task()) {
      case CLASSIFICATION ->
          names.isEmpty() ? ClassLabels.within(form.outputs()) : ClassLabels.among(names);
      case REGRESSION -> ClassLabels.numbers();
      case RECONSTRUCTION -> anomalies(settings, files);
    };
  }

  private static ClassLabels anomalies(DataSettings settings, DataSettings.Files files) {
    return DataFormats.of(settings.format()).isLabelled(settings, files)
        ? ClassLabels.ofAnomalies()
        : ClassLabels.none();
  }

  /** Those that networks are trained on: of what is reconstructed, the normal ones. */
  private static int[] trained(Loaded loaded, Partition parts) {
    if (loaded.source.settings().task() != Task.RECONSTRUCTION) {
      return parts.train();
    }
    int[] normal = Arrays.stream(parts.train()).filter(i -> loaded.raw.label(i) == 0).toArray();
    if (normal.length == 0) {
      throw new DataException(
          loaded.labelPlace() + ": no example that is left for training is normal, labelled 0");
    }
    return normal;
  }

  /**
   * Loads the test data.
   *
   * @param form of the training data; these must have it, too
   * @throws DataException if they do not fit the training data, or all have one label; if a line of
   *     names says other columns than the training data's
   */
  public static TestData loadTest(DataSettings settings, DataForm form, Configuration hadoop) {
    DataSettings.Files files = settings.test();
    boolean apart = files != null;
    Loaded loaded =
        files == null
            ? Loaded.of("data.train", settings.train(), settings, form, hadoop)
            : Loaded.other("data.test", files, settings, form, hadoop);
    Examples all = loaded.examples(form);
    int[] tested =
        apart
            ? IntStream.range(0, all.size()).toArray()
            : Partition.of(loaded.raw, settings).test();
    Examples test = apart ? all : new SubsetExamples(all, tested, all.size());
    return new TestData(
        checked(loaded, " of the test data", test),
        loaded.source.digest(),
        apart ? TestData.Files.OWN : TestData.Files.SHARED,
        ColumnGap.of(loaded.raw, tested, form.preparation(), loaded.source.columns()));
  }

  private static Examples checked(Loaded loaded, String whose, Examples examples) {
    if (loaded.source.settings().task() == Task.CLASSIFICATION) {
      checkVariety(loaded, whose, counts(examples));
    }
    checkTargets(loaded, whose, examples);
    return examples;
  }

  /** Columns that have names must have the same in both files, in the same order. */
  private static void checkNames(
      String key, DataSettings.Files files, DataSettings settings, Configuration hadoop) {
    boolean named = settings.csv().header() == CsvLayout.Header.PRESENT;
    if (!(DataFormats.of(settings.format()) instanceof CsvFormat)
        || !named
        || settings.table().preparesColumns()) {
      return;
    }
    List<String> trained = names("data.train", settings, settings.train(), hadoop);
    List<String> others = names(key, settings, files, hadoop);
    for (int i = 0; i < Math.max(trained.size(), others.size()); i++) {
      String own = i < trained.size() ? trained.get(i) : null;
      String other = i < others.size() ? others.get(i) : null;
      if (!Objects.equals(own, other)) {
        throw new DataException(
            (key + ".features = " + files.features() + ": column " + (i + 1) + " ")
                + ((other == null ? "is not there" : "is named " + quoted(other))
                    + (own == null
                        ? ", the training data have no such column"
                        : ", in the training data " + quoted(own)))
                + "; both must have the same columns in the same order");
      }
    }
  }

  private static List<String> names(
      String key, DataSettings settings, DataSettings.Files files, Configuration hadoop) {
    TableColumns table = TableColumns.ofTraining(settings.table());
    DataSource source =
        new DataSource(key, settings, files, ClassLabels.ofTraining(), table, hadoop);
    String first = source.featureFiles(FilePaths.Folders.FILES_IN_THEM).get(0);
    try (SourceFile file = source.openFeatures(first)) {
      return CsvFile.names(file, settings.csv(), table);
    }
  }

  private static String quoted(String name) {
    String shown = name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) + "…" : name;
    return '"' + shown.replaceAll("\\p{Cntrl}", "?") + '"';
  }

  /** Flat features take the shape that is set; those with one of their own keep their sides. */
  private static ExampleShape shape(Loaded loaded, Preparation preparation) {
    ExampleShape own =
        preparation.columns().isEmpty()
            ? loaded.first.shape()
            : new ExampleShape(preparation.features(), 1, 1);
    @Nullable ExampleShape set = loaded.source.settings().shape();
    if (set == null || set.equals(own)) {
      return own;
    }
    boolean flat = own.height() == 1 && own.width() == 1;
    boolean asMany = set.size() == own.size();
    if (!asMany || !flat && !set.hasSidesOf(own)) {
      String problem =
          asMany
              ? "must have their sides in their order: "
              : "has " + set.size() + (set.size() == 1 ? " value" : " values") + ", but ";
      throw new DataException(
          ("data.shape = [" + set.channels() + ", " + set.height() + ", " + set.width() + "]: ")
              + (problem + loaded.place() + " has examples of " + own));
    }
    return set;
  }

  private static int[] counts(Examples all) {
    int[] counts = new int[all.classes()];
    for (int i = 0; i < all.size(); i++) {
      counts[all.label(i)]++;
    }
    return counts;
  }

  private static void checkVariety(Loaded loaded, String whose, int[] counts) {
    int[] there = Arrays.stream(counts).filter(count -> count > 0).toArray();
    if (there.length < 2) {
      int only = 0;
      while (only < counts.length - 1 && counts[only] == 0) {
        only++;
      }
      List<String> names = loaded.source.labels().names();
      throw new DataException(
          (loaded.labelPlace() + ": every label" + whose + " is ")
              + ((names.isEmpty() ? only : names.get(only))
                  + "; there must be at least 2 classes"));
    }
  }

  /** Targets are not all the same; of anomalies there need be none. */
  private static void checkTargets(Loaded loaded, String whose, Examples examples) {
    if (examples.task() == Task.REGRESSION && !targetsDiffer(examples)) {
      throw new DataException(loaded.labelPlace() + ": the targets" + whose + " are all the same");
    }
  }

  private static boolean targetsDiffer(Examples examples) {
    float[] first = new float[examples.outputs()];
    float[] other = new float[examples.outputs()];
    examples.copyTarget(0, first, 0);
    for (int i = 1; i < examples.size(); i++) {
      examples.copyTarget(i, other, 0);
      if (!Arrays.equals(first, other)) {
        return true;
      }
    }
    return false;
  }

  private static void checkClasses(Loaded loaded, int[] counts) {
    long rare = Arrays.stream(counts).filter(count -> count < 2).count();
    if (2 * rare > counts.length) {
      String which = loaded.source.labels().areNames() ? "" : ", 0 to the largest label,";
      throw new DataException(
          (loaded.labelPlace() + ": " + rare + " of the " + counts.length + " classes" + which)
              + (" have fewer than 2 of the " + loaded.raw.size())
              + (" training examples; are these labels?"));
    }
  }

  /**
   * What files hold.
   *
   * @param first of the files
   * @param raw the examples of all, with their classes
   */
  private record Loaded(DataSource source, ShapedExamples first, Examples raw) {
    static Loaded of(DataSource source) {
      List<ShapedExamples> parts = DataFormats.of(source.settings().format()).read(source);
      ShapedExamples first = parts.get(0);
      for (ShapedExamples part : parts) {
        if (!part.shape().equals(first.shape()) || part.usualDivisor() != first.usualDivisor()) {
          throw new DataException(
              ("%s.features = %s: has files of %s and of %s that differ in shape or type")
                  .formatted(source.key(), source.files().features(), first.shape(), part.shape()));
        }
      }
      return new Loaded(source, first, joined(parts, source.labels()));
    }

    /** What has the form of the training data. */
    static Loaded of(
        String key,
        DataSettings.Files files,
        DataSettings settings,
        DataForm form,
        Configuration hadoop) {
      Loaded loaded =
          of(
              new DataSource(
                  key,
                  settings,
                  files,
                  otherLabels(settings, files, form),
                  TableColumns.of(settings.table(), form.preparation()),
                  hadoop));
      String features = loaded.place();
      ExampleShape shape = shape(loaded, form.preparation());
      if (!shape.equals(form.shape())) {
        throw new DataException(
            (features + ": has examples of " + shape)
                + (", those of the training data are " + form.shape()));
      }
      if (loaded.divisor() != form.divisor()) {
        throw new DataException(
            (features + ": is divided by " + loaded.divisor())
                + (", the training data by " + form.divisor() + "; data.divisor is for both"));
      }
      return loaded;
    }

    /** Of files of their own. */
    static Loaded other(
        String key,
        DataSettings.Files files,
        DataSettings settings,
        DataForm form,
        Configuration hadoop) {
      checkNames(key, files, settings, hadoop);
      return of(key, files, settings, form, hadoop);
    }

    private static Examples joined(List<ShapedExamples> parts, ClassLabels labels) {
      if (parts.size() == 1 && !labels.areNames()) {
        return parts.get(0).examples();
      }
      int size = 0;
      for (ShapedExamples part : parts) {
        size = Math.addExact(size, part.examples().size());
      }
      int[] codes = new int[size];
      int[] order = labels.areNames() ? labels.order() : null;
      int next = 0;
      for (ShapedExamples part : parts) {
        for (int i = 0; i < part.examples().size(); i++) {
          int code = part.examples().label(i);
          codes[next++] = order == null ? code : order[code];
        }
      }
      return new JoinedExamples(
          parts.stream().map(ShapedExamples::examples).toList(),
          codes,
          labels.classes(codes),
          labels.names());
    }

    /** With their features as they are prepared, and what a network is to make of them. */
    Examples examples(Preparation preparation) {
      Examples prepared =
          preparation.columns().isEmpty()
              ? raw
              : new PreparedExamples(raw, preparation, source.columns(), place());
      return switch (source.settings().task()) {
        case CLASSIFICATION -> prepared;
        case REGRESSION -> new TargetExamples(prepared, source.labels().targets());
        case RECONSTRUCTION -> new ReconstructedExamples(prepared, divisor());
      };
    }

    /** As the training data's are prepared. */
    Examples examples(DataForm form) {
      Examples all = examples(form.preparation());
      if (all.outputs() != form.outputs()) {
        throw new DataException(
            (labelPlace() + ": has targets of " + all.outputs())
                + (" numbers, those of the training data have " + form.outputs()));
      }
      return all;
    }

    float divisor() {
      Float set = source.settings().divisor();
      return set == null ? first.usualDivisor() : set;
    }

    String place() {
      return source.key() + ".features = " + source.files().features();
    }

    String labelPlace() {
      return DataFormats.of(source.settings().format()).labelPlace(source);
    }
  }
}
