package dev.pare.report.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pare.candidate.Confusion;
import dev.pare.candidate.Correctness;
import dev.pare.candidate.Estimate;
import dev.pare.candidate.Evaluation;
import dev.pare.candidate.FileSummary;
import dev.pare.candidate.Measurement;
import dev.pare.candidate.Metric;
import dev.pare.candidate.Operations;
import dev.pare.candidate.OriginBytes;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageKey;
import dev.pare.frontier.Tradeoff;
import dev.pare.ledger.LedgerEntry;
import dev.pare.report.FrontierReport;
import dev.pare.report.FrontierRow;
import dev.pare.report.SensitivityTable;
import dev.pare.result.Score;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pages of sweeps that are judged by something else than the error, in a real browser. */
@Timeout(120)
class MetricBrowserTest {
  private static final int RARE = 100;
  private static final int OTHERS = 900;

  @TempDir private static Path folder;

  private static Chromium browser;

  @BeforeAll
  static void start() throws Exception {
    Optional<Path> chromium = Chromium.installed();
    assumeTrue(chromium.isPresent(), "there is no Chromium on the path: apt-get install chromium");
    browser = new Chromium(chromium.get());
  }

  @AfterAll
  static void stop() throws IOException {
    if (browser != null) {
      browser.close();
    }
  }

  @AfterEach
  void nothingWentWrong() {
    assertThat(browser.complaints()).isEmpty();
  }

  private static void open(ReportData data) throws Exception {
    browser.colourScheme("light");
    browser.size(1280, 900, false);
    browser.open(Files.writeString(folder.resolve("report.html"), ReportPage.of(data)));
  }

  private static String text(String selector) {
    return browser
        .evaluate(
            "[...document.querySelectorAll('" + selector + "')].map(e => e.innerText).join(' | ')")
        .asText();
  }

  private static void compare(StageKey... keys) {
    browser.evaluate("byId('frontier-only').click()");
    for (StageKey key : keys) {
      browser.evaluate("document.querySelector('[data-focus=\"" + key.hex() + "\"]').click()");
    }
  }

  /** A classifier that finds so many of the rare class. */
  private static Evaluation finding(int found) {
    int[] labels = new int[RARE + OTHERS];
    int[] answers = new int[RARE + OTHERS];
    BitSet right = new BitSet();
    for (int i = 0; i < labels.length; i++) {
      labels[i] = i < RARE ? 1 : 0;
      answers[i] = i < found ? 1 : 0;
      right.set(i, labels[i] == answers[i]);
    }
    double recall = (double) found / RARE;
    return new Evaluation(
        new Estimate(
            Metric.of("recall-of-1").orElseThrow(),
            labels.length,
            recall,
            Math.max(0, recall - 0.1),
            Math.min(1, recall + 0.1)),
        Correctness.of(right, labels.length),
        Confusion.of(2, labels, answers));
  }

  private static Evaluation ofNumbers(double mse) {
    return new Evaluation(
        new Estimate(Metric.of("mse").orElseThrow(), 1000, mse, 0.9 * mse, 1.1 * mse), null, null);
  }

  /** The sample, judged otherwise. */
  private static ReportData judged(
      ReportData sample,
      Evaluation teacher,
      List<SensitivityTable.Row> sensitivity,
      Function<Measurement, Evaluation> of) {
    List<LedgerEntry> entries =
        sample.candidates().stream().map(entry -> judged(entry, of)).toList();
    List<FrontierRow> rows =
        sample.frontier().rows().stream()
            .map(
                row -> {
                  Evaluation evaluation =
                      entries.stream()
                          .filter(entry -> entry.outcome().key().equals(row.key()))
                          .map(
                              entry ->
                                  ((Outcome.Measured) entry.outcome()).measurement().evaluation())
                          .findFirst()
                          .orElseThrow();
                  return new FrontierRow(
                      row.point(),
                      row.key(),
                      row.file(),
                      new FileSummary(
                          row.summary().size(),
                          OriginBytes.UNKNOWN,
                          null,
                          row.summary().parameters(),
                          row.summary().nonzeroWeights(),
                          Operations.UNKNOWN),
                      Score.of(evaluation),
                      Score.of(evaluation),
                      null);
                })
            .toList();
    FrontierReport report =
        new FrontierReport(
            "judged",
            new FrontierReport.Teacher(
                266_610,
                Score.of(teacher),
                Score.of(teacher),
                0.5,
                teacher.confusion(),
                null,
                null,
                null),
            rows);
    return new ReportData(report, "/out", "", entries, null, sensitivity, null);
  }

