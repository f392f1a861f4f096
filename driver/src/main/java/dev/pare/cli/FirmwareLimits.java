package dev.pare.cli;

import dev.pare.export.ExportException;
import dev.pare.folder.SweepFolder;
import dev.pare.report.Firmware;
import dev.pare.report.FrontierRow;
import dev.pare.report.PrintableText;
import dev.pare.report.TextTable;
import dev.pare.report.TextTable.Column;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Option;

/** What files may take of a microcontroller. */
final class FirmwareLimits {
  @Option(
      names = "--max-flash",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description =
          "Only files that 'pare export --c' makes C of, in one of its forms, that takes at most"
              + " so many bytes of flash: its constants, and about its code on a Cortex-M3 by gcc"
              + " -Os, without start-up code and what calls it.")
  private long maxFlash = Long.MAX_VALUE;

  @Option(
      names = "--max-ram",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description =
          "Only files of whose C the same form takes at most so many bytes of RAM: its variables, the"
              + " features and the outputs, without the stack.")
  private long maxRam = Long.MAX_VALUE;

  /** Whether anything is limited. */
  boolean areSet() {
    return maxFlash < Long.MAX_VALUE || maxRam < Long.MAX_VALUE;
  }

  /** A file, and the forms of it that are within the limits. */
  private record Fit(FrontierRow row, List<Firmware> forms) {}

  /** Of some rows those that are within the limits. */
  final class Fitting {
    private final List<Fit> fits = new ArrayList<>();

    List<FrontierRow> rows() {
      return fits.stream().map(Fit::row).toList();
    }

    /** Says which form of each file takes what, if that was asked for. */
    void print(PrintWriter terminal, boolean markdown) {
      if (!areSet() || fits.isEmpty()) {
        return;
      }
      TextTable table =
          new TextTable(
              List.of(
                  Column.right("flash"),
                  Column.right("RAM"),
                  Column.left("form"),
                  Column.left("file")));
      for (Fit fit : fits) {
        for (Firmware each : fit.forms()) {
          table.add(
              List.of(
                  Long.toString(each.flash()),
                  Long.toString(each.ram()),
                  each.form().toString(),
                  fit.row().file()));
        }
      }
      terminal.println();
      if (markdown) {
        table.printMarkdown(terminal);
      } else {
        table.print(terminal);
      }
    }
  }

  /**
   * The rows whose files are within the limits in one form at least.
   *
   * @param errors where files that cannot be C are named
   */
  Fitting of(SweepFolder folder, List<FrontierRow> rows, Configuration hadoop, PrintWriter errors)
      throws IOException {
    Fitting fitting = new Fitting();
    for (FrontierRow row : rows) {
      if (!areSet()) {
        fitting.fits.add(new Fit(row, List.of()));
        continue;
      }
      List<Firmware> forms;
      try {
        forms = Firmware.of(folder, row, hadoop);
      } catch (ExportException e) {
        // A file's columns may be called anything.
        errors.println(
            "pare: " + row.file() + ": " + PrintableText.of(String.valueOf(e.getMessage())));
        continue;
      }
      List<Firmware> within =
          forms.stream().filter(each -> each.flash() <= maxFlash && each.ram() <= maxRam).toList();
      if (!within.isEmpty()) {
        fitting.fits.add(new Fit(row, within));
      }
    }
    return fitting;
  }
}
