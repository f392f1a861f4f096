package dev.pare.data;

import java.util.List;
import java.util.Optional;

/**
 * A kind of data files. Formats are found by {@link java.util.ServiceLoader}: one class with a
 * public constructor, and a line in {@code META-INF/services/dev.pare.data.DataFormat}.
 *
 * <p>Stateless. What a format reads comes from outside: no length that a file declares is trusted
 * before the bytes are there, and what is wrong is a {@link MalformedDataException} that names the
 * file and the place.
 */
public interface DataFormat {
  /** How {@code data.format} names it: letters, digits and hyphens. */
  String name();

  /**
   * The setting or place where labels are, if they are in the same files as the features; empty if
   * they are in files of their own, {@code labels} in the settings.
   */
  Optional<String> labelSource();

  /** Whether it reads tables, for which {@link TableSettings} says what columns are. */
  default boolean hasColumns() {
    return false;
  }

  /** Whether its classes have names whatever {@link TableSettings#classes()} says. */
  default boolean namesClasses() {
    return false;
  }

  /** Whether files have labels, which those of examples that are reconstructed may be without. */
  default boolean isLabelled(DataSettings settings, DataSettings.Files files) {
    return labelSource().isPresent() || files.labels() != null;
  }

  /** Where the labels of some files come from, to begin messages with. */
  String labelPlace(DataSource source);

  /**
   * Those of the settings that are this format's own and change what is read from the same bytes of
   * the training data's files or the validation data's own: part of the key of everything computed
   * from the data. Empty if there are none.
   */
  default String key(DataSettings settings) {
    return "";
  }

  /**
   * Reads all files of a source; its labels, too, unless they are {@link ClassLabels#areNone}.
   *
   * @return what they hold, in the order of the files, at least one example
   * @throws DataException if they cannot be used
   */
  List<ShapedExamples> read(DataSource source);
}
