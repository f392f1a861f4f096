package dev.pare.data;

import dev.pare.candidate.Task;
import dev.pare.prepare.Preparation;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;

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
    checkNames("data.train", settings.train(), settings, hadoop);
    LoadedExamples loaded =
        LoadedExamples.of(
            new DataSource(
                "data.train",
                settings,
                settings.train(),
                trainingLabels(settings),
                TableColumns.ofTraining(settings.table()),
                hadoop));
    if (settings.task() == Task.CLASSIFICATION) {
      int[] counts = counts(loaded.raw());
      checkVariety(loaded, "", counts);
      checkClasses(loaded, counts);
    }
    Partition parts = Partition.of(loaded.raw(), settings);
    int[] trained = trained(loaded, parts);
    TableColumns table = loaded.source().columns();
    Preparation preparation =
        new Preparation(
            table.names().isEmpty()
                ? List.of()
                : PreparationFit.columns(
                    new SubsetExamples(loaded.raw(), trained, 0), table, settings.table()),
            loaded.source().labels().names());
    Examples all = loaded.examples(preparation);
    checkTargets(loaded, "", all);
    int validation = parts.validation().length;
    // Those of the test stay in memory, too.
    Examples train = new SubsetExamples(all, trained, all.size() - validation);
    DataForm form =
        new DataForm(loaded.shape(preparation), train.outputs(), loaded.divisor(), preparation);
    DataSettings.Files files = settings.validationFiles();
    LoadedExamples own =
        files == null ? null : other("data.validation", files, settings, form, hadoop);
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
        loaded.source().digest(),
        own == null ? null : own.source().digest(),
        ColumnGap.of(loaded.raw(), trained, preparation, table),
        own == null
            ? List.of()
            : ColumnGap.of(own.raw(), all(own.raw()), preparation, own.source().columns()),
        table.merged().doubt(table.names()).stream().toList());
  }

  private static int[] all(Examples examples) {
    return IntStream.range(0, examples.size()).toArray();
  }

  private static ClassLabels trainingLabels(DataSettings settings) {
    DataFormat format = DataFormats.of(settings.format());
    return switch (settings.task()) {
      case CLASSIFICATION ->
          settings.table().classes() == TableSettings.Classes.NAMED || format.namesClasses()
              ? ClassLabels.named()
              : ClassLabels.ofTraining();
      case REGRESSION -> ClassLabels.numbers();
      case RECONSTRUCTION -> LoadedExamples.anomalies(settings, settings.train());
    };
  }

  /** Those that networks are trained on: of what is reconstructed, the normal ones. */
  private static int[] trained(LoadedExamples loaded, Partition parts) {
    if (loaded.source().settings().task() != Task.RECONSTRUCTION) {
      return parts.train();
    }
    int[] normal = Arrays.stream(parts.train()).filter(i -> loaded.raw().label(i) == 0).toArray();
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
    LoadedExamples loaded =
        files == null
            ? LoadedExamples.of("data.train", settings.train(), settings, form, hadoop)
            : other("data.test", files, settings, form, hadoop);
    Examples all = loaded.examples(form);
    int[] tested = apart ? all(all) : Partition.of(loaded.raw(), settings).test();
    Examples test = apart ? all : new SubsetExamples(all, tested, all.size());
    return new TestData(
        checked(loaded, " of the test data", test),
        loaded.source().digest(),
        apart ? TestData.Files.OWN : TestData.Files.SHARED,
        ColumnGap.of(loaded.raw(), tested, form.preparation(), loaded.source().columns()));
  }

  private static Examples checked(LoadedExamples loaded, String whose, Examples examples) {
    if (loaded.source().settings().task() == Task.CLASSIFICATION) {
      checkVariety(loaded, whose, counts(examples));
    }
    checkTargets(loaded, whose, examples);
    return examples;
  }

  /** Of files beside the training data's. */
  private static LoadedExamples other(
      String key,
      DataSettings.Files files,
      DataSettings settings,
      DataForm form,
      Configuration hadoop) {
    checkNames(key, files, settings, hadoop);
    return LoadedExamples.of(key, files, settings, form, hadoop);
  }

  /** Columns that have names must have the same in all files, in the same order. */
  private static void checkNames(
      String key, DataSettings.Files files, DataSettings settings, Configuration hadoop) {
    boolean named = settings.csv().header() == CsvLayout.Header.PRESENT;
    if (!(DataFormats.of(settings.format()) instanceof CsvFormat)
        || !named
        || settings.table().preparesColumns()) {
      return;
    }
    DataSource training = unread("data.train", settings, settings.train(), hadoop);
    List<String> trained = names(training, files(training).get(0));
    DataSource others = unread(key, settings, files, hadoop);
    for (String file : files(others)) {
      checkNames(key, file, trained, names(others, file));
    }
  }

  private static void checkNames(
      String key, String file, List<String> trained, List<String> others) {
    for (int i = 0; i < Math.max(trained.size(), others.size()); i++) {
      String own = i < trained.size() ? trained.get(i) : null;
      String other = i < others.size() ? others.get(i) : null;
      if (!Objects.equals(own, other)) {
        throw new DataException(
            (key + ".features = " + file + ": column " + (i + 1) + " ")
                + ((other == null ? "is not there" : "is named " + quoted(other))
                    + (own == null
                        ? ", the training data have no such column"
                        : ", in the training data " + quoted(own)))
                + "; all must have the same columns in the same order");
      }
    }
  }

  private static DataSource unread(
      String key, DataSettings settings, DataSettings.Files files, Configuration hadoop) {
    TableColumns table = TableColumns.ofTraining(settings.table());
    return new DataSource(key, settings, files, ClassLabels.ofTraining(), table, hadoop);
  }

  private static List<String> files(DataSource source) {
    return source.featureFiles(FilePaths.Folders.FILES_IN_THEM);
  }

  private static List<String> names(DataSource source, String location) {
    try (SourceFile file = source.openFeatures(location)) {
      return CsvFile.names(file, source.settings().csv(), source.columns());
    }
  }

  private static String quoted(String name) {
    String shown = name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) + "…" : name;
    return '"' + shown.replaceAll("\\p{Cntrl}", "?") + '"';
  }

  private static int[] counts(Examples all) {
    int[] counts = new int[all.classes()];
    for (int i = 0; i < all.size(); i++) {
      counts[all.label(i)]++;
    }
    return counts;
  }

  private static void checkVariety(LoadedExamples loaded, String whose, int[] counts) {
    int[] there = Arrays.stream(counts).filter(count -> count > 0).toArray();
    if (there.length < 2) {
      int only = 0;
      while (only < counts.length - 1 && counts[only] == 0) {
        only++;
      }
      List<String> names = loaded.source().labels().names();
      throw new DataException(
          (loaded.labelPlace() + ": every label" + whose + " is ")
              + ((names.isEmpty() ? only : names.get(only))
                  + "; there must be at least 2 classes"));
    }
  }

  /** Targets are not all the same; of anomalies there need be none. */
  private static void checkTargets(LoadedExamples loaded, String whose, Examples examples) {
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

  private static void checkClasses(LoadedExamples loaded, int[] counts) {
    long rare = Arrays.stream(counts).filter(count -> count < 2).count();
    if (2 * rare > counts.length) {
      String which = loaded.source().labels().areNames() ? "" : ", 0 to the largest label,";
      throw new DataException(
          (loaded.labelPlace() + ": " + rare + " of the " + counts.length + " classes" + which)
              + (" have fewer than 2 of the " + loaded.raw().size())
              + (" training examples; are these labels?"));
    }
  }
}
