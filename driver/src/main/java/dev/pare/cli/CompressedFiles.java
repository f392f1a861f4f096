package dev.pare.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pare.candidate.Credentials;
import dev.pare.candidate.Sha256;
import dev.pare.folder.SweepFolder;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

  /** Their checksums, as sha256sum writes and checks them. */
  static final String SUMS = "SHA256SUMS";

  private static final List<String> ENDINGS = List.of(".pare", ".onnx", ".c", ".h");

  /** Says whose checksums these are; sha256sum passes over it. */
  private static final String MARK = "# written by pare compress";

  /** Of a file that is being written. */
  private static final String NOT_YET = "0".repeat(64);

  private static final Pattern LINE =
      Pattern.compile("([0-9a-f]{64})  ([A-Za-z0-9_]+\\.(?:pare|onnx|c|h))");

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
    Map<String, String> sums = sums();
    if (sums.isEmpty() && folder.has(SUMS)) {
      throw notOwn(SUMS);
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
    Map<String, String> sums = sums();
    for (String file : sums.keySet()) {
      if (isOwn(file, sums)) {
        folder.delete(file);
      }
    }
    if (!sums.isEmpty()) {
      folder.delete(SUMS);
    }
  }

  /** Claims the names of a network's files, of which none is there. */
  void begin(String name) throws IOException {
    StringBuilder sums = new StringBuilder(MARK).append('\n');
    ENDINGS.forEach(ending -> line(sums, NOT_YET, name + ending));
    folder.replace(SUMS, sums.toString());
  }

  /** Notes the files of a network as they are now. */
  void note(String name) throws IOException {
    StringBuilder sums = new StringBuilder(MARK).append('\n');
    for (String ending : ENDINGS) {
      Optional<byte[]> content = folder.find(name + ending);
      content.ifPresent(bytes -> line(sums, Sha256.hex(bytes), name + ending));
    }
    folder.replace(SUMS, sums.toString());
  }

  private static void line(StringBuilder sums, String sum, String file) {
    sums.append(sum).append("  ").append(file).append('\n');
  }

  private boolean isOwn(String file, Map<String, String> sums) throws IOException {
    String sum = sums.get(file);
    Optional<byte[]> content = sum == null ? Optional.empty() : folder.find(file);
    return content.isPresent() && (NOT_YET.equals(sum) || Sha256.hex(content.get()).equals(sum));
  }

  /** By the files' names; none unless a run has written them. */
  private Map<String, String> sums() throws IOException {
    Map<String, String> sums = new TreeMap<>();
    String text = new String(folder.find(SUMS).orElse(new byte[0]), UTF_8);
    if (!text.startsWith(MARK + "\n")) {
      return sums;
    }
    for (String line : text.split("\n", -1)) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        sums.put(matcher.group(2), matcher.group(1));
      }
    }
    return sums;
  }
}
