package dev.pare.cli;

import static java.util.Objects.requireNonNull;

import dev.pare.Progress;
import dev.pare.candidate.Candidate;
import dev.pare.candidate.Measurement;
import dev.pare.candidate.Outcome;
import dev.pare.plan.StageTree;
import dev.pare.report.ByteSize;
import dev.pare.report.Score;
import java.io.PrintWriter;
import java.util.Locale;

/** A line for everything that ends. */
final class TerminalProgress implements Progress {
  private final PrintWriter out;
  private int candidates;

  TerminalProgress(PrintWriter out) {
    this.out = requireNonNull(out, "out is null");
  }

  @Override
  public void teacher(String what) {
    line("teacher: %s", what);
  }

  @Override
  public void teacherReady(Score validation) {
    line("teacher: validation error %.2f%%", 100 * (1 - validation.accuracy()));
  }

  @Override
  public void planned(int planned, StageTree tree) {
    candidates = planned;
    line(
        "%d candidate%s of %d stages, %d of them shared",
        planned,
        planned == 1 ? "" : "s",
        tree.stagesOfCandidates(),
        tree.stagesOfCandidates() - tree.stages());
  }

  @Override
  public void finished(Candidate candidate, Outcome outcome, int done) {
    String place = String.format(Locale.ROOT, "[%d/%d] %s", done, candidates, candidate.label());
    if (outcome instanceof Outcome.Measured measured) {
      Measurement measurement = measured.measurement();
      line(
          "%s: %s (%.1f×), validation error %.2f%%",
          place,
          ByteSize.format(measurement.size().totalBytes()),
          measurement.ratio(),
          100 * (1 - measurement.validation().accuracy()));
    } else {
      Outcome.Failed failed = (Outcome.Failed) outcome;
      line("%s: failed (%s): %s", place, failed.code(), failed.message());
    }
  }

  private void line(String format, Object... arguments) {
    out.println(String.format(Locale.ROOT, format, arguments));
    out.flush();
  }
}
