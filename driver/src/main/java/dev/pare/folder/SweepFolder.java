package dev.pare.folder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Credentials;
import dev.pare.candidate.Sha256;
import dev.pare.candidate.StageKey;
import dev.pare.data.FilePaths;
import dev.pare.graph.Network;
import dev.pare.model.Dl4jNetworks;
import dev.pare.pipeline.TeacherStage;
import dev.pare.pipeline.WholeFiles;
import dev.pare.prepare.Preparation;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The folder with a sweep's results, on any Hadoop file system. A file in it is there whole or not
 * at all.
 */
public final class SweepFolder {
  public static final String CONFIGURATION = "sweep.conf";
  public static final String TEACHER = "teacher.pare";

  /** The same for DL4J, if that has such layers. */
  public static final String DL4J_TEACHER = "teacher.zip";

  public static final String STATUS = "status.json";
  public static final String FRONTIER_CSV = "frontier.csv";
  public static final String FRONTIER_JSON = "frontier.json";
  public static final String PAGE = "report.html";
  public static final String FIGURE = "frontier.svg";
  public static final String IMAGE = "frontier.png";
  public static final String SENSITIVITY = "sensitivity.csv";
  public static final String LATENCY = "latency.csv";

  /** The sweep's configuration, by its digest, and the keys of the store that it refers to. */
  public static final String REFERENCES = "references.txt";

  /** A folder of Parquet files. */
  public static final String LEDGER = "ledger";

  /** A folder of the frontier's files. */
  public static final String BEST = "best";

  /** A folder of earlier frontiers, a folder each. */
  public static final String HISTORY = "history";

  /** A folder for the products of stages, unless the configuration has another. */
  static final String STORE = "store";

  static final String OWNER = "owner.json";

  private static final Pattern BEST_FILE = Pattern.compile(BEST + "/[A-Za-z0-9_.=-]+\\.pare");

  /** File systems end at names of 255 bytes; while it is written, a file's is longer. */
  private static final int MOST_LABEL = 150;

  private final Path root;
  private final Configuration hadoop;

  public SweepFolder(String root, Configuration hadoop) {
    this(new Path(root), hadoop);
  }

  public SweepFolder(Path root, Configuration hadoop) {
    this.root = requireNonNull(root, "root is null");
    this.hadoop = requireNonNull(hadoop, "hadoop is null");
  }

  /** Whether a name is one that a file of the frontier may have. */
  public static boolean isBest(String name) {
    return BEST_FILE.matcher(name).matches();
  }

  /**
   * The name of the card of a file of the frontier, in Markdown; {@link #cardData} has the same as
   * JSON. Both go when the file goes, if they are its card.
   *
   * @param best as {@link #isBest} knows it
   */
  public static String card(String best) {
    return stem(best) + ".md";
  }

  /** The name of the card of a file of the frontier, as JSON. */
  public static String cardData(String best) {
    return stem(best) + ".json";
  }

  private static String stem(String best) {
    if (!isBest(best)) {
      throw new IllegalArgumentException(best + " is no name of a file of " + BEST);
    }
    return best.substring(0, best.length() - ".pare".length());
  }

  /** The folder itself. */
  public Path root() {
    return root;
  }

  /** Where what has a name lies, or would. */
  public Path path(String name) {
    return new Path(root, name);
  }

  /** A folder within this one. */
  public SweepFolder folder(String name) {
    return new SweepFolder(path(name), hadoop);
  }

  private FileSystem files() throws IOException {
    return root.getFileSystem(hadoop);
  }

  /** As every machine names it. */
  public Path qualified() throws IOException {
    return files().makeQualified(root);
  }

  /** The same for people: without credentials. */
  public String title() throws IOException {
    return Credentials.masked(qualified().toString());
  }

  public boolean has(String name) throws IOException {
    return files().exists(path(name));
  }

  /** The names of all that is there; none if there is no such folder. */
  public List<String> names() throws IOException {
    List<String> names = new ArrayList<>();
    try {
      for (FileStatus status : files().listStatus(root)) {
        names.add(status.getPath().getName());
      }
    } catch (FileNotFoundException e) {
      return List.of();
    }
    return names;
  }

  /** What a file holds, if it is there; errors name it. */
  public Optional<byte[]> find(String name) throws IOException {
    return find(name, content -> content);
  }

  /** Makes something of what a file holds. */
  @FunctionalInterface
  public interface Decoder<T> {
    T decode(byte[] content) throws IOException;
  }

  /** What is made of a file, if it is there; errors name it. */
  public <T> Optional<T> find(String name, Decoder<T> decoder) throws IOException {
    try {
      byte[] content;
      try (FSDataInputStream in = FilePaths.open(files(), path(name))) {
        content = in.readAllBytes();
      } catch (FileNotFoundException e) {
        return Optional.empty();
      }
      return Optional.of(decoder.decode(content));
    } catch (IOException e) {
      throw new IOException(path(name) + ": " + e.getMessage(), e);
    }
  }

