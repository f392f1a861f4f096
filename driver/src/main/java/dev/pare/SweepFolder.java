package dev.pare;

import static java.util.Objects.requireNonNull;

import dev.pare.frontier.FrontierPoint;
import dev.pare.model.Dl4jNetworks;
import dev.pare.model.Network;
import dev.pare.pipeline.TeacherStage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.Path;

/** The folder with a sweep's results. */
final class SweepFolder {
  static final String CONFIGURATION = "sweep.conf";
  static final String LEDGER = "ledger";

  private static final String BEST = "best";

  private final Path root;
  private final Configuration hadoop;
  private final FileSystem files;

  SweepFolder(String root, Configuration hadoop) {
    this.root = new Path(root);
    this.hadoop = requireNonNull(hadoop, "hadoop is null");
    try {
      this.files = this.root.getFileSystem(hadoop);
    } catch (IOException e) {
      throw new UncheckedIOException(root + ": " + e.getMessage(), e);
    }
  }

  String path(String name) {
    return new Path(root, name).toString();
  }

  void writeText(String name, String text) {
    replace(name, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** For Pare, and for DL4J, if it has such layers. */
  void writeTeacher(Network teacher) {
    replace("teacher.pare", out -> TeacherStage.write(teacher, out));
    if (Dl4jNetworks.isExpressible(teacher.architecture())) {
      replace("teacher.zip", out -> Dl4jNetworks.write(teacher, out));
    }
  }

  /** Forgets the frontier of an earlier run. */
  void clearBest() {
    try {
      files.delete(new Path(root, BEST), true);
    } catch (IOException e) {
      throw new UncheckedIOException(path(BEST) + ": " + e.getMessage(), e);
    }
  }

  /** Copies a frontier file; returns its path within the results. */
  String addBest(FrontierPoint point, String source) {
    String label = point.candidate().label().replaceAll("[^A-Za-z0-9.=-]+", "_");
    String name =
        BEST + "/" + (label.isEmpty() ? "" : label + "-") + point.key().abbreviated() + ".pare";
    Path from = new Path(source);
    try {
      FileUtil.copy(
          from.getFileSystem(hadoop), from, files, new Path(root, name), false, true, hadoop);
    } catch (IOException e) {
      throw new UncheckedIOException(path(name) + ": " + e.getMessage(), e);
    }
    return name;
  }

  private interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  private void replace(String name, Content content) {
    Path file = new Path(root, name);
    Path whole = new Path(root, "." + name + ".new");
    try {
      try (OutputStream out = files.create(whole, true)) {
        content.writeTo(out);
      }
      // Not every file system renames onto a file.
      files.delete(file, false);
      if (!files.rename(whole, file)) {
        throw new IOException("cannot be replaced");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": " + e.getMessage(), e);
    }
  }
}
