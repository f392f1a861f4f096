package dev.pare.cli;

import dev.pare.candidate.Credentials;
import dev.pare.candidate.Sha256;
import dev.pare.folder.SweepFolder;
import dev.pare.report.CompressedSums;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * What {@code pare compress} leaves beside a sweep's results: a network as a .pare file, ONNX model
 * and C, with their checksums, by which it knows them again. Nothing else is overwritten or
 * removed.
 */
final class CompressedFiles {
  /** The folder, within that of the results. */
  static final String FOLDER = "compressed";

  private static final List<String> ENDINGS = List.of(".pare", ".onnx", ".c", ".h");

  private final SweepFolder folder;

  CompressedFiles(String out, Configuration hadoop) {
    folder = new SweepFolder(out, hadoop).folder(FOLDER);
  }

  /** Where a file lies, or would. */
  Path path(String name) {
    return folder.path(name);
  }

  /** Whether a file's path is one of this folder. */
  boolean hold(Path file) throws IOException {
    Path parent = file.getParent();
    return parent != null
        && parent
            .makeQualified(folder.qualified().toUri(), folder.qualified())
            .equals(folder.qualified());
  }

  /**
   * Sees to it that the files of a network can be written.
   *
   * @throws IOException naming one that is there and was not written by an earlier run
   */
  void checkFree(String name) throws IOException {
    Map<String, String> sums = CompressedSums.read(folder);
    if (sums.isEmpty() && folder.has(CompressedSums.NAME)) {
      throw notOwn(CompressedSums.NAME);
    }
    for (String ending : ENDINGS) {
      String file = name + ending;
      if (folder.has(file) && !isOwn(file, sums)) {
        throw notOwn(file);
      }
    }
  }

  private IOException notOwn(String file) {
    return new IOException(
        Credentials.inMessage(folder.path(file).toString())
            + ": is there, and not as this pare compress wrote it; move it away, or name another --out");
  }

  /** Removes what earlier runs have chosen, of whatever network. */
  void forget() throws IOException {
    Map<String, String> sums = CompressedSums.read(folder);
    for (String file : sums.keySet()) {
      if (isOwn(file, sums)) {
        folder.delete(file);
      }
    }
    if (!sums.isEmpty()) {
      folder.delete(CompressedSums.NAME);
    }
  }

  /** Claims the names of a network's files, of which none is there. */
  void begin(String name) throws IOException {
    Map<String, String> sums = new LinkedHashMap<>();
    ENDINGS.forEach(ending -> sums.put(name + ending, CompressedSums.NOT_YET));
    folder.replace(CompressedSums.NAME, CompressedSums.text(sums));
  }

  /** Notes the files of a network as they are now. */
  void note(String name) throws IOException {
    Map<String, String> sums = new LinkedHashMap<>();
    for (String ending : ENDINGS) {
      folder.find(name + ending, Sha256::hex).ifPresent(sum -> sums.put(name + ending, sum));
    }
    folder.replace(CompressedSums.NAME, CompressedSums.text(sums));
  }

  private boolean isOwn(String file, Map<String, String> sums) throws IOException {
    String sum = sums.get(file);
    Optional<byte[]> content = sum == null ? Optional.empty() : folder.find(file);
    return content.isPresent()
        && (CompressedSums.NOT_YET.equals(sum) || Sha256.hex(content.get()).equals(sum));
  }
}
