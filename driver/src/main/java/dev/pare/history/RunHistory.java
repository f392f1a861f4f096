package dev.pare.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pare.candidate.Sha256;
import dev.pare.folder.References;
import dev.pare.folder.SweepFolder;
import dev.pare.frontier.FrontierSnapshot;
import dev.pare.report.FrontierFiles;
import dev.pare.report.FrontierReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs of one sweep, a folder each within {@code history} of its results: the frontier's files
 * and {@code validation.json}, which validation examples each file gets right, and the SHA-256 of
 * {@code frontier.json}. That one is written last: a folder without it is of a run whose driver
 * died, and counts for nothing.
 *
 * <p>{@code references.txt} of the results has what is kept of each run by its SHA-256, if the
 * sweep has noted any: other runs are not the sweep's.
 */
public final class RunHistory {
  private static final Logger LOG = LoggerFactory.getLogger(RunHistory.class);
  private static final String VALIDATION = "validation.json";

  private final SweepFolder sweep;
  private final SweepFolder root;

  /**
   * @param folder of a sweep's results
   */
  public RunHistory(SweepFolder folder) {
    this.sweep = folder;
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
   * What is kept of the run that left the frontier among the results.
   *
   * @throws IOException naming the file that is missing or broken, or if the last run that is kept
   *     is another one
   */
  public Run current() throws IOException {
    Run run =
        read(latest().orElseThrow(() -> new IOException(sweep.root() + ": no run is kept here")));
    if (!run.report().equals(FrontierFiles.read(sweep))) {
      throw new IOException(
          "%s: the last run that is kept, of %s, is not the one that left %s: what was kept of that one is missing, or was never written; `pare sweep` with the same configuration keeps it anew"
              .formatted(root.root(), run.time(), SweepFolder.FRONTIER_JSON));
    }
    return run;
  }

  /**
   * What is kept of a run.
   *
   * @throws IOException naming the file that is missing or broken, or the run if it is not the
   *     sweep's
   */
  public Run read(RunTime time) throws IOException {
    check(time);
    FrontierReport report = FrontierFiles.readKept(folder(time));
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
    String validation = CorrectnessJson.of(snapshot, digest(free));
    note(free, Sha256.hex(validation.getBytes(UTF_8)));
    folder(free).replace(VALIDATION, validation);
    return new Run(free, report, snapshot);
  }

  /**
   * Before the run counts: what dies in between has noted a run that is not there, which does no
   * harm. Where none is noted yet those of earlier versions are there, and stay the sweep's.
   */
  private void note(RunTime time, String digest) throws IOException {
    Optional<References> references = References.of(sweep);
    if (references.isEmpty()) {
      return;
    }
    Map<String, String> known = references.get().runs();
    Map<String, String> runs = new LinkedHashMap<>();
    for (RunTime kept : times()) {
      String its = known.isEmpty() ? validation(kept) : known.get(kept.name());
      if (its != null) {
        runs.put(kept.name(), its);
      }
    }
    runs.put(time.name(), digest);
    sweep.writeReferences(references.get().withRuns(runs));
  }

  private void check(RunTime time) throws IOException {
    Map<String, String> runs = References.of(sweep).map(References::runs).orElse(Map.of());
    if (!runs.isEmpty() && !validation(time).equals(runs.get(time.name()))) {
      throw new IOException(
          "%s: is none of the sweep's runs in %s, or was changed"
              .formatted(folder(time).root(), SweepFolder.REFERENCES));
    }
  }

  /** SHA-256 of which validation examples a run's files get right, and so of its frontier. */
  private String validation(RunTime time) throws IOException {
    return folder(time).read(VALIDATION, "", Sha256::hex);
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
