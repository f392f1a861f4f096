package dev.pare.report.page;

import dev.pare.candidate.Measurement;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageKey;
import dev.pare.ledger.LedgerEntry;
import dev.pare.report.FrontierRow;
import dev.pare.report.ResultFile;
import dev.pare.report.plot.FrontierFigure;
import dev.pare.result.Score;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code report.html}, {@code frontier.svg} and {@code frontier.png}. */
public final class ReportFiles {
  private static final Logger LOG = LoggerFactory.getLogger(ReportFiles.class);

  private ReportFiles() {}

  /**
   * Writes all three in place of earlier ones; without the PNG, and a warning, where Java has no
   * fonts.
   *
   * @param folder the results
   */
  public static void writeAll(Path folder, Configuration hadoop, ReportData data)
      throws IOException {
    write(new Path(folder, "report.html"), hadoop, data);
    write(new Path(folder, "frontier.svg"), hadoop, data);
    Path image = new Path(folder, "frontier.png");
    byte[] png;
    try {
      png = FrontierFigure.png(data.frontier(), others(data));
    } catch (IOException e) {
      LOG.warn("{} is not written: {}", image, e.getMessage());
      return;
    }
    ResultFile.replace(image, hadoop, png);
  }

  /**
   * Writes one file, the page unless the name ends as a picture's does.
   *
   * @throws IOException if it cannot be written, or is a PNG and Java has no fonts
   */
  public static void write(Path file, Configuration hadoop, ReportData data) throws IOException {
    String name = file.getName().toLowerCase(Locale.ROOT);
    if (name.endsWith(".svg")) {
      ResultFile.replace(file, hadoop, FrontierFigure.svg(data.frontier(), others(data)));
    } else if (name.endsWith(".png")) {
      ResultFile.replace(file, hadoop, FrontierFigure.png(data.frontier(), others(data)));
    } else {
      ResultFile.replace(file, hadoop, ReportPage.of(data));
    }
  }

  private static List<FrontierFigure.Other> others(ReportData data) {
    Set<StageKey> frontier =
        data.frontier().rows().stream().map(FrontierRow::key).collect(Collectors.toSet());
    List<FrontierFigure.Other> others = new ArrayList<>();
    for (LedgerEntry entry : data.drawn()) {
      if (entry.outcome() instanceof Outcome.Measured measured
          && !frontier.contains(measured.key())) {
        Measurement measurement = measured.measurement();
        others.add(
            new FrontierFigure.Other(
                measurement.size().totalBytes(), Score.of(measurement.evaluation())));
      }
    }
    return others;
  }
}
