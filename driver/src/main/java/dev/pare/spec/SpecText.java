package dev.pare.spec;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import dev.pare.candidate.Credentials;
import dev.pare.candidate.Factorize;
import dev.pare.candidate.Training;
import dev.pare.data.CsvLayout;
import dev.pare.data.DataSettings;
import dev.pare.data.ExampleShape;
import dev.pare.data.TableSettings;
import dev.pare.model.NamedArchitecture;
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
    spec.space().forEach((dimension, values) -> text.put("space." + dimension.key(), values));
    if (!spec.points().isEmpty()) {
      text.put("points", spec.points().stream().map(SpecText::keys).toList());
    }
    text.student(spec.student());
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
    put("sweep.max-attempts", spec.execution().maxAttempts());
    put("sweep.stage-timeout", spec.execution().stageTimeoutSeconds());
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
    put("data.csv.label-column", labels == null ? SpecReader.NONE : labels);
    put("data.csv.separator", String.valueOf(data.csv().separator()));
    ExampleShape shape = data.shape();
    if (shape != null) {
      put("data.shape", List.of(shape.channels(), shape.height(), shape.width()));
    }
    put("data.validation", data.validation());
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
        NamedArchitecture architecture = train.architecture();
        put("teacher.architecture", architecture.name());
        if (architecture.name() == NamedArchitecture.Name.MLP || !architecture.widths().isEmpty()) {
          put("teacher.widths", architecture.widths());
        }
        architecture.sizes().forEach((size, value) -> put("teacher." + Domain.format(size), value));
        put("teacher.epochs", train.epochs());
        put("teacher.batch", train.batch());
        put("teacher.learning-rate", train.learningRate());
        put("teacher.decay", train.decay());
        put("teacher.l1", train.l1());
        put("teacher.l2", train.l2());
        put("teacher.label-smoothing", train.labelSmoothing());
        put("teacher.train-on", train.trainOn());
      }
    }
    put("teacher.augment.shift", teacher.augmentation().shift());
    put("teacher.augment.variants", teacher.augmentation().variants());
  }

  private void student(StudentSpec student) {
    Training training = student.prune().training();
    put("student.epochs", training.epochs());
    put("student.batch", training.batch());
    put("student.learning-rate", training.learningRate());
    put("student.decay", training.decay());
    put("student.l2", training.l2());
    put("student.alpha", training.alpha());
    put("student.temperature", training.temperature());
    Factorize factorize = student.factorize();
    put("student.factorize.method", factorize.method());
    put("student.factorize.rank", factorize.rank());
    if (!factorize.layerRank().isEmpty()) {
      put("student.factorize.layer-rank", factorize.layerRank());
    }
    put("student.factorize.energy", factorize.energy());
    put("student.factorize.rank-budget", factorize.rankBudget());
    put("student.factorize.singular-threshold", factorize.singularThreshold());
    put("student.factorize.split", factorize.split());
    put("student.factorize.output-layer", factorize.outputLayer());
    put("student.factorize.remainder", factorize.remainder());
    put("student.factorize.calibration", factorize.calibration());
    put("student.factorize.epochs", factorize.training().epochs());
    put("student.factorize.learning-rate", factorize.training().learningRate());
    put("student.activation.kind", student.activate().rule());
    put("student.activation.threshold", student.activate().threshold());
    put("student.activation.winners", student.activate().winners());
    put("student.activation.epochs", student.activate().training().epochs());
    put("student.activation.learning-rate", student.activate().training().learningRate());
    put("student.prune.sparsity", student.prune().sparsity());
    put("student.prune.output-sparsity", student.prune().outputSparsity());
    if (!student.prune().layerSparsity().isEmpty()) {
      put("student.prune.layer-sparsity", student.prune().layerSparsity());
    }
    put("student.order", student.order());
    put("student.prune.saliency", student.prune().saliency());
    put("student.prune.granularity", student.prune().granularity().toString());
    put("student.prune.calibration", student.prune().calibration().examples());
    put("student.prune.block", student.prune().calibration().block());
    put("student.prune.damping", student.prune().calibration().damping());
    put("student.prune.scope", student.prune().scope());
    put("student.prune.schedule", student.prune().schedule());
    put("student.prune.ramp", student.prune().ramp());
    put("student.prune.start", student.prune().start());
    put("student.prune.update-interval", student.prune().regrowth().interval());
    put("student.prune.update-share", student.prune().regrowth().share());
    put("student.regularize.penalty", student.regularize().penalty());
    put("student.regularize.strength", student.regularize().strength());
    put("student.regularize.ramp", student.regularize().ramp());
    put("student.regularize.epochs", student.regularize().training().epochs());
    put("student.regularize.learning-rate", student.regularize().training().learningRate());
    put("student.quantize.bits", student.quantize().bits());
    put("student.quantize.quantizer", student.quantize().quantizer());
    put("student.quantize.rate-distortion", student.quantize().rateDistortion());
    put("student.quantize.rate-distortion-weight", student.quantize().rateDistortionWeight());
    put("student.quantize.group", student.quantize().group());
    put("student.quantize.dimension", student.quantize().dimension());
    put("student.quantize.epochs", student.quantize().training().epochs());
    put("student.quantize.learning-rate", student.quantize().training().learningRate());
    put("student.encode.precision", student.encode().precision());
    put("student.encode.normalization-precision", student.encode().normalizationPrecision());
    put("student.encode.origin", student.encode().origin());
    put("student.batch-normalization", student.encode().batchNormalization());
  }

  private void put(String key, @Nullable Object value) {
    if (value instanceof Enum<?> constant) {
      settings.put(key, Domain.format(constant));
    } else if (value instanceof String text) {
      settings.put(key, shown(key, text));
    } else if (value != null) {
      settings.put(key, value);
    }
  }

  /** A text without what must not be kept. */
  private String shown(String key, String text) {
    return Credentials.masked(references.getOrDefault(key, text));
  }
}
