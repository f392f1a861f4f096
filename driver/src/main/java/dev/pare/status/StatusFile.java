package dev.pare.status;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pare.pipeline.StrictJson;
import dev.pare.pipeline.WholeFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;

/** {@code status.json} within a sweep's results, which the driver replaces while it runs. */
public final class StatusFile {
  private static final String NAME = "status.json";
  private static final ObjectMapper JSON =
      StrictJson.mapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);

  private StatusFile() {}

  /**
   * Writes it in place of an earlier one.
   *
   * @param out folder of the results
   */
  public static void write(Path out, Configuration hadoop, SweepStatus status) throws IOException {
    byte[] json = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(status);
    new WholeFiles(out, hadoop).replace(new Path(out, NAME), stream -> stream.write(json));
  }

  /**
   * Reads it.
   *
   * @param out folder of the results
   * @throws IOException if there is none, or it is none; the message names the file
   */
  public static SweepStatus read(Path out, Configuration hadoop) throws IOException {
    Path file = new Path(out, NAME);
    try (FSDataInputStream in = file.getFileSystem(hadoop).open(file)) {
      return StrictJson.read(JSON, in.readAllBytes(), SweepStatus.class);
    } catch (FileNotFoundException e) {
      throw new IOException(file + ": there is no such file; was a sweep started there?", e);
    } catch (IOException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }
}
