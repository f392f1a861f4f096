package dev.pare.spec;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import dev.pare.candidate.Credentials;
import dev.pare.data.CsvLayout;
import dev.pare.data.DataSettings;
import dev.pare.data.ExampleShape;
import dev.pare.data.TableSettings;
import dev.pare.model.NamedArchitecture;
import dev.pare.search.SearchSettings;
import dev.pare.search.SearchStrategies;
import dev.pare.search.SearchStrategy;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A specification as HOCON text, every setting spelled out. */
final class SpecText {
  private final Map<String, Object> settings = new TreeMap<>();
  private final Map<String, String> references;

  private SpecText(Map<String, String> references) {
    this.references = references;
  }

  static String of(SweepSpec spec) {
    SpecText text = new SpecText(spec.references());
    text.sweep(spec);
    text.data(spec.data());
    text.teacher(spec.teacher());
    text.search(spec.search());
    spec.space().forEach((dimension, values) -> text.put("space." + dimension.key(), values));
    if (!spec.points().isEmpty()) {
      text.put("points", spec.points().stream().map(SpecText::keys).toList());
    }
    if (!spec.published().isEmpty()) {
      text.put(PublishedReader.KEY, spec.published().stream().map(SpecText::keys).toList());
    }
    spec.architectures()
        .forEach((name, one) -> text.architecture(ArchitectureReader.SECTION + "." + name, one));
    StudentSettings.ALL.forEach(setting -> text.put(setting.key(), setting.text(spec.student())));
    return EnvironmentReferences.hocon(
        ConfigFactory.parseMap(text.settings)
            .root()
            .render(ConfigRenderOptions.defaults().setOriginComments(false).setJson(false)));
  }

  private static Map<String, String> keys(Map<Dimension, String> point) {
    Map<String, String> keys = new TreeMap<>();
    point.forEach((dimension, value) -> keys.put(dimension.key(), value));
    return keys;
  }

  private static Map<String, Object> keys(PublishedResult result) {
    return Map.of(
        "name",
        Credentials.masked(result.name()),
        "bytes",
        result.bytes(),
        "value",
        result.value());
  }

  private void sweep(SweepSpec spec) {
    put("sweep.name", spec.name());
    put("sweep.out", spec.out());
    // The usual place within a folder that is not spelled out follows from the folder.
    if (shown("sweep.out", spec.out()).equals(spec.out())
        || !spec.store().equals(Locations.child(spec.out(), "store"))) {
      put("sweep.store", spec.store());
    }
    put("sweep.keep-runs", spec.keepRuns());
    put("sweep.seed", spec.seed());
    put("sweep.metric", spec.metric().toString());
    put("sweep.third-objective", spec.thirdObjective());
    put("sweep.max-attempts", spec.execution().maxAttempts());
    put("sweep.stage-timeout", spec.execution().stageTimeoutSeconds());
    put("sweep.engine", spec.execution().engine());
  }

  private void data(DataSettings data) {
    put("data.task", data.task());
    put("data.format", data.format());
    put("data.train.features", data.train().features());
    put("data.train.labels", data.train().labels());
    DataSettings.Files test = data.test();
    if (test != null) {
      put("data.test.features", test.features());
      put("data.test.labels", test.labels());
    }
    put("data.csv.header", data.csv().header() == CsvLayout.Header.PRESENT);
    Integer labels = data.csv().labelColumn();
    put("data.csv.label-column", labels == null ? DataReader.NONE : labels);
    put("data.csv.separator", String.valueOf(data.csv().separator()));
    ExampleShape shape = data.shape();
    if (shape != null) {
      put("data.shape", List.of(shape.channels(), shape.height(), shape.width()));
    }
    DataSettings.Files validation = data.validationFiles();
    if (validation == null) {
      put("data.validation", data.validation());
    } else {
      put("data.validation.features", validation.features());
      put("data.validation.labels", validation.labels());
    }
    put("data.seed", data.seed());
    put("data.divisor", data.divisor());
    put("data.validation-share", share(data.shares().validation()));
    put("data.test-share", share(data.shares().test()));
    put("data.class-weights", data.classWeights());
    table(data.table());
  }

  private static @Nullable Double share(double share) {
    return share == 0 ? null : share;
  }

  private void table(TableSettings table) {
    List<String> labels = table.labels();
    put("data.columns.label", labels.size() == 1 ? labels.get(0) : notEmpty(labels));
    put("data.columns.features", notEmpty(table.features()));
    put("data.columns.ignore", notEmpty(table.ignored()));
    put("data.columns.categorical", notEmpty(table.categorical()));
    put("data.columns.tokens", notEmpty(table.tokens()));
    put("data.classes", table.classes());
    put("data.missing", missing(table.missing()));
    put("data.scaling", table.scaling());
  }

  private static @Nullable List<String> notEmpty(List<String> names) {
    return names.isEmpty() ? null : names;
  }

  private static Object missing(TableSettings.Missing missing) {
    return missing.kind() == TableSettings.Missing.Kind.CONSTANT
        ? missing.constant()
        : missing.kind();
  }

  private void teacher(TeacherSpec teacher) {
    switch (teacher.kind()) {
      case LOAD -> put("teacher.model", ((TeacherSpec.Load) teacher).model());
      case TRAIN -> {
        TeacherSpec.Train train = (TeacherSpec.Train) teacher;
        architecture("teacher", train.architecture());
        TeacherReader.TRAINING.forEach(setting -> put(setting.key(), setting.text(train)));
      }
    }
    put("teacher.augment.shift", teacher.augmentation().shift());
    put("teacher.augment.variants", teacher.augmentation().variants());
  }

  private void architecture(String section, ArchitectureSpec architecture) {
    if (architecture.named() != null) {
      architecture(section, architecture.named());
    } else {
      put(section + ".model", architecture.model());
      put(section + ".weights", architecture.weights());
    }
  }

  private void architecture(String section, NamedArchitecture architecture) {
    put(section + ".architecture", architecture.name());
    if (architecture.name() == NamedArchitecture.Name.MLP || !architecture.widths().isEmpty()) {
      put(section + ".widths", architecture.widths());
    }
    architecture.sizes().forEach((size, value) -> put(section + "." + Domain.format(size), value));
  }

  private void search(SearchSettings search) {
    put("search.strategy", search.strategy());
    put("search.candidates", search.candidates());
    put("search.budget", search.budgets().seconds());
    put("search.epochs", search.budgets().epochs());
    put("search.wall-time", search.budgets().wallTime());
    if (search.budgets().seconds() != null
        || search.budgets().wallTime() != null
        || !search.rungs().isEmpty()
        || SearchStrategies.of(search.strategy())
            .parameters()
            .contains(SearchStrategy.Parameter.POPULATION)) {
      put("search.population", search.population());
    }
    put("search.max-loss", search.maxLoss());
    put("search.repeats", search.repeats());
    if (!search.rungs().isEmpty()) {
      put("search.rungs", search.rungs());
    }
  }

  private void put(String key, @Nullable Object value) {
    if (value instanceof String text) {
      settings.put(key, shown(key, text));
    } else if (value instanceof Number || value instanceof Boolean || value instanceof List) {
      settings.put(key, value);
    } else if (value != null) {
      settings.put(key, Domain.format(value));
    }
  }

  /** A text without what must not be kept. */
  private String shown(String key, String text) {
    return Credentials.masked(references.getOrDefault(key, text));
  }
}
