package dev.pare.report.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pare.candidate.Measurement;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageKey;
import dev.pare.folder.CardFile;
import dev.pare.folder.SweepFolder;
import dev.pare.ledger.LedgerEntry;
import dev.pare.pipeline.WholeFiles;
import dev.pare.report.FrontierRow;
import dev.pare.report.plot.FrontierFigure;
import dev.pare.result.Score;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code report.html}, {@code frontier.svg} and {@code frontier.png}. */
public final class ReportFiles {
  private static final Logger LOG = LoggerFactory.getLogger(ReportFiles.class);

  private ReportFiles() {}

  /**
   * Writes all three into a sweep's results, in place of earlier ones; without the PNG, and a
   * warning, where Java has no fonts.
   *
   * @param folder of the results
   */
  public static void writeAll(SweepFolder folder, ReportData data) throws IOException {
    folder.replace(SweepFolder.PAGE, ReportPage.of(data, cards(folder, data)));
    folder.replace(
        SweepFolder.FIGURE, FrontierFigure.svg(data.frontier(), others(data), data.published()));
    byte[] png;
    try {
      png = FrontierFigure.png(data.frontier(), others(data), data.published());
    } catch (IOException e) {
      LOG.warn("{} is not written: {}", folder.path(SweepFolder.IMAGE), e.getMessage());
      return;
    }
    folder.replace(SweepFolder.IMAGE, out -> out.write(png));
  }

  /**
   * Writes one file, the page unless the name ends as a picture's does.
   *
   * @throws IOException if it cannot be written, or is a PNG and Java has no fonts
   */
  public static void write(Path file, Configuration hadoop, ReportData data) throws IOException {
    String name = file.getName().toLowerCase(Locale.ROOT);
    if (name.endsWith(".svg")) {
      replace(
          file,
          hadoop,
          FrontierFigure.svg(data.frontier(), others(data), data.published()).getBytes(UTF_8));
    } else if (name.endsWith(".png")) {
      replace(file, hadoop, FrontierFigure.png(data.frontier(), others(data), data.published()));
    } else {
      replace(file, hadoop, ReportPage.of(data).getBytes(UTF_8));
    }
  }

  /** The cards beside the frontier's files that are of these and of the same test data, by them. */
  private static Map<String, String> cards(SweepFolder folder, ReportData data) throws IOException {
    Map<String, String> cards = new HashMap<>();
    @Nullable String test = data.frontier().teacher().testSha256();
    for (FrontierRow row : data.frontier().rows()) {
      String card = SweepFolder.card(row.file());
      Optional<CardFile> found =
          folder
              .findCard(row.file())
              .filter(its -> its.sha256().equals(row.summary().sha256()))
              .filter(its -> test == null || its.testSha256().equals(test));
      Optional<byte[]> markdown = found.isEmpty() ? Optional.empty() : folder.find(card);
      if (markdown.isPresent() && found.get().isMarkdown(markdown.get())) {
        cards.put(row.file(), card);
      } else if (markdown.isPresent()) {
        LOG.warn(
            "{}: is not the card that {} is of: another one's, or changed, or of an earlier version; the page does not link it, `pare examine` of the results writes it anew",
            folder.path(card),
            SweepFolder.cardData(row.file()));
      }
    }
    return cards;
  }

  private static void replace(Path file, Configuration hadoop, byte[] content) throws IOException {
    new WholeFiles(file, hadoop).replace(file, out -> out.write(content));
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
