package dev.pare.status;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Correctness;
import dev.pare.candidate.Estimate;
import dev.pare.candidate.Measurement;
import dev.pare.candidate.Metric;
import dev.pare.candidate.Outcome;
import dev.pare.pipeline.StageReport;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * What happens in a sweep as lines of {@code key=value} for machines, at level INFO of the logger
 * {@value #LOGGER}. The ids of sweep, candidate and stage are in the logging context (MDC), too.
 */
public final class EventLog {
  /** Name of the logger. */
  public static final String LOGGER = "dev.pare.events";

  private static final Logger LOG = LoggerFactory.getLogger(LOGGER);

  private final String sweep;

  public EventLog(String sweep) {
    this.sweep = requireNonNull(sweep, "sweep is null");
  }

  /** A sweep has planned, ended or the like; what is told of it follows from its status. */
  public void sweep(String event, SweepStatus status) {
    if (LOG.isInfoEnabled()) {
      log(
          Map.of(),
          line("event", "sweep-" + event)
              .add("candidates=" + status.candidates())
              .add("done=" + status.done())
              .add("failed=" + status.failed())
              .add("stages=" + status.stages())
              .add("frontier=" + status.frontier())
              .add(decimal("hypervolume", status.hypervolume())));
    }
  }

  /**
   * A task has ended.
   *
   * @param how "ran", or "found" if an earlier run had its product
   */
  public void stage(StageReport report, String how) {
    if (LOG.isInfoEnabled()) {
      StringJoiner line = line("event", "stage-" + how).add("stage=" + report.key().hex());
      report
          .seconds()
          .forEach(
              (kind, seconds) -> line.add(decimal(SweepCounters.name(kind) + "-seconds", seconds)));
      line.add("executor=" + quoted(report.provenance().executor()));
      if (report.failure() != null) {
        line.add("failure=" + report.failure().code());
        line.add("message=" + quoted(report.failure().message()));
      }
      log(Map.of("stage", report.key().hex()), line);
    }
  }

  /** A candidate has ended. */
  public void candidate(Candidate candidate, Outcome outcome) {
    if (LOG.isInfoEnabled()) {
      StringJoiner line =
          line("event", "candidate")
              .add("candidate=" + quoted(candidate.label()))
              .add("stage=" + outcome.key().hex());
      if (outcome instanceof Outcome.Measured measured) {
        Measurement measurement = measured.measurement();
        line.add("bytes=" + measurement.size().totalBytes());
        line.add("sha256=" + measurement.sha256());
        Correctness validation = measurement.validation();
        if (validation != null) {
          line.add(decimal("validation-accuracy", validation.accuracy()));
        }
        Estimate score = measurement.score();
        if (!score.metric().equals(Metric.ERROR)) {
          // Names of classes may have characters that keys have not.
          String metric = score.metric().toString().replaceAll("[\\s=\"]", "-");
          line.add(decimal("validation-" + metric, score.value()));
        }
      } else {
        line.add("failure=" + ((Outcome.Failed) outcome).failure().code());
      }
      log(Map.of("candidate", candidate.label(), "stage", outcome.key().hex()), line);
    }
  }

  private StringJoiner line(String key, String value) {
    return new StringJoiner(" ").add(key + "=" + value).add("sweep=" + quoted(sweep));
  }

  private void log(Map<String, String> ids, StringJoiner line) {
    MDC.put("sweep", sweep);
    ids.forEach(MDC::put);
    try {
      LOG.info("{}", line);
    } finally {
      ids.keySet().forEach(MDC::remove);
      MDC.remove("sweep");
    }
  }

  private static String decimal(String key, double value) {
    return String.format(Locale.ROOT, "%s=%.6f", key, value);
  }

  /** As it is, or between quotes where a reader could not see its end otherwise. */
  private static String quoted(String text) {
    boolean plain = !text.isEmpty() && text.chars().noneMatch(c -> c <= ' ' || c == '"');
    return plain
        ? text
        : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\R", "\\\\n") + '"';
  }
}
