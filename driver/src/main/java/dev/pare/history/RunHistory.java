package dev.pare.history;

import static java.util.Objects.requireNonNull;

import dev.pare.frontier.FrontierSnapshot;
import dev.pare.report.FrontierFiles;
import dev.pare.report.FrontierReport;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The runs of one sweep, a folder each within {@code history} of its results: the frontier's files
 * and {@code validation.json}, which validation examples each file gets right. A folder is there as
 * a whole or not at all.
 */
public final class RunHistory {
  private static final String HISTORY = "history";
  private static final String VALIDATION = "validation.json";
  private static final String UNFINISHED = ".";

  private final Path root;
  private final Configuration hadoop;

  /**
   * @param out folder of a sweep's results, any Hadoop path
   */
  public RunHistory(String out, Configuration hadoop) {
    this.root = new Path(out, HISTORY);
    this.hadoop = requireNonNull(hadoop, "hadoop is null");
  }

  /** When runs ended, the oldest first; empty if there was none. */
  public List<RunTime> times() throws IOException {
    List<RunTime> times = new ArrayList<>();
    try {
      for (FileStatus status : files().listStatus(root)) {
        RunTime.ofName(status.getPath().getName()).ifPresent(times::add);
      }
    } catch (FileNotFoundException e) {
      return List.of();
    }
    Collections.sort(times);
    return times;
  }

  /** The last run that ended no later than that, if there is one. */
  public Optional<RunTime> atOrBefore(RunTime time) throws IOException {
    return times().stream()
        .filter(candidate -> candidate.compareTo(time) <= 0)
        .reduce((earlier, later) -> later);
  }

  /** The last run, if there is one. */
  public Optional<RunTime> latest() throws IOException {
    return times().stream().reduce((earlier, later) -> later);
  }

  /**
   * What is kept of a run.
   *
   * @throws IOException naming the file that is missing or broken
   */
  public Run read(RunTime time) throws IOException {
    Path folder = new Path(root, time.name());
    FrontierReport report = FrontierFiles.read(folder, hadoop);
    Path file = new Path(folder, VALIDATION);
    try (FSDataInputStream in = files().open(file)) {
      String json = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new Run(time, report, CorrectnessJson.read(json, report));
    } catch (FileNotFoundException e) {
      throw new IOException(file + ": there is no such file", e);
    } catch (IOException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Keeps a run.
   *
   * @param time when it ended; if another run has it, the next free millisecond
   * @return it as it was kept
   */
  public Run add(RunTime time, FrontierReport report, FrontierSnapshot snapshot)
      throws IOException {
    RunTime free = time;
    while (files().exists(new Path(root, free.name()))) {
      free = free.next();
    }
    Path whole = new Path(root, free.name());
    Path unfinished = new Path(root, UNFINISHED + free.name());
    FrontierFiles.write(unfinished, hadoop, report);
    try (OutputStream out = files().create(new Path(unfinished, VALIDATION), true)) {
      out.write(CorrectnessJson.of(snapshot).getBytes(StandardCharsets.UTF_8));
    }
    if (!files().rename(unfinished, whole)) {
      throw new IOException(whole + ": cannot be put in place");
    }
    return new Run(free, report, snapshot);
  }

  /** Forgets all but the last so many runs. */
  public void keepLatest(int runs) throws IOException {
    List<RunTime> times = times();
    for (RunTime old : times.subList(0, Math.max(0, times.size() - runs))) {
      files().delete(new Path(root, old.name()), true);
    }
  }

  private FileSystem files() throws IOException {
    return root.getFileSystem(hadoop);
  }
}
