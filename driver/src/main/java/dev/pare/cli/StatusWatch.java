package dev.pare.cli;

import static java.util.Objects.requireNonNull;

import dev.pare.report.PrintableText;
import dev.pare.status.SweepStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/** Shows where a sweep stands until it has ended, or gives no sign any more. */
final class StatusWatch {
  /** How soon to read again what could not be read. */
  private static final long RETRY_MILLIS = 2000;

  private final Source source;
  private final Clock clock;
  private final PrintWriter out;
  private final PrintWriter terminal;
  private final Style style;
  private int drawn;
  private List<Object> told = List.of();

  /** Where the status comes from. */
  @FunctionalInterface
  interface Source {
    SweepStatus read() throws IOException;
  }

  /** What time it is here, which may differ from what it is where the sweep runs. */
  interface Clock {
    Clock SYSTEM =
        new Clock() {
          @Override
          public long millis() {
            return System.currentTimeMillis();
          }

          @Override
          public void sleep(long millis) throws InterruptedException {
            Thread.sleep(millis);
          }
        };

    /** Since 1970. */
    long millis();

    void sleep(long millis) throws InterruptedException;
  }

  /** How what changes is shown. */
  enum Style {
    /** In place. */
    LIVE,
    /** A line each time that there is something new. */
    LINES
  }

  /**
   * @param out for lines, and for what is left at the end
   * @param terminal understands control sequences, if the style has any
   */
  StatusWatch(Source source, Clock clock, PrintWriter out, PrintWriter terminal, Style style) {
    this.source = requireNonNull(source, "source is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.out = requireNonNull(out, "out is null");
    this.terminal = requireNonNull(terminal, "terminal is null");
    this.style = style;
  }

  /**
   * Watches, and shows the whole status at the end.
   *
   * @param periodMillis how often it looks
   * @return the exit code that tells what has become of the sweep; that of a failed run if the
   *     driver gave no sign for {@value StatusCommand#SILENCE_SECONDS} seconds
   * @throws IOException if there is no status, or none can be read for as long
   */
  int watch(long periodMillis) throws IOException, InterruptedException {
    SweepStatus status = source.read();
    long signMillis = clock.millis();
    // Until the driver gives a sign, only its own clock says how long ago the last one was.
    long skewMillis = 0;
    // When reading began to fail; below 0 while it does not.
    long failingMillis = -1;
    show(status, signMillis);
    while (status.state() == SweepStatus.State.RUNNING
        && (failingMillis >= 0 || !isSilent(signMillis))) {
      clock.sleep(failingMillis < 0 ? periodMillis : Math.min(periodMillis, RETRY_MILLIS));
      try {
        SweepStatus now = source.read();
        failingMillis = -1;
        if (now.updatedMillis() != status.updatedMillis()) {
          signMillis = clock.millis();
          skewMillis = now.updatedMillis() - signMillis;
        }
        status = now;
      } catch (IOException e) {
        // A file that is replaced this moment, or storage that will be back.
        failingMillis = failingMillis < 0 ? clock.millis() : failingMillis;
        if (isSilent(failingMillis)) {
          throw e;
        }
      }
      show(status, clock.millis() + skewMillis);
    }
    clear();
    StatusCommand.print(status, clock.millis() + skewMillis, out);
    out.flush();
    return switch (status.state()) {
      case DONE -> ExitCodes.DONE;
      case RUNNING, FAILED -> ExitCodes.FAILED;
      case INTERRUPTED -> ExitCodes.INTERRUPTED;
    };
  }

  private boolean isSilent(long signMillis) {
    return clock.millis() - signMillis > 1000 * StatusCommand.SILENCE_SECONDS;
  }

  private void show(SweepStatus status, long nowMillis) {
    switch (style) {
      case LIVE -> {
        StringWriter text = new StringWriter();
        StatusCommand.print(status, nowMillis, new PrintWriter(text, true));
        clear();
        String printable = PrintableText.lines(text.toString());
        terminal.print(printable);
        terminal.flush();
        drawn = (int) printable.lines().count();
      }
      case LINES -> {
        List<Object> news =
            List.of(
                status.state(),
                status.doing(),
                status.candidates(),
                status.done(),
                status.failed(),
                status.frontier(),
                status.hypervolume());
        if (!news.equals(told)) {
          told = news;
          out.println(StatusCommand.line(status));
          out.flush();
        }
      }
    }
  }

  /** To where the last drawing began, and away with it. */
  private void clear() {
    if (drawn > 0) {
      terminal.print("\u001b[" + drawn + "A\r\u001b[J");
      terminal.flush();
      drawn = 0;
    }
  }
}
