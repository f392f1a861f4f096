package dev.pare.cli;

import dev.pare.candidate.Credentials;
import dev.pare.data.DataException;
import dev.pare.export.ExportException;
import dev.pare.folder.SweepFolder;
import dev.pare.predict.UnsupportedLayerException;
import dev.pare.report.FrontierReport;
import dev.pare.report.MissingFiles;
import dev.pare.report.PrintableText;
import dev.pare.schedule.SparkMisfitException;
import dev.pare.spec.InvalidSpecException;
import dev.pare.train.DeviceFailureException;
import dev.pare.train.TrainingDivergedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FSError;
import org.apache.spark.SparkException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Tells people what went wrong, in one line or one a problem. */
final class ErrorReport implements IExecutionExceptionHandler {
  @Override
  public int handleExecutionException(Exception error, CommandLine command, ParseResult parsed) {
    return report(error, command);
  }

  /** Prints what was thrown, and returns the exit code. */
  int report(Throwable error, CommandLine command) {
    PrintWriter err = command.getErr();
    Pare pare = (Pare) command.getCommandSpec().root().userObject();
    if (pare.stacktrace()) {
      StringWriter stack = new StringWriter();
      error.printStackTrace(new PrintWriter(stack));
      err.print(PrintableText.lines(Credentials.inMessage(stack.toString())));
    }
    if (error instanceof InvalidSpecException invalid) {
      int problems = invalid.problems().size();
      err.println("pare: " + (problems == 1 ? "a problem" : problems + " problems") + ":");
      invalid
          .problems()
          .forEach(problem -> err.println("  " + PrintableText.of(problem.toString())));
      return ExitCodes.USAGE;
    }
    Throwable cause = unwrapped(error);
    err.println("pare: " + PrintableText.of(Credentials.inMessage(line(error, cause))));
    return cause instanceof DataException ? ExitCodes.USAGE : ExitCodes.FAILED;
  }

  /** Warns of files of a frontier that are missing; what the frontier has of them stays true. */
  static void missing(SweepFolder folder, FrontierReport report, CommandLine command)
      throws IOException {
    MissingFiles.of(folder, report)
        .ifPresent(
            line ->
                command.getErr().println("pare: " + PrintableText.of(Credentials.inMessage(line))));
  }

  /** Whether memory ran out, however what was thrown then is wrapped. */
  static boolean isOutOfMemory(Throwable error) {
    return outOfMemory(error).isPresent();
  }

  private static Optional<Throwable> outOfMemory(Throwable error) {
    return Stream.iterate(error, Objects::nonNull, Throwable::getCause)
        .filter(OutOfMemoryError.class::isInstance)
        .findFirst();
  }

  /** What an executor threw comes wrapped, and a failure of the storage by Pare. */
  private static Throwable unwrapped(Throwable error) {
    Throwable told = error;
    while (told.getCause() != null
        && (told instanceof SparkException
            || told instanceof UncheckedIOException
            || told instanceof FSError)) {
      told = told.getCause();
    }
    return told;
  }

  /** What a person can act on needs no name of a class; the rest is useless without. */
  private static String line(Throwable error, Throwable told) {
    Optional<Throwable> memory = outOfMemory(error);
    if (memory.isPresent()) {
      return "out of memory ("
          + memory.get().getMessage()
          + "); PARE_MEMORY sets the heap, fewer slots (--master local[1]) take less of it";
    }
    if (told instanceof StackOverflowError) {
      return "something is nested too deeply to be read (-X shows where)";
    }
    if (told.getCause() instanceof URISyntaxException wrong) {
      // Hadoop's paths are URIs.
      return firstLine(wrong.getInput() + ": is no path: " + wrong.getReason());
    }
    String message = told.getMessage();
    boolean expected =
        told instanceof IOException
            || told instanceof DataException
            || told instanceof DeviceFailureException
            || told instanceof ExportException
            || told instanceof SparkMisfitException
            || told instanceof TrainingDivergedException
            || told instanceof UnsupportedLayerException;
    return message == null || !expected
        ? firstLine(told.toString()) + " (-X shows where)"
        : firstLine(message);
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse(text);
  }
}
