package dev.pare.report.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pare.candidate.LayerSize;
import dev.pare.candidate.Measurement;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.Robustness;
import dev.pare.candidate.StageKey;
import dev.pare.frontier.FrontierChange;
import dev.pare.frontier.FrontierChange.Verdict;
import dev.pare.frontier.FrontierSnapshot;
import dev.pare.ledger.LedgerEntry;
import dev.pare.report.FrontierReport;
import dev.pare.report.FrontierRow;
import dev.pare.report.SensitivityTable;
import dev.pare.report.page.ReportData.AsOf;
import dev.pare.report.page.ReportData.State;
import dev.pare.result.Selection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What only some pages have, in a real browser: the run before, and the layers' sensitivity. */
@Timeout(120)
class OptionalPartsBrowserTest {
  @TempDir private static Path folder;

  private static Chromium browser;
  private static Path page;
  private static Path first;

  private final ReportData data = SampleReport.data("sample");

  @BeforeAll
  static void start() throws Exception {
    Optional<Path> chromium = Chromium.installed();
    assumeTrue(chromium.isPresent(), "there is no Chromium on the path: apt-get install chromium");
    page =
        Files.writeString(
            folder.resolve("report.html"), ReportPage.of(SampleReport.data("sample")));
    first =
        Files.writeString(
            folder.resolve("first.html"), ReportPage.of(SampleReport.first("sample")));
    browser = new Chromium(chromium.get());
  }

