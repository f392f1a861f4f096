package dev.pare.data;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.pare.prepare.Preparation;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * What files hold.
 *
 * @param first of the files
 * @param raw the examples of all, with their classes
 */
record LoadedExamples(DataSource source, ShapedExamples first, Examples raw) {
  private static final byte[] WHOLE_DECIMALS = "whole decimals".getBytes(US_ASCII);

  /** All examples of some files. */
  static LoadedExamples of(DataSource source) {
    List<ShapedExamples> parts;
    try {
      parts = DataFormats.of(source.settings().format()).read(source);
    } catch (RuntimeException | Error e) {
      source.storage().close();
      throw e;
    }
    ShapedExamples first = parts.get(0);
    for (ShapedExamples part : parts) {
      if (!part.shape().equals(first.shape()) || part.usualDivisor() != first.usualDivisor()) {
        throw new DataException(
            ("%s.features = %s: has files of %s and of %s that differ in shape or type")
                .formatted(source.key(), source.files().features(), first.shape(), part.shape()));
      }
    }
    if (source.labels().areWholeDecimals()) {
      // They were in the order of texts before: products of that time must not be used again.
      source.digested(WHOLE_DECIMALS);
    }
    return new LoadedExamples(source, first, joined(parts, source.labels()));
  }

  /** What has the form of the training data. */
  static LoadedExamples of(
      String key,
      DataSettings.Files files,
      DataSettings settings,
      DataForm form,
      Configuration hadoop) {
    LoadedExamples loaded =
        of(
            new DataSource(
                key,
                settings,
                files,
                otherLabels(settings, files, form),
                TableColumns.of(settings.table(), form.preparation()),
                hadoop));
    String features = loaded.place();
    ExampleShape shape = loaded.shape(form.preparation());
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

  /** Flat features take the shape that is set; those with one of their own keep their sides. */
  ExampleShape shape(Preparation preparation) {
    ExampleShape own =
        preparation.columns().isEmpty()
            ? first.shape()
            : new ExampleShape(preparation.features(), 1, 1);
    @Nullable ExampleShape set = source.settings().shape();
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
              + (problem + place() + " has examples of " + own));
    }
    return set;
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

  /** What the labels of what is reconstructed may be. */
  static ClassLabels anomalies(DataSettings settings, DataSettings.Files files) {
    return DataFormats.of(settings.format()).isLabelled(settings, files)
        ? ClassLabels.ofAnomalies()
        : ClassLabels.none();
  }
}
