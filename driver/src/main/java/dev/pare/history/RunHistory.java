package dev.pare.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pare.candidate.Sha256;
import dev.pare.folder.SweepFolder;
import dev.pare.frontier.FrontierSnapshot;
import dev.pare.report.FrontierFiles;
import dev.pare.report.FrontierReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs of one sweep, a folder each within {@code history} of its results: the frontier's files
 * and {@code validation.json}, which validation examples each file gets right, and the SHA-256 of
 * {@code frontier.json}. That one is written last: a folder without it is of a run whose driver
 * died, and counts for nothing.
 */
public final class RunHistory {
  private static final Logger LOG = LoggerFactory.getLogger(RunHistory.class);
  private static final String VALIDATION = "validation.json";

  private final SweepFolder root;

  /**
   * @param folder of a sweep's results
   */
  public RunHistory(SweepFolder folder) {
    this.root = folder.folder(SweepFolder.HISTORY);
  }

  /** When runs ended, the oldest first; empty if there was none. */
  public List<RunTime> times() throws IOException {
    List<RunTime> times = new ArrayList<>();
    for (RunTime time : folders()) {
      if (folder(time).has(VALIDATION)) {
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
    FrontierReport report = FrontierFiles.read(folder(time));
    String digest = digest(time);
    return folder(time)
        .read(
            VALIDATION,
            "",
            json ->
                new Run(
                    time, report, CorrectnessJson.read(new String(json, UTF_8), report, digest)));
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
          root.root(),
          latest.get());
      free = latest.get().next();
    }
    while (root.has(free.name())) {
      free = free.next();
    }
    FrontierFiles.write(folder(free), report);
    folder(free).replace(VALIDATION, CorrectnessJson.of(snapshot, digest(free)));
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
        root.delete(time.name());
      }
    }
  }

  /** Of finished and unfinished runs, the oldest first. */
  private List<RunTime> folders() throws IOException {
    List<RunTime> times = new ArrayList<>();
    root.names().forEach(name -> RunTime.ofName(name).ifPresent(times::add));
    Collections.sort(times);
    return times;
  }

  /** SHA-256 of a run's {@code frontier.json}. */
  private String digest(RunTime time) throws IOException {
    return folder(time).read(SweepFolder.FRONTIER_JSON, "", Sha256::hex);
  }

  private SweepFolder folder(RunTime time) {
    return root.folder(time.name());
  }
}
