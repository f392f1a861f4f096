package dev.pare.folder;

import dev.pare.candidate.Sha256;
import dev.pare.candidate.StageKey;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What a sweep refers to in its store, and the configuration, the frontier and the runs that are
 * its own. Each sweep notes it in its results before anything runs, and its frontier when it has
 * one.
 *
 * <p>The file's last line is the number of keys and the SHA-256 of all lines before it, so that one
 * that was cut or changed is refused. Earlier versions wrote the number alone, or no such line:
 * what they may have left is read where nothing is deleted by it, without the line only if nothing
 * else in it came with that line or later.
 *
 * @param configuration SHA-256 of the configuration among the results, in hexadecimal; none where
 *     an earlier version noted none
 * @param frontiers SHA-256 of the frontier.json among the results, in hexadecimal; while it is
 *     replaced of both the old and the new one; none where there is none yet, or an earlier version
 *     noted none
 * @param candidates how many the ledger among the results has; none while a run goes on, or where
 *     an earlier version noted none
 * @param ledger SHA-256 of the ledger's file, in hexadecimal, where its candidates are noted; none
 *     where an earlier version noted none
 * @param teachers SHA-256 of the teacher's files among the results, in hexadecimal, by their names,
 *     {@value #NONE} of one that the teacher cannot have; empty where an earlier version noted none
 * @param runs SHA-256 of what was kept of each run, by the name of its folder; none where an
 *     earlier version noted none
 */
public record References(
    Optional<String> configuration,
    Set<String> frontiers,
    OptionalInt candidates,
    Optional<String> ledger,
    Map<String, String> teachers,
    Map<String, String> runs,
    Set<StageKey> keys) {
  /** Of a file that there cannot be. */
  public static final String NONE = "none";

  /** Before the configuration's digest. */
  private static final String CONFIGURATION = SweepFolder.CONFIGURATION + " ";

  /** Before a frontier's digest. */
  private static final String FRONTIER = SweepFolder.FRONTIER_JSON + " ";

  /** Before the number of candidates. */
  private static final String CANDIDATES = SweepFolder.LEDGER + " ";

  /** Before a teacher's digest. */
  private static final List<String> TEACHERS =
      List.of(SweepFolder.TEACHER, SweepFolder.DL4J_TEACHER);

  /** Before the name of a run's folder, a blank and a digest. */
  private static final String RUN = SweepFolder.HISTORY + "/";

  /** Before the number of keys, a blank and the digest of all lines before, at the end. */
  private static final String END = "end ";

  private static final String REMEDY = "`pare sweep` with the same configuration writes it anew";

  private static final int DEPTH = 8;
  // Large, and without sweeps.
  private static final Set<String> PARTS_OF_A_SWEEP =
      Set.of(SweepFolder.BEST, SweepFolder.HISTORY, SweepFolder.LEDGER, SweepFolder.STORE);

  public References {
    frontiers = Collections.unmodifiableSet(new LinkedHashSet<>(frontiers));
    teachers = Collections.unmodifiableMap(new TreeMap<>(teachers));
    runs = Collections.unmodifiableMap(new LinkedHashMap<>(runs));
    keys = Collections.unmodifiableSet(new LinkedHashSet<>(keys));
  }

  /** Those of a sweep that has neither a frontier nor a ledger nor runs yet. */
  public References(
      Optional<String> configuration, Map<String, String> teachers, Set<StageKey> keys) {
    this(configuration, Set.of(), OptionalInt.empty(), Optional.empty(), teachers, Map.of(), keys);
  }

  /** The same with other frontiers. */
  public References withFrontiers(Set<String> others) {
    return new References(configuration, others, candidates, ledger, teachers, runs, keys);
  }

  /**
   * The same of a ledger of so many candidates.
   *
   * @param digest SHA-256 of its file, in hexadecimal; none where there is no such file
   */
  public References withLedger(int number, Optional<String> digest) {
    return new References(
        configuration, frontiers, OptionalInt.of(number), digest, teachers, runs, keys);
  }

  /** The same with other runs. */
  public References withRuns(Map<String, String> others) {
    return new References(configuration, frontiers, candidates, ledger, teachers, others, keys);
  }

  /** As they are written. */
  String text() {
    StringBuilder text = new StringBuilder();
    configuration.ifPresent(digest -> text.append(CONFIGURATION).append(digest).append('\n'));
    frontiers.forEach(digest -> text.append(FRONTIER).append(digest).append('\n'));
    teachers.forEach((name, digest) -> text.append(name).append(' ').append(digest).append('\n'));
    candidates.ifPresent(
        number -> {
          text.append(CANDIDATES).append(number);
          ledger.ifPresent(digest -> text.append(' ').append(digest));
          text.append('\n');
        });
    runs.forEach(
        (name, digest) -> text.append(RUN).append(name).append(' ').append(digest).append('\n'));
    keys.forEach(key -> text.append(key.hex()).append('\n'));
    String digest = SweepFolder.digest(text.toString());
    return text.append(END).append(keys.size()).append(' ').append(digest).append('\n').toString();
  }

  /**
   * The keys that a sweep refers to, or all the sweeps in a folder.
   *
   * @param folder results of a sweep, or a folder within which there are some, eight levels deep,
   *     also one within another
   * @throws IOException if there is no sweep, or what one refers to cannot be told: its file is
   *     missing, was cut or changed, is of another sweep than the files beside it, or is of an
   *     earlier version, of which all that is not known
   */
  public static Set<StageKey> keys(Path folder, Configuration hadoop) throws IOException {
    List<Path> found;
    try {
      found = find(folder, hadoop);
    } catch (FileNotFoundException e) {
      throw new IOException(folder + ": there is no such folder", e);
    }
    if (found.isEmpty()) {
      throw new IOException(
          folder
              + ": no sweep's results, since there is no "
              + SweepFolder.REFERENCES
              + " in it or below it");
    }
    Set<StageKey> keys = new HashSet<>();
    for (Path sweep : found) {
      SweepFolder results = new SweepFolder(sweep, hadoop);
      keys.addAll(
          results
              .read(
                  SweepFolder.REFERENCES,
                  ", though results of a sweep are: what it refers to is not known; " + REMEDY,
                  content -> sealed(content, results))
              .keys());
    }
    return keys;
  }

  /** What the sweep with these results noted, if it did. */
  public static Optional<References> of(SweepFolder folder) throws IOException {
    return folder.find(SweepFolder.REFERENCES, References::of);
  }

  /**
   * Whether there are references without their last line, as the first versions wrote them: then it
   * is not known whether they are whole.
   */
  public static boolean areOpen(SweepFolder folder) throws IOException {
    return folder
        .find(SweepFolder.REFERENCES, content -> !lastLine(text(content)).startsWith(END))
        .orElse(false);
  }

  private static String text(byte[] content) throws IOException {
    String text = new String(content, StandardCharsets.UTF_8);
    if (!text.endsWith("\n")) {
      throw new IOException((text.isEmpty() ? "is empty; " : "was cut; ") + REMEDY);
    }
    return text;
  }

  /** Of a text that ends with a line end, without it. */
  private static String lastLine(String text) {
    return text.substring(text.lastIndexOf('\n', text.length() - 2) + 1, text.length() - 1);
  }

  /** The digest in the last line; none where an earlier version wrote none. */
  private static Optional<String> seal(String text) {
    String[] parts = lastLine(text).split(" ", 3);
    return lastLine(text).startsWith(END) && parts.length > 2
        ? Optional.of(parts[2])
        : Optional.empty();
  }

  private static References of(byte[] content) throws IOException {
    String text = text(content);
    Optional<String> seal = seal(text);
    if (seal.isPresent()) {
      String its =
          SweepFolder.digest(text.substring(0, text.length() - 1 - lastLine(text).length()));
      if (!its.equals(seal.get())) {
        throw new IOException(
            "was changed: its lines have SHA-256 %s, not %s, which its last line says; %s"
                .formatted(its, seal.get(), REMEDY));
      }
    }
    Set<String> configurations = new LinkedHashSet<>();
    Set<String> frontiers = new LinkedHashSet<>();
    OptionalInt candidates = OptionalInt.empty();
    Optional<String> ledger = Optional.empty();
    Map<String, String> teachers = new LinkedHashMap<>();
    Map<String, String> runs = new LinkedHashMap<>();
    Set<StageKey> keys = new LinkedHashSet<>();
    boolean ended = false;
    try {
      for (String line : text.lines().toList()) {
        if (ended) {
          throw new IOException("has lines after its last one; " + REMEDY);
        } else if (line.startsWith(CONFIGURATION)) {
          configurations.add(line.substring(CONFIGURATION.length()));
        } else if (line.startsWith(FRONTIER)) {
          frontiers.add(line.substring(FRONTIER.length()));
        } else if (line.startsWith(CANDIDATES)) {
          String[] parts = line.substring(CANDIDATES.length()).split(" ", 2);
          candidates = OptionalInt.of(Integer.parseInt(parts[0]));
          ledger = parts.length > 1 ? Optional.of(parts[1]) : Optional.empty();
        } else if (TEACHERS.stream().anyMatch(name -> line.startsWith(name + " "))) {
          teachers.put(line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1));
        } else if (line.startsWith(RUN) && line.contains(" ")) {
          runs.put(
              line.substring(RUN.length(), line.indexOf(' ')),
              line.substring(line.indexOf(' ') + 1));
        } else if (line.startsWith(END)) {
          ended = true;
          String number = line.split(" ", 3)[1];
          if (Integer.parseInt(number) != keys.size()) {
            throw new IOException(
                "has %d keys, not the %s that its last line says; %s"
                    .formatted(keys.size(), number, REMEDY));
          }
        } else {
          keys.add(new StageKey(line));
        }
      }
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
    // The first versions, which wrote no last line, had none of these lines, and always a key.
    boolean isLater = candidates.isPresent() || !teachers.isEmpty() || !runs.isEmpty();
    if (!ended && (isLater || keys.isEmpty())) {
      throw new IOException(
          "was cut: its last line, the number of its keys, is missing; " + REMEDY);
    }
    return new References(
        configurations.stream().findFirst(), frontiers, candidates, ledger, teachers, runs, keys);
  }

  /** Only what is known to be whole, and this sweep's: what is not in it gets deleted. */
  private static References sealed(byte[] content, SweepFolder folder) throws IOException {
    References references = of(content);
    if (!lastLine(text(content)).startsWith(END)) {
      throw new IOException(
          "ends without the number of its keys: it was cut, or is of an earlier version; "
              + REMEDY);
    }
    if (seal(text(content)).isEmpty()) {
      throw new IOException(
          "ends without the SHA-256 of its lines, as earlier versions wrote it: it is not known whether it was changed; "
              + REMEDY);
    }
    references.checkPlace(folder);
    return references;
  }

  /** Looks whether the files beside it are those that it notes. */
  private void checkPlace(SweepFolder folder) throws IOException {
    if (configuration.isEmpty() || !folder.has(SweepFolder.CONFIGURATION)) {
      throw new IOException(
          "it is not known whether it is of the sweep with these results: %s; %s"
              .formatted(
                  configuration.isEmpty()
                      ? "it does not say of which " + SweepFolder.CONFIGURATION + " it is"
                      : "there is no " + SweepFolder.CONFIGURATION + " beside it",
                  REMEDY));
    }
    checkBeside(folder, SweepFolder.CONFIGURATION, Set.of(configuration.get()));
    checkBeside(folder, SweepFolder.FRONTIER_JSON, frontiers);
    for (Map.Entry<String, String> teacher : teachers.entrySet()) {
      checkBeside(folder, teacher.getKey(), Set.of(teacher.getValue()));
    }
  }

  /** What is not there, or of what nothing is noted, tells nothing. */
  private static void checkBeside(SweepFolder folder, String name, Set<String> noted)
      throws IOException {
    Optional<String> its = noted.isEmpty() ? Optional.empty() : folder.find(name, Sha256::hex);
    if (its.isPresent() && !noted.contains(its.get())) {
      throw new IOException(
          "is of another sweep than %s beside it, which has SHA-256 %s, not %s, or either was changed; does a sweep begin there? %s"
              .formatted(folder.path(name), its.get(), String.join(" or ", noted), REMEDY));
    }
  }

  /** Level by level: where links lead to a folder again, it is seen as high up as it can be. */
  private static List<Path> find(Path root, Configuration hadoop) throws IOException {
    FileSystem files = root.getFileSystem(hadoop);
    List<Path> found = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    List<Path> level = List.of(root);
    for (int depth = DEPTH; depth > 0; depth--) {
      List<Path> below = new ArrayList<>();
      for (Path folder : level) {
        if (seen.add(place(files, folder))) {
          addFolder(files, folder, found, below);
        }
      }
      level = below;
    }
    return found;
  }

  /** The folder itself, whatever links it was reached through. */
  private static String place(FileSystem files, Path folder) throws IOException {
    URI whole = files.makeQualified(folder).toUri();
    return "file".equals(whole.getScheme())
        ? new File(whole.getPath()).getCanonicalPath()
        : whole.toString();
  }

  private static void addFolder(FileSystem files, Path folder, List<Path> found, List<Path> below)
      throws IOException {
    FileStatus[] children = files.listStatus(folder);
    Set<String> names = new HashSet<>();
    for (FileStatus child : children) {
      names.add(child.getPath().getName());
    }
    // Without references, too, results are a sweep's: a frontier alone may be a run that is kept.
    boolean sweep =
        names.contains(SweepFolder.REFERENCES)
            || (names.contains(SweepFolder.FRONTIER_JSON) && names.contains(SweepFolder.LEDGER));
    if (sweep) {
      found.add(folder);
    }
    for (FileStatus child : children) {
      boolean part = sweep && PARTS_OF_A_SWEEP.contains(child.getPath().getName());
      if (child.isDirectory() && !part) {
        below.add(child.getPath());
      }
    }
  }
}
