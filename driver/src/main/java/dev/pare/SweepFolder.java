package dev.pare;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pare.candidate.StageKey;
import dev.pare.frontier.FrontierPoint;
import dev.pare.graph.Network;
import dev.pare.model.Dl4jNetworks;
import dev.pare.pipeline.TeacherStage;
import dev.pare.pipeline.WholeFiles;
import dev.pare.prepare.Preparation;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The folder with a sweep's results. */
final class SweepFolder {
  static final String CONFIGURATION = "sweep.conf";
  static final String LEDGER = "ledger";
  static final String TEACHER = "teacher.pare";

  private static final String DL4J_TEACHER = "teacher.zip";
  static final String BEST = "best";
  private static final Pattern BEST_FILE = Pattern.compile(BEST + "/[A-Za-z0-9_.=-]+\\.pare");

  /** Whether a name is one that a file of the frontier may have. */
  static boolean isBest(String name) {
    return BEST_FILE.matcher(name).matches();
  }

  /** File systems end at names of 255 bytes; while it is written, a file's is longer. */
  private static final int MOST_LABEL = 150;

  private final Path root;
  private final WholeFiles wholeFiles;

  SweepFolder(String root, Configuration hadoop) {
    this.root = new Path(root);
    try {
      this.wholeFiles = new WholeFiles(this.root, hadoop);
    } catch (IOException e) {
      throw new UncheckedIOException(root + ": " + e.getMessage(), e);
    }
  }

  String path(String name) {
    return new Path(root, name).toString();
  }

  void writeText(String name, String text) {
    replace(name, out -> out.write(text.getBytes(UTF_8)));
  }

  /** For Pare, and for DL4J, if it has such layers. */
  void writeTeacher(Network teacher, Preparation preparation) {
    replace(TEACHER, out -> TeacherStage.write(teacher, preparation, out));
    if (Dl4jNetworks.isExpressible(teacher.architecture())) {
      replace(DL4J_TEACHER, out -> Dl4jNetworks.write(teacher, out));
    } else {
      // One of another teacher would be taken for this one's.
      delete(DL4J_TEACHER);
    }
  }

  /** Notes what the sweep refers to in its store, a key a line. */
  void writeReferences(Iterable<StageKey> keys) {
    replace(
        References.FILE,
        out -> {
          OutputStream buffered = new BufferedOutputStream(out);
          for (StageKey key : keys) {
            buffered.write((key.hex() + "\n").getBytes(UTF_8));
          }
          buffered.flush();
        });
  }

  /** Keeps a frontier file; returns its path within the results. */
  String addBest(FrontierPoint point, byte[] file) {
    String label = point.candidate().label().replaceAll("[^A-Za-z0-9.=-]+", "_");
    label = label.substring(0, Math.min(MOST_LABEL, label.length()));
    String name =
        BEST + "/" + (label.isEmpty() ? "" : label + "-") + point.key().abbreviated() + ".pare";
    replace(name, out -> out.write(file));
    return name;
  }

  /**
   * Forgets frontier files of earlier runs. No other file is touched: people keep theirs beside
   * them.
   *
   * @param names as {@link #addBest} returned them; others are left alone
   */
  void removeBest(Set<String> names) {
    names.stream().filter(SweepFolder::isBest).forEach(this::delete);
  }

  private void delete(String name) {
    Path file = new Path(root, name);
    try {
      wholeFiles.fileSystem().delete(file, false);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": " + e.getMessage(), e);
    }
  }

  private void replace(String name, WholeFiles.Content content) {
    Path file = new Path(root, name);
    try {
      wholeFiles.replace(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": " + e.getMessage(), e);
    }
  }
}