  private static LedgerEntry judged(LedgerEntry entry, Function<Measurement, Evaluation> of) {
    if (!(entry.outcome() instanceof Outcome.Measured measured)) {
      return entry;
    }
    Measurement m = measured.measurement();
    Measurement judged =
        new Measurement(
            m.size(),
            m.byOrigin(),
            m.sha256(),
            m.parameters(),
            m.nonzeroWeights(),
            m.operations(),
            m.layers(),
            of.apply(m));
    return new LedgerEntry(
        entry.point(),
        entry.stages(),
        new Outcome.Measured(measured.key(), judged, measured.seconds(), measured.provenance()));
  }

  private static StageKey first(ReportData data, ToDoubleFunction<Tradeoff> rank) {
    return data.frontier().rows().stream()
        .min((a, b) -> Double.compare(rank.applyAsDouble(a), rank.applyAsDouble(b)))
        .orElseThrow()
        .key();
  }

  @Test
  void aFileThatNeverFindsTheRareClassIsSeenForWhatItIs() throws Exception {
    ReportData sample = SampleReport.first("sample");
    long smallest = sample.frontier().rows().get(0).bytes();
    ReportData data =
        judged(
            sample,
            finding(80),
            List.of(),
            m -> finding(m.size().totalBytes() <= smallest ? 0 : 60));
    open(data);

    StageKey never = first(data, Tradeoff::bytes);
    StageKey large = first(data, tradeoff -> -tradeoff.bytes());
    compare(never, large);

    assertThat(text("#compare .warning")).contains("finds no validation example of class 1");
    assertThat(text("#compare td.lost")).isEqualTo("0.00");
    assertThat(text("#compare caption"))
        .contains("Class by class", "changes are against the teacher", "What A answers");
    // Of class 1: its examples, what teacher and files find of them, and the changes.
    assertThat(text("#compare tbody tr"))
        .contains("1\t100\t80.00\t0.00\t−80.00\t–\t60.00\t−20.00\t100.00")
        .contains("0\t900\t100.00\t100.00\t0.00\t90.00\t100.00\t0.00\t95.74")
        .contains("1\t100\t0")
        .contains("1\t40\t60")
        .contains("validation recall-of-1 %\t0.00 ± 5.00\t60.00 ± 10.00");
    assertThat(text("#table thead")).contains("validation recall-of-1 %");
    assertThat(text("#facts")).contains("80.00%").doesNotContain("error");
    assertThat(browser.evaluate("byId('frontier').getAttribute('aria-label')").asText())
        .startsWith("Validation recall-of-1 against file size");
    browser.size(390, 844, true);
    assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt()).isEqualTo(390);
  }

  @Test
  void numbersHaveTheirOwnUnitAndNoClasses() throws Exception {
    List<SensitivityTable.Row> losses =
        SampleReport.data("sample").sensitivity().stream()
            .map(
                row ->
                    new SensitivityTable.Row(
                        row.saliency(),
                        row.granularity(),
                        row.layer(),
                        row.sparsity(),
                        row.loss(),
                        Double.NaN))
            .toList();
    ReportData data =
        judged(
            SampleReport.first("sample"),
            ofNumbers(12_345.678),
            losses,
            m -> ofNumbers(20_000 - m.size().totalBytes() / 100.0));
    open(data);
    compare(first(data, Tradeoff::bytes));

    assertThat(text("#table thead")).contains("validation mse").doesNotContain("%");
    assertThat(text("#facts")).contains("1.235e+4").doesNotContain("%");
    assertThat(text("#compare .warning")).isEmpty();
    assertThat(text("#sensitivity-table caption")).isEqualTo("Loss by sparsity of one layer");
    assertThat(text("#sensitivity-table td")).doesNotContain("NaN");
    assertThat(text("#budget-answer")).contains("mse").doesNotContain("NaN");
    assertThat(text("#budget-loss-text")).doesNotContain("points");
  }
}
