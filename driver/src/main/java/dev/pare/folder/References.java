package dev.pare.folder;

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
 * <p>The file's last line is the number of keys: one that was cut lacks it, as those of earlier
 * versions do, which are read all the same where nothing is deleted by them.
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

  /** Before the number of keys, at the end. */
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
    return text.append(END).append(keys.size()).append('\n').toString();
  }

  /**
   * The keys that a sweep refers to, or all the sweeps in a folder.
   *
   * @param folder results of a sweep, or a folder within which there are some, eight levels deep,
   *     also one within another
   * @throws IOException if there is no sweep, or what one refers to cannot be told: its file is
   *     missing, was cut, or is of an earlier version, of which a cut one is not known
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
      keys.addAll(
          new SweepFolder(sweep, hadoop)
              .read(
                  SweepFolder.REFERENCES,
                  ", though results of a sweep are: what it refers to is not known; " + REMEDY,
                  References::ended)
              .keys());
    }
    return keys;
  }

  /** What the sweep with these results noted, if it did. */
  public static Optional<References> of(SweepFolder folder) throws IOException {
    return folder.find(SweepFolder.REFERENCES, References::of);
  }

  private static References of(byte[] content) throws IOException {
    String text = new String(content, StandardCharsets.UTF_8);
    if (!text.endsWith("\n")) {
      throw new IOException((text.isEmpty() ? "is empty; " : "was cut; ") + REMEDY);
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
          if (Integer.parseInt(line.substring(END.length())) != keys.size()) {
            throw new IOException(
                "has %d keys, not the %s that its last line says; %s"
                    .formatted(keys.size(), line.substring(END.length()), REMEDY));
          }
        } else {
          keys.add(new StageKey(line));
        }
      }
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
    return new References(
        configurations.stream().findFirst(), frontiers, candidates, ledger, teachers, runs, keys);
  }

  /** Only what is known to be whole: what is not in it gets deleted. */
  private static References ended(byte[] content) throws IOException {
    References references = of(content);
    if (new String(content, StandardCharsets.UTF_8)
        .lines()
        .noneMatch(line -> line.startsWith(END))) {
      throw new IOException(
          "ends without the number of its keys: it was cut, or is of an earlier version; "
              + REMEDY);
    }
    return references;
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