  /**
   * What is made of a file; errors name it.
   *
   * @param ifMissing is added to the message where there is no such file
   */
  public <T> T read(String name, String ifMissing, Decoder<T> decoder) throws IOException {
    return find(name, decoder)
        .orElseThrow(() -> new IOException(path(name) + ": there is no such file" + ifMissing));
  }

  /** Writes a file in place of the one that is there, if any. */
  public void replace(String name, WholeFiles.Content content) throws IOException {
    new WholeFiles(root, hadoop).replace(path(name), content);
  }

  /** Writes a text in UTF-8. */
  public void replace(String name, String text) throws IOException {
    replace(name, out -> out.write(text.getBytes(UTF_8)));
  }

  /** Writes a file unless there is one, which stays. */
  void create(String name, WholeFiles.Content content) throws IOException {
    new WholeFiles(root, hadoop).create(path(name), content);
  }

  /** Forgets a file, or a folder with all that is in it, if it is there. */
  public void delete(String name) throws IOException {
    files().delete(path(name), true);
  }

  /**
   * Writes the configuration that the results are of.
   *
   * @return SHA-256 of the file, in hexadecimal
   */
  public String writeConfiguration(String text) {
    put(CONFIGURATION, out -> out.write(text.getBytes(UTF_8)));
    return digest(text);
  }

  /** SHA-256 of a file with that text, in hexadecimal. */
  public static String digest(String text) {
    return Sha256.hex(text.getBytes(UTF_8));
  }

  /**
   * Writes the teacher for Pare, and for DL4J, if it has such layers.
   *
   * @return SHA-256 of both files by their names, as {@link References#teachers} has them
   */
  public Map<String, String> writeTeacher(Network teacher, Preparation preparation) {
    byte[] file = TeacherStage.file(teacher, preparation);
    put(TEACHER, out -> out.write(file));
    String dl4j = References.NONE;
    if (Dl4jNetworks.isExpressible(teacher.architecture())) {
      byte[] zip = Dl4jNetworks.zip(teacher);
      put(DL4J_TEACHER, out -> out.write(zip));
      dl4j = Sha256.hex(zip);
    } else {
      // One of another teacher would be taken for this one's.
      remove(DL4J_TEACHER);
    }
    return Map.of(TEACHER, Sha256.hex(file), DL4J_TEACHER, dl4j);
  }

  /** Notes what the sweep refers to in its store, and its configuration. */
  public void writeReferences(References references) {
    put(REFERENCES, out -> out.write(references.text().getBytes(UTF_8)));
  }

  /** The path within the results that a candidate's file has once it is on the frontier. */
  public static String bestName(String candidate, StageKey key) {
    String label = candidate.replaceAll("[^A-Za-z0-9.=-]+", "_");
    label = label.substring(0, Math.min(MOST_LABEL, label.length()));
    return BEST + "/" + (label.isEmpty() ? "" : label + "-") + key.abbreviated() + ".pare";
  }

  /**
   * Keeps a frontier file; returns its path within the results.
   *
   * @param key of the stage whose product it is
   */
  public String addBest(Candidate candidate, StageKey key, byte[] file) {
    String name = bestName(candidate.label(), key);
    put(name, out -> out.write(file));
    return name;
  }

  /**
   * Forgets frontier files of earlier runs, and their cards. No other file is touched: people keep
   * theirs beside them, also under names that cards would have.
   *
   * @param names as {@link #addBest} returned them; others are left alone
   */
  public void removeBest(Set<String> names) {
    names.stream()
        .filter(SweepFolder::isBest)
        .forEach(
            name -> {
              removeCard(name);
              remove(name);
            });
  }

  /**
   * The card of a file of the frontier; none where what has its name is anything else, or cannot be
   * read.
   *
   * @param best as {@link #isBest} knows it
   */
  public Optional<CardFile> findCard(String best) {
    try {
      return find(cardData(best))
          .flatMap(CardFile::of)
          .filter(card -> best.equals(BEST + "/" + card.file()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Forgets the card of a file of the frontier, if it has one. */
  public void removeCard(String best) {
    if (findCard(best).isPresent()) {
      remove(card(best));
      remove(cardData(best));
    }
  }

  private void remove(String name) {
    try {
      files().delete(path(name), false);
    } catch (IOException e) {
      throw new UncheckedIOException(path(name) + ": " + e.getMessage(), e);
    }
  }

  private void put(String name, WholeFiles.Content content) {
    try {
      replace(name, content);
    } catch (IOException e) {
      throw new UncheckedIOException(path(name) + ": " + e.getMessage(), e);
    }
  }
}
