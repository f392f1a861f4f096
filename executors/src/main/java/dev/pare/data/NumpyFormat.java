package dev.pare.data;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Arrays of NumPy: features and labels in an {@code .npy} file each, or in {@code .npz} archives,
 * where {@code #name} after the path says which array, unless there is only one.
 */
public final class NumpyFormat implements DataFormat {
  private static final String ARCHIVE = ".npz";
  private static final byte[] ZIP = {'P', 'K', 3, 4};

  @Override
  public String name() {
    return "numpy";
  }

  @Override
  public Optional<String> labelSource() {
    return Optional.empty();
  }

  @Override
  public String labelPlace(DataSource source) {
    return source.key() + ".labels = " + source.files().labels();
  }

  /** The names of arrays: which one is read does not follow from the file's bytes. */
  @Override
  public String key(DataSettings settings) {
    DataSettings.Files validation = settings.validationFiles();
    String validated = validation == null ? "" : arrays(validation);
    return arrays(settings.train()) + (validated.isEmpty() ? "" : " validation " + validated);
  }

  private static String arrays(DataSettings.Files files) {
    String features = Place.of(files.features()).array;
    String file = files.labels();
    String labels = file == null ? null : Place.of(file).array;
    return features == null && labels == null
        ? ""
        : "NumPy[" + KeyText.of(features) + ", " + KeyText.of(labels) + "]";
  }

  @Override
  public List<ShapedExamples> read(DataSource source) {
    Place features = Place.of(source.files().features());
    List<ShapedExamples> read = new ArrayList<>();
    if (source.labels().areNone()) {
      for (String location :
          FilePaths.of(
              source.key() + ".features",
              features.path,
              FilePaths.Folders.REFUSED,
              source.hadoop())) {
        try (SourceFile file = source.openFeatures(location)) {
          read.add(
              read(
                  file,
                  features,
                  in ->
                      NpyArray.readFeatures(
                          in, null, "", 1, source.storage(), source.columns().merged())));
          source.digested(file.digest());
        }
      }
      return read;
    }
    Place labels = Place.of(requireNonNull(source.files().labels(), "labels is null"));
    for (DataSource.Pair pair : source.pairs(features.path, labels.path)) {
      try (SourceFile labelsFile = source.openLabels(pair.labels());
          SourceFile featuresFile = source.openFeatures(pair.features())) {
        int[] codes = read(labelsFile, labels, in -> NpyArray.readLabels(in, source.labels()));
        int classes = source.labels().classes(codes);
        read.add(
            read(
                featuresFile,
                features,
                in ->
                    NpyArray.readFeatures(
                        in,
                        codes,
                        labelsFile.name(),
                        classes,
                        source.storage(),
                        source.columns().merged())));
        source.digested(featuresFile.digest());
        source.digested(labelsFile.digest());
      }
    }
    return read;
  }

  private static <T> T read(SourceFile file, Place place, Function<ByteInput, T> reader) {
    byte[] start = new byte[ZIP.length];
    int count = file.read(start, 0, start.length);
    byte[] there = Arrays.copyOf(start, count);
    if (!Arrays.equals(there, ZIP)) {
      if (place.array != null) {
        throw file.malformed(0, "is no archive of arrays, of which #" + place.array + " is asked");
      }
      return reader.apply(new Started(file, there));
    }
    try (NpzEntry entry = new NpzEntry(file, there, place.array)) {
      T read = reader.apply(entry);
      entry.checkOnly(place.array);
      return read;
    }
  }

  /**
   * A file and which of its arrays.
   *
   * @param array its name, null for the only one
   */
  private record Place(String path, @Nullable String array) {
    static Place of(String location) {
      int end = location.lastIndexOf('#');
      return end >= 0 && location.substring(0, end).endsWith(ARCHIVE)
          ? new Place(location.substring(0, end), location.substring(end + 1))
          : new Place(location, null);
    }
  }

  /** A file of which the first bytes have been read. */
  private static final class Started implements ByteInput {
    private final SourceFile file;
    private final byte[] start;
    private int given;

    Started(SourceFile file, byte[] start) {
      this.file = file;
      this.start = start;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      int first = Math.min(length, start.length - given);
      System.arraycopy(start, given, target, offset, first);
      given += first;
      return first + file.read(target, offset + first, length - first);
    }

    @Override
    public MalformedDataException malformed(long offset, String problem) {
      return file.malformed(offset, problem);
    }
  }
}
