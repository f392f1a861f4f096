package dev.pare.history;

import static java.util.Objects.requireNonNull;

import dev.pare.frontier.FrontierSnapshot;
import dev.pare.report.FrontierFiles;
import dev.pare.report.FrontierReport;
import dev.pare.report.ResultFile;
import java.io.FileNotFoundException;
import java.io.IOException;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs of one sweep, a folder each within {@code history} of its results: the frontier's files
 * and {@code validation.json}, which validation examples each file gets right. That one is written
 * last: a folder without it is of a run whose driver died, and counts for nothing.
 */
public final class RunHistory {
  private static final Logger LOG = LoggerFactory.getLogger(RunHistory.class);
  private static final String HISTORY = "history";
  private static final String VALIDATION = "validation.json";

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
    for (RunTime time : folders()) {
      if (files().exists(validation(time))) {
        times.add(time);
      }
    }
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
    FrontierReport report = FrontierFiles.read(folder(time), hadoop);
    Path file = validation(time);
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
   * Keeps a run as the last one.
   *
   * @param time when it ended; if runs are kept that are dated then or later, as of a clock that
   *     was wrong, the first free millisecond after them
   * @return it as it was kept
   */
  public Run add(RunTime time, FrontierReport report, FrontierSnapshot snapshot)
      throws IOException {
    RunTime free = time;
    Optional<RunTime> latest = latest();
    if (latest.isPresent() && latest.get().compareTo(time) > 0) {
      LOG.warn(
          "{}: a run is dated {}, after the one that ends now, which is dated next to it",
          root,
          latest.get());
      free = latest.get().next();
    }
    while (files().exists(folder(free))) {
      free = free.next();
    }
    FrontierFiles.write(folder(free), hadoop, report);
    ResultFile.replace(validation(free), hadoop, CorrectnessJson.of(snapshot));
    return new Run(free, report, snapshot);
  }

  /**
   * Forgets all but the last runs, and what is left of unfinished ones before them.
   *
   * @param runs how many stay, at least 1
   */
  public void keepLatest(int runs) throws IOException {
    List<RunTime> times = times();
    if (times.size() < runs) {
      return;
    }
    RunTime oldestKept = times.get(times.size() - runs);
    for (RunTime time : folders()) {
      if (time.compareTo(oldestKept) < 0) {
        files().delete(folder(time), true);
      }
    }
  }

  /** Of finished and unfinished runs, the oldest first. */
  private List<RunTime> folders() throws IOException {
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

  private Path folder(RunTime time) {
    return new Path(root, time.name());
  }

  private Path validation(RunTime time) {
    return new Path(folder(time), VALIDATION);
  }

  private FileSystem files() throws IOException {
    return root.getFileSystem(hadoop);
  }
}
