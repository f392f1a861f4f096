package dev.pare.cli;

import dev.pare.report.PrintableText;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** Parses, runs, maps to an exit code. */
public final class Main {
  private static final int HELP_WIDTH = 100;

  private Main() {}

  /** Returns on success, since a driver that exits by itself is a failed one to a cluster. */
  public static void main(String[] args) {
    int code =
        run(
            new PrintWriter(System.out, true, StandardCharsets.UTF_8),
            new PrintWriter(System.err, true, StandardCharsets.UTF_8),
            args);
    if (code != ExitCodes.DONE) {
      System.exit(code);
    }
  }

  /** All commands; their help is wide enough for an example a line. */
  static CommandLine commands() {
    return new CommandLine(new Pare())
        .registerConverter(String.class, Main::text)
        .setUsageHelpWidth(HELP_WIDTH)
        .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
  }

  /** No path, key or name is empty: a variable of a script is, that is not set. */
  private static String text(String argument) {
    if (argument.isEmpty()) {
      throw new TypeConversionException("\"\": must not be empty");
    }
    return argument;
  }

  /** Runs a command and returns its exit code. */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    CommandLine commands = commands().setOut(PrintableText.writer(out)).setErr(err);
    ErrorReport report = new ErrorReport();
    commands.setExecutionExceptionHandler(report);
    try {
      return commands.execute(args);
    } catch (Error e) { // No memory, no stack, or Hadoop's for a disk that fails.
      return report.report(e, commands);
    } finally {
      out.flush();
      err.flush();
    }
  }
}
