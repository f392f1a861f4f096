package dev.pare.report;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;

/** {@code frontier.csv} and {@code frontier.json} within a sweep's results, in UTF-8. */
public final class FrontierFiles {
  private static final String CSV = "frontier.csv";
  private static final String JSON = "frontier.json";

  private FrontierFiles() {}

  /**
   * Writes both, in place of earlier ones. Equal reports give equal bytes.
   *
   * @param out folder of the results
   */
  public static void write(Path out, Configuration hadoop, FrontierReport report)
      throws IOException {
    ResultFile.replace(new Path(out, CSV), hadoop, FrontierCsv.of(report));
    ResultFile.replace(new Path(out, JSON), hadoop, FrontierJson.of(report));
  }

  /**
   * Whether there is a {@code frontier.json}.
   *
   * @param out folder of the results
   */
  public static boolean exist(Path out, Configuration hadoop) throws IOException {
    return out.getFileSystem(hadoop).exists(new Path(out, JSON));
  }

  /**
   * Reads {@code frontier.json}.
   *
   * @param out folder of the results
   * @throws IOException if there is none, or it is none; the message names the file
   */
  public static FrontierReport read(Path out, Configuration hadoop) throws IOException {
    Path file = new Path(out, JSON);
    try (FSDataInputStream stream = file.getFileSystem(hadoop).open(file)) {
      return FrontierJson.read(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
    } catch (FileNotFoundException e) {
      throw new IOException(file + ": there is no such file; has the sweep ended?", e);
    } catch (IOException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }
}