  @AfterAll
  static void stop() throws IOException {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void open() throws Exception {
    browser.colourScheme("light");
    browser.size(1280, 900, false);
    browser.open(page);
  }

  @AfterEach
  void nothingWasFetchedAndNothingWentWrong() {
    assertThat(browser.requests()).isEmpty();
    assertThat(browser.complaints()).isEmpty();
  }

  private static int count(String selector) {
    return browser.evaluate("document.querySelectorAll('" + selector + "').length").asInt();
  }

  private static boolean isShown(String selector) {
    return browser
        .evaluate("document.querySelector('" + selector + "').checkVisibility()")
        .asBoolean();
  }

  private static void focus(String selector) {
    browser.evaluate("document.querySelector('" + selector + "').focus()");
  }

  /** How many dots a line of a chart has. */
  private static int drawn(String chart, String series) {
    return browser
        .evaluate(
            "echarts.getInstanceByDom(document.getElementById('%s')).getOption()".formatted(chart)
                + ".series.find(s => s.id === '%s').data.length".formatted(series))
        .asInt();
  }

  /** Compares the two first candidates of the table. */
  private static void compareTwo() throws InterruptedException {
    browser.click("document.querySelectorAll('#table td button')[0]");
    browser.click("document.querySelectorAll('#table td button')[1]");
    browser.await("document.querySelectorAll('#compare thead .tag').length === 2");
  }

  @Test
  void theRunBeforeIsNamedAndWhatChangedIsCounted() {
    EarlierRun earlier = data.earlier();
    FrontierChange change = earlier.change();
    assertThat(change.budgets())
        .extracting(FrontierChange.AtBudget::verdict)
        .contains(Verdict.GAINED, Verdict.BETTER, Verdict.SAME, Verdict.WORSE);

    assertThat(browser.text("#earlier-title")).isEqualTo("Since the run of 2026-11-21 03:04 UTC");
    assertThat(browser.text("#earlier-note")).contains("same validation examples", "McNemar", "5%");
    assertThat(browser.text("#earlier-facts"))
        .contains(
            String.format(Locale.ROOT, "%.2f", earlier.hypervolume(earlier.after())),
            String.format(Locale.ROOT, "was %.2f, ", earlier.hypervolume(earlier.before())),
            change.count(Verdict.WORSE)
                + " with more, "
                + change.count(Verdict.SAME)
                + " the same within chance",
            "5\n2 gone, " + (earlier.after().points().size() - 5) + " kept");
  }

  @Test
  void changedSizesAreListedAndTheKeyboardOpensTheOthers() throws Exception {
    List<FrontierChange.AtBudget> budgets = data.earlier().change().budgets();
    long changed = budgets.stream().filter(b -> b.verdict() != Verdict.SAME).count();

    assertThat(count("#earlier-budgets > .scroll tbody tr")).isEqualTo((int) changed);
    assertThat(browser.text("#earlier-budgets > .scroll td.gained")).isEqualTo("gained");
    assertThat(isShown("#earlier-budgets details table")).isFalse();

    focus("#earlier-budgets summary");
    browser.press("Enter");
    browser.await("document.querySelector('#earlier-budgets details').open");

    assertThat(isShown("#earlier-budgets details table")).isTrue();
    assertThat(count("#earlier-budgets details tbody tr")).isEqualTo(budgets.size());
    assertThat(browser.text("#earlier-budgets details")).contains("better", "worse", "< 0.001");
  }

  @Test
  void theFrontierOfTheRunBeforeIsDrawnAndCanBeLeftOut() {
    assertThat(drawn("frontier", "earlier")).isEqualTo(data.earlier().before().points().size());

    browser.click("document.getElementById('show-earlier')");
    assertThat(drawn("frontier", "earlier")).isZero();

    focus("#show-earlier");
    browser.press(" ");
    assertThat(drawn("frontier", "earlier")).isPositive();
  }

  @Test
  void aResultFromElsewhereHasItsPlaceAndItsNameAsText() {
    assertThat(drawn("frontier", "published")).isEqualTo(1);
    assertThat(browser.text("#frontier")).contains("a <b>paper</b>");
    assertThat(isShown("#published")).isTrue();
  }

  @Test
  void aFirstRunOfATeacherThatNobodyScannedHasNeither() throws Exception {
    browser.open(first);

    assertThat(isShown("#earlier")).isFalse();
    assertThat(isShown("#layers")).isFalse();
    assertThat(isShown("#show-earlier")).isFalse();
    assertThat(browser.text("#latency")).contains("pare latency");
    assertThat(browser.text("#colour")).doesNotContain("latency");
    compareTwo();
    assertThat(browser.text("#compare")).contains("Bits a weight").doesNotContain("ensitivity");
  }

  @Test
  void anEqualRunIsSaidToBeOne() throws Exception {
    EarlierRun earlier = data.earlier();
    ReportData equal =
        new ReportData(
            data.frontier(),
            data.out(),
            data.configuration(),
            data.candidates(),
            new EarlierRun(earlier.ended(), earlier.after(), earlier.after(), earlier.measure()),
            List.of(),
            null);
    browser.open(Files.writeString(folder.resolve("equal.html"), ReportPage.of(equal)));

    int sizes = data.frontier().rows().size();
    assertThat(browser.text("#earlier-budgets"))
        .contains(
            "No size of "
                + FrontierChange.of(earlier.after(), earlier.after()).budgets().size()
                + " has changed beyond chance.");
    assertThat(browser.text("#earlier-facts")).contains("0.00%", "0 gone, " + sizes + " kept");
    assertThat(isShown("#show-earlier")).isFalse();
  }

  @Test
  void ofARunWithoutAnyFileAllIsLost() throws Exception {
    EarlierRun earlier = data.earlier();
    ReportData nothing =
        new ReportData(
            data.frontier().withRows(List.of()),
            data.out(),
            data.configuration(),
            data.failed(),
            new EarlierRun(
                earlier.ended(),
                earlier.after(),
                new FrontierSnapshot(earlier.after().examples(), List.of()),
                earlier.measure()),
            data.sensitivity(),
            data.latency());
    browser.open(Files.writeString(folder.resolve("nothing.html"), ReportPage.of(nothing)));

    assertThat(browser.text("#earlier-facts")).contains("0.00", "−100.00%");
    assertThat(count("#earlier-budgets > .scroll td.lost"))
        .isEqualTo(nothing.earlier().change().budgets().size());
    assertThat(isShown("#sensitivity-table")).isTrue();
    assertThat(isShown("#frontier")).isFalse();
    assertThat(isShown("#importance")).isFalse();
  }

  @Test
  void theGrowthOfTheFrontierIsDrawnByTimeAndByCandidates() throws Exception {
    List<FrontierGrowth.Step> growth = data.growth();
    FrontierGrowth.Step last = growth.get(growth.size() - 1);

    assertThat(browser.text("#growth-note"))
        .startsWith(
            String.format(Locale.ROOT, "Hypervolume %.3f after 120 candidates", last.hypervolume()))
        .contains("50% after ", ", 95% after ");
    assertThat(drawn("growth-chart", "growth")).isEqualTo(growth.size() + 1);
    assertThat(lastGrown()).isEqualTo(last.seconds() / 60, within(1e-6));

    browser.evaluate(
        "(() => { const s = document.getElementById('growth-by'); s.value = 'candidates';"
            + " s.dispatchEvent(new Event('input')); })()");
    assertThat(lastGrown()).isEqualTo(120);

    browser.hover("document.getElementById('growth-chart')");
    browser.await("document.querySelector('#growth-chart .tip')?.innerText");
    assertThat(browser.text("#growth-chart .tip")).contains("candidates", "slot time");
  }

  private static double lastGrown() {
    return browser
        .evaluate(
            "echarts.getInstanceByDom(document.getElementById('growth-chart')).getOption()"
                + ".series[0].data.at(-1)[0]")
        .asDouble();
  }

  @Test
  void meansOfRunsStandWhereThereAreSeveral() throws Exception {
    assertThat(browser.text("#table thead")).doesNotContain("mean of runs");
    List<LedgerEntry> repeated = new ArrayList<>(data.candidates());
    LedgerEntry any =
        repeated.stream()
            .filter(entry -> entry.outcome().key().equals(data.frontier().rows().get(0).key()))
            .findFirst()
            .orElseThrow();
    Outcome.Measured measured = (Outcome.Measured) any.outcome();
    Map<String, String> point = new TreeMap<>(any.point());
    point.put("repeat", "1");
    repeated.add(
        new LedgerEntry(
            point,
            any.stages(),
            new Outcome.Measured(
                new StageKey("e".repeat(64)),
                measured.measurement(),
                measured.seconds(),
                measured.provenance())));
    browser.open(
        Files.writeString(
            folder.resolve("runs.html"),
            ReportPage.of(
                new ReportData(
                    data.frontier(),
                    data.out(),
                    data.configuration(),
                    repeated,
                    null,
                    List.of(),
                    null))));

    assertThat(browser.text("#table thead")).contains("mean of runs");
    String error = String.format(Locale.ROOT, "%.2f", 100 * measured.measurement().score().value());
    assertThat(browser.text("#table tbody")).containsOnlyOnce(error + " ± 0.00 of 2");
    // The teacher's row has as many cells.
    assertThat(count("#table tbody tr:last-child td")).isEqualTo(count("#table thead th"));
  }

  @Test
  void whatAChoiceAndAttacksComeToStandsWhereItIsKnown() throws Exception {
    assertThat(browser.text("#table thead")).doesNotContain("after choice", "robust error");
    FrontierRow first = data.frontier().rows().get(0);
    List<FrontierRow> rows = new ArrayList<>(data.frontier().rows());
    rows.set(0, first.with(new Selection(12, 0.0337)));
    List<LedgerEntry> attacked = new ArrayList<>();
    for (LedgerEntry entry : data.candidates()) {
      boolean same = entry.outcome().key().equals(first.key());
      attacked.add(same ? attacked((Outcome.Measured) entry.outcome(), entry) : entry);
    }
    browser.open(
        Files.writeString(
            folder.resolve("attacked.html"),
            ReportPage.of(
                new ReportData(
                    data.frontier().withRows(rows),
                    data.out(),
                    data.configuration(),
                    attacked,
                    null,
                    List.of(),
                    null))));

    assertThat(browser.text("#table thead")).contains("after choice %", "robust error %");
    assertThat(browser.text("#table tbody")).containsOnlyOnce("3.37").containsOnlyOnce("18.40");
    // The teacher's row has as many cells.
    assertThat(count("#table tbody tr:last-child td")).isEqualTo(count("#table thead th"));
  }

  private static LedgerEntry attacked(Outcome.Measured measured, LedgerEntry entry) {
    return new LedgerEntry(
        entry.point(),
        entry.stages(),
        new Outcome.Measured(
            measured.key(),
            measured.measurement().with(new Robustness(0.1, 500, 408)),
            measured.seconds(),
            measured.provenance()));
  }

  @Test
  void whileASweepRunsNothingIsTestedAndNoFileIsThere() throws Exception {
    FrontierReport.Teacher teacher = data.frontier().teacher();
    FrontierReport frontier =
        new FrontierReport(
            "sample",
            new FrontierReport.Teacher(
                teacher.parameters(), teacher.validation(), null, 0.9, null, null, null, null),
            data.frontier().rows().stream()
                .map(
                    row ->
                        new FrontierRow(
                            row.point(),
                            row.key(),
                            row.file(),
                            row.summary(),
                            row.validation(),
                            null,
                            null))
                .toList());
    ReportData running =
        new ReportData(
            frontier,
            data.out(),
            data.configuration(),
            data.candidates(),
            null,
            List.of(),
            null,
            new AsOf(Instant.parse("2026-11-21T03:04:05.678Z"), State.RUNS));
    browser.open(Files.writeString(folder.resolve("running.html"), ReportPage.of(running)));

    assertThat(browser.text("#summary"))
        .startsWith("While the sweep runs, at 2026-11-21 03:04 UTC: 120 candidates, ");
    assertThat(browser.text("#budget-answer"))
        .contains("when the sweep has ended")
        .doesNotContain("on test data");
    assertThat(count("#budget-answer code")).isZero();
    assertThat(browser.text("#table caption")).contains("test data are read at the end");
    compareTwo();

    ReportData stopped =
        new ReportData(
            frontier,
            data.out(),
            data.configuration(),
            data.candidates(),
            null,
            List.of(),
            null,
            new AsOf(Instant.parse("2026-11-21T03:04:05.678Z"), State.STOPPED));
    browser.open(Files.writeString(folder.resolve("stopped.html"), ReportPage.of(stopped)));
    assertThat(browser.text("#summary"))
        .startsWith("The run stopped before its end, at 2026-11-21 03:04 UTC: 120 candidates, ");
    assertThat(browser.text("#budget-answer")).contains("when the sweep has been run to its end");
  }

  @Test
  void everySettingHasALineWithItsShares() throws Exception {
    assertThat(count("#importance tbody tr")).isGreaterThanOrEqualTo(4 + 1);
    assertThat(browser.text("#importance tbody tr")).startsWith("sparsity").contains("%");
    assertThat(browser.text("#importance .note")).contains("from 118 measured candidates");

    ReportData alone = data.with(data.frontier(), data.candidates().subList(0, 1));
    browser.open(Files.writeString(folder.resolve("alone.html"), ReportPage.of(alone)));
    assertThat(browser.text("#importance"))
        .isEqualTo(
            "Not available: fewer than two settings vary over values that two measured candidates have.");
  }

  @Test
  void everyScanHasItsCurvesAndNumbers() throws Exception {
    assertThat(count("#sensitivity-legend li")).isEqualTo(2);
    assertThat(browser.text("#sensitivity-table"))
        .contains("0_W", "1_W", "98%", error("magnitude", "1_W", 0.98));
    browser.await("document.querySelectorAll('#sensitivity svg path').length > 2");

    browser.evaluate(
        "(() => { const s = document.getElementById('scan'); s.value = 1;"
            + " s.dispatchEvent(new Event('input')); })()");
    assertThat(browser.text("#sensitivity-table")).contains(error("activation", "1_W", 0.25));
    assertThat(
            browser
                .evaluate("document.getElementById('sensitivity').getAttribute('aria-label')")
                .asText())
        .contains("activation, unit");
  }

  private String error(String saliency, String layer, double sparsity) {
    return data.sensitivity().stream()
        .filter(row -> row.saliency().equals(saliency) && row.layer().equals(layer))
        .filter(row -> row.sparsity() == sparsity)
        .map(row -> String.format(Locale.ROOT, "%.2f", 100 * (1 - row.accuracy())))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void hoveringACurveTellsTheErrorOfEachLayer() throws Exception {
    browser.hover("document.getElementById('sensitivity')");
    browser.await("document.querySelector('#sensitivity .tip')?.innerText");

    assertThat(browser.text("#sensitivity .tip")).contains("of one layer gone", "0_W", "% error");
  }

  @Test
  void theComparisonHasWhatEachLayersSparsityAloneWouldCost() throws Exception {
    compareTwo();

    assertThat(browser.text("#compare")).contains("Sensitivity", "nothing trained");
    double shown =
        Double.parseDouble(
            browser.text("#compare .scroll:nth-child(2) tbody tr td:last-child").replace("+", ""));
    assertThat(shown).isCloseTo(rise(smallest(), "0_W"), within(0.006));
    // Biases are not pruned.
    assertThat(browser.text("#compare .scroll:nth-child(2) tbody tr:nth-child(3) td:last-child"))
        .isEmpty();
  }

  private Measurement smallest() {
    return data.candidates().stream()
        .map(LedgerEntry::outcome)
        .filter(Outcome.Measured.class::isInstance)
        .map(outcome -> ((Outcome.Measured) outcome).measurement())
        .filter(m -> m.size().totalBytes() == data.frontier().rows().get(0).bytes())
        .findFirst()
        .orElseThrow();
  }

  private double rise(Measurement measurement, String tensor) {
    LayerSize layer =
        measurement.layers().stream()
            .filter(l -> l.tensor().equals(tensor))
            .findFirst()
            .orElseThrow();
    double sparsity = 1 - (double) layer.nonzeros() / layer.weights();
    List<SensitivityTable.Row> curve =
        data.sensitivity().stream()
            .filter(row -> row.saliency().equals("magnitude") && row.layer().equals(tensor))
            .toList();
    int next = 1;
    while (curve.get(next).sparsity() < sparsity) {
      next++;
    }
    SensitivityTable.Row low = curve.get(next - 1);
    SensitivityTable.Row high = curve.get(next);
    double share = (sparsity - low.sparsity()) / (high.sparsity() - low.sparsity());
    double accuracy = low.accuracy() + share * (high.accuracy() - low.accuracy());
    return 100 * (curve.get(0).accuracy() - accuracy);
  }

  @Test
  void inTheDarkTheCurvesAreDrawnAnew() throws Exception {
    String light = browser.evaluate("colour('quiet')").asText();
    browser.colourScheme("dark");
    browser.await("matchMedia('(prefers-color-scheme: dark)').matches");

    String dark = browser.evaluate("colour('quiet')").asText();
    assertThat(dark).isNotEqualTo(light);
    browser.await(
        "document.querySelector('#sensitivity svg text[fill=\"" + dark + "\"]') !== null");
    browser.await("document.querySelector('#frontier svg text[fill=\"" + dark + "\"]') !== null");
  }

  @Test
  void onAPhoneTheyNeedNoSidewaysScrolling() throws Exception {
    browser.size(390, 844, true);
    browser.open(page);
    compareTwo();
    browser.evaluate("document.querySelector('#earlier-budgets details').open = true");

    assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt()).isEqualTo(390);
    assertThat(
            browser
                .evaluate(
                    "document.querySelector('#sensitivity svg').getBoundingClientRect().width")
                .asInt())
        .isLessThanOrEqualTo(390);
  }
}
