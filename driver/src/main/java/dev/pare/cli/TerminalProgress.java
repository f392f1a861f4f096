package dev.pare.cli;

import static java.util.Objects.requireNonNull;

import dev.pare.Progress;
import dev.pare.candidate.Candidate;
import dev.pare.candidate.Credentials;
import dev.pare.candidate.Measurement;
import dev.pare.candidate.Outcome;
import dev.pare.data.DataSummary;
import dev.pare.plan.StageTree;
import dev.pare.report.ByteSize;
import dev.pare.report.PrintableText;
import dev.pare.result.Score;
import dev.pare.status.SweepStatus;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * A line for everything that ends, and how things stand: on a terminal below them all the time,
 * elsewhere in a line of its own now and then.
 */
final class TerminalProgress implements Progress {
  private static final long QUIET_NANOS = 60_000_000_000L;

  /** To the line's beginning, and away with what is on it. */
  private static final String CLEAR = "\r\u001b[K";

  private enum Style {
    LIVE,
    LINES
  }

  private final PrintWriter out;
  private final Style style;
  private int candidates;
  private int most;

  /** Candidates that there were when their number was last said. */
  private int announced;

  private int done;
  private String live = "";
  private long toldNanos = System.nanoTime();

  private TerminalProgress(PrintWriter out, Style style) {
    this.out = requireNonNull(out, "out is null");
    this.style = style;
  }

  /** For something that understands control sequences. */
  static TerminalProgress live(PrintWriter out) {
    return new TerminalProgress(out, Style.LIVE);
  }

  /** For a file or a pipe. */
  static TerminalProgress lines(PrintWriter out) {
    return new TerminalProgress(out, Style.LINES);
  }

  /** For the terminal of this process, if it has one. */
  static TerminalProgress here(PrintWriter out) {
    return isTerminal() ? live(out) : lines(out);
  }

  /** Whether this process has a terminal that understands control sequences. */
  static boolean isTerminal() {
    String terminal = System.getenv("TERM");
    return System.console() != null && terminal != null && !terminal.equals("dumb");
  }

  @Override
  public void loaded(DataSummary data) {
    line("data: %s", data);
  }

  @Override
  public void teacher(String what) {
    line("teacher: %s", what);
  }

  @Override
  public void teacherReady(Score validation) {
    line("teacher: validation %s", validation.named());
  }

  @Override
  public void teacherDoubted(String why) {
    line("teacher: %s", why);
  }

  @Override
  public synchronized void planned(StageTree tree, int atMost) {
    candidates = tree.keys().size();
    most = atMost;
    // A search may ask for one at a time.
    if (candidates < 2 * announced && most > candidates) {
      return;
    }
    announced = candidates;
    line(
        "%d candidate%s%s of %d stages, %d of them shared",
        candidates,
        candidates == 1 ? "" : "s",
        most == candidates ? "" : " so far, of at most " + most + ",",
        tree.stagesOfCandidates(),
        tree.stagesOfCandidates() - tree.stages());
  }

  @Override
  public synchronized void finished(Candidate candidate, Outcome outcome, int ended) {
    done = ended;
    String place = String.format(Locale.ROOT, "[%d/%d] %s", done, candidates, candidate.label());
    if (outcome instanceof Outcome.Measured measured) {
      Measurement measurement = measured.measurement();
      line(
          "%s: %s (%.1f×), validation %s",
          place,
          ByteSize.format(measurement.size().totalBytes()),
          measurement.file().ratio(),
          Score.of(measurement.evaluation()).named());
    } else {
      Outcome.Failed failed = (Outcome.Failed) outcome;
      line("%s: failed (%s): %s", place, failed.failure().code(), failed.failure().message());
    }
  }

  /** The sweep was stopped from outside. */
  synchronized void interrupted() {
    live = "";
    line(
        "pare: interrupted with %d of %s%d candidates done; nothing is lost, the same command goes"
            + " on from here",
        done, most == candidates ? "" : "at most ", most);
  }

  @Override
  public synchronized void status(SweepStatus status) {
    boolean running =
        status.state() == SweepStatus.State.RUNNING
            && (status.atMost() != null || status.done() < status.candidates());
    switch (style) {
      case LIVE -> {
        live = running ? PrintableText.of(StatusText.line(status)) : "";
        out.print(CLEAR + live);
        out.flush();
      }
      case LINES -> {
        if (running && System.nanoTime() - toldNanos >= QUIET_NANOS) {
          line("%s", StatusText.line(status));
          toldNanos = System.nanoTime();
        }
      }
    }
  }

  private synchronized void line(String format, Object... arguments) {
    String line =
        PrintableText.of(Credentials.inMessage(String.format(Locale.ROOT, format, arguments)));
    if (style == Style.LIVE) {
      out.print(CLEAR);
      out.println(line);
      out.print(live);
    } else {
      out.println(line);
    }
    out.flush();
  }
}
