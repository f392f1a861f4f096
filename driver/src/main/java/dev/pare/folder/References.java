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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What a sweep refers to in its store, and the configuration and the frontier that are its own.
 * Each sweep notes it in its results before anything runs, and its frontier when it has one.
 *
 * @param configuration SHA-256 of the configuration among the results, in hexadecimal; none where
 *     an earlier version noted none
 * @param frontiers SHA-256 of the frontier.json among the results, in hexadecimal; while it is
 *     replaced of both the old and the new one; none where there is none yet, or an earlier version
 *     noted none
 */
public record References(
    Optional<String> configuration, Set<String> frontiers, Set<StageKey> keys) {
  /** Before the configuration's digest. */
  private static final String CONFIGURATION = SweepFolder.CONFIGURATION + " ";

  /** Before a frontier's digest. */
  private static final String FRONTIER = SweepFolder.FRONTIER_JSON + " ";

  private static final int DEPTH = 8;
  // Large, and without sweeps.
  private static final Set<String> PARTS_OF_A_SWEEP =
      Set.of(SweepFolder.BEST, SweepFolder.HISTORY, SweepFolder.LEDGER, SweepFolder.STORE);

  public References {
    frontiers = Collections.unmodifiableSet(new LinkedHashSet<>(frontiers));
    keys = Collections.unmodifiableSet(new LinkedHashSet<>(keys));
  }

  /** The same with other frontiers. */
  public References withFrontiers(Set<String> others) {
    return new References(configuration, others, keys);
  }

  /** As they are written. */
  String text() {
    StringBuilder text = new StringBuilder();
    configuration.ifPresent(digest -> text.append(CONFIGURATION).append(digest).append('\n'));
    frontiers.forEach(digest -> text.append(FRONTIER).append(digest).append('\n'));
    keys.forEach(key -> text.append(key.hex()).append('\n'));
    return text.toString();
  }

  /**
   * The keys that a sweep refers to, or all the sweeps in a folder.
   *
   * @param folder results of a sweep, or a folder within which there are some, eight levels deep,
   *     also one within another
   * @throws IOException if there is no sweep, or what it refers to cannot be told
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
      of(new SweepFolder(sweep, hadoop)).ifPresent(references -> keys.addAll(references.keys()));
    }
    return keys;
  }

  /** What the sweep with these results noted, if it did. */
  public static Optional<References> of(SweepFolder folder) throws IOException {
    return folder.find(SweepFolder.REFERENCES, References::of);
  }

  private static References of(byte[] content) throws IOException {
    List<String> lines = new String(content, StandardCharsets.UTF_8).lines().toList();
    Set<String> configurations = after(CONFIGURATION, lines);
    try {
      return new References(
          configurations.stream().findFirst(),
          after(FRONTIER, lines),
          lines.stream()
              .filter(line -> !line.startsWith(CONFIGURATION) && !line.startsWith(FRONTIER))
              .map(StageKey::new)
              .collect(Collectors.toCollection(LinkedHashSet::new)));
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** What lines that begin so go on with. */
  private static Set<String> after(String begin, List<String> lines) {
    return lines.stream()
        .filter(line -> line.startsWith(begin))
        .map(line -> line.substring(begin.length()))
        .collect(Collectors.toCollection(LinkedHashSet::new));
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
    boolean sweep = false;
    for (FileStatus child : children) {
      if (child.isFile() && child.getPath().getName().equals(SweepFolder.REFERENCES)) {
        found.add(folder);
        sweep = true;
      }
    }
    for (FileStatus child : children) {
      boolean part = sweep && PARTS_OF_A_SWEEP.contains(child.getPath().getName());
      if (child.isDirectory() && !part) {
        below.add(child.getPath());
      }
    }
  }
}
