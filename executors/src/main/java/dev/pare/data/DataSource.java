package dev.pare.data;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Sha256;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;

/**
 * The files of one set of examples as a format reads them, what its labels may be, and what its
 * columns are. For one reading, by one thread.
 */
public final class DataSource {
  private final String key;
  private final DataSettings settings;
  private final DataSettings.Files files;
  private final ClassLabels labels;
  private final TableColumns columns;
  private final Configuration hadoop;
  private final FeatureStorage storage;
  private final MessageDigest digests = Sha256.digest();

  /**
   * @param key of the files in the settings
   */
  DataSource(
      String key,
      DataSettings settings,
      DataSettings.Files files,
      ClassLabels labels,
      TableColumns columns,
      Configuration hadoop) {
    this(key, settings, files, labels, columns, hadoop, FeatureStorage.ofHeap());
  }

  /**
   * @param key of the files in the settings
   * @param storage where features are to be
   */
  DataSource(
      String key,
      DataSettings settings,
      DataSettings.Files files,
      ClassLabels labels,
      TableColumns columns,
      Configuration hadoop,
      FeatureStorage storage) {
    this.key = requireNonNull(key, "key is null");
    this.settings = requireNonNull(settings, "settings is null");
    this.files = requireNonNull(files, "files is null");
    this.labels = requireNonNull(labels, "labels is null");
    this.columns = requireNonNull(columns, "columns is null");
    this.hadoop = requireNonNull(hadoop, "hadoop is null");
    this.storage = requireNonNull(storage, "storage is null");
  }

  /** The configuration's section of the files, as {@code data.train}. */
  public String key() {
    return key;
  }

  public DataSettings settings() {
    return settings;
  }

  public DataSettings.Files files() {
    return files;
  }

  /** What labels may be; numbers each. */
  public ClassLabels labels() {
    return labels;
  }

  /** What the columns of a table are. */
  TableColumns columns() {
    return columns;
  }

  public Configuration hadoop() {
    return hadoop;
  }

  /** Where the features of all files are. */
  FeatureStorage storage() {
    return storage;
  }

  /** The files of features, sorted by path: one, those of a pattern, or those in a folder. */
  public List<String> featureFiles(FilePaths.Folders folders) {
    return FilePaths.of(key + ".features", files.features(), folders, hadoop);
  }

  /** The two files of each part, by their order, where labels have files of their own. */
  List<Pair> pairs(String features, String labels) {
    FilePaths.Folders refused = FilePaths.Folders.REFUSED;
    List<String> ofFeatures = FilePaths.of(key + ".features", features, refused, hadoop);
    List<String> ofLabels = FilePaths.of(key + ".labels", labels, refused, hadoop);
    if (ofFeatures.size() != ofLabels.size()) {
      throw new DataException(
          ("%s.labels = %s: %d files of labels for %d of features")
              .formatted(key, labels, ofLabels.size(), ofFeatures.size()));
    }
    PartNumbers.mismatch(ofFeatures, ofLabels)
        .ifPresent(
            i -> {
              throw new DataException(
                  "%s.labels = %s: %s would have the labels of %s; files are paired in the order of their names, which must have the same numbers, with as many digits"
                      .formatted(key, labels, name(ofFeatures.get(i)), name(ofLabels.get(i))));
            });
    return IntStream.range(0, ofLabels.size())
        .mapToObj(i -> new Pair(ofFeatures.get(i), ofLabels.get(i)))
        .toList();
  }

  private static String name(String location) {
    return location.substring(location.lastIndexOf('/') + 1);
  }

  /** A file of features and the one of their labels. */
  record Pair(String features, String labels) {}

  SourceFile openFeatures(String location) {
    return SourceFile.open(key + ".features", location, hadoop);
  }

  SourceFile openLabels(String location) {
    return SourceFile.open(key + ".labels", location, hadoop);
  }

  /** Takes the SHA-256 of a file that was read; each in the order of reading. */
  public void digested(byte[] sha256) {
    digests.update(sha256);
  }

  /** Of all files that were read. */
  String digest() {
    return HexFormat.of().formatHex(digests.digest());
  }
}
