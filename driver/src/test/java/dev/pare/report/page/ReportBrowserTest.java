package dev.pare.report.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pare.candidate.Outcome;
import dev.pare.report.ByteSize;
import dev.pare.report.FrontierRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page in a real browser, as a person uses it. */
@Timeout(120)
class ReportBrowserTest {
  @TempDir private static Path folder;

  private static Chromium browser;
  private static Path page;

  private double loadMillis;

  @BeforeAll
  static void start() throws Exception {
    Optional<Path> chromium = Chromium.installed();
    assumeTrue(chromium.isPresent(), "there is no Chromium on the path: apt-get install chromium");
    page = Files.writeString(folder.resolve("report.html"), ReportPage.of(data()));
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
    loadMillis = browser.open(page);
  }

  @AfterEach
  void nothingWasFetchedAndNothingWentWrong() {
    assertThat(browser.requests()).isEmpty();
    assertThat(browser.complaints()).isEmpty();
    assertThat(browser.evaluate("window.broken === undefined").asBoolean()).isTrue();
  }

  private static ReportData data() {
    return SampleReport.data("sample " + SampleReport.HOSTILE);
  }

  private static List<FrontierRow> frontier() {
    return data().frontier().rows();
  }

  /** Where the dot of a file of the frontier is, in pixels of the window. */
  private static String dot(int index) {
    return """
        (() => {
          const box = document.getElementById('frontier');
          box.scrollIntoView({ block: 'center' });
          const chart = echarts.getInstanceByDom(box);
          const best = chart.getOption().series.findIndex(series => series.id === 'best');
          const place = chart.getOption().series[best].data[%d].value;
          const [x, y] = chart.convertToPixel({ seriesIndex: best }, place);
          const corner = box.getBoundingClientRect();
          return [corner.x + x, corner.y + y];
        })()"""
        .formatted(index);
  }

  private static String checkbox(String dimension, String value) {
    return "[...document.querySelectorAll('#filters input')].find(i => i.dataset.dimension === '%s' && i.value === '%s').parentElement"
        .formatted(dimension, value);
  }

  private static void focus(String selector) {
    browser.evaluate("document.querySelector('" + selector + "').focus()");
  }

  private int rows() {
    // The teacher has the last one.
    return browser.evaluate("document.querySelectorAll('#table tbody tr').length - 1").asInt();
  }

  @Test
  void itIsSmallAndThereAtOnce() throws Exception {
    assertThat(Files.size(page)).isLessThan(3_000_000);
    assertThat(loadMillis).isLessThan(2000);
    assertThat(browser.text("#name").strip()).startsWith("sample </script>");
    assertThat(browser.text("#summary"))
        .isEqualTo(
            "120 candidates, %d files on the frontier, 2 failures.".formatted(frontier().size()));
  }

  @Test
  void hoveringADotTellsItsSettings() throws Exception {
    browser.hover(dot(1));
    browser.await("document.querySelector('#frontier .tip')?.innerText");

    FrontierRow row = frontier().get(1);
    assertThat(browser.text("#frontier .tip"))
        .contains(ByteSize.format(row.bytes()), "on the frontier", "validation error", "test error")
        .contains(row.point().get("sparsity"))
        .contains(row.point().get("quantizer").substring(0, 8));
  }

  @Test
  void clickingTwoDotsComparesThemLayerByLayer() throws Exception {
    browser.click(dot(0));
    browser.await("document.querySelectorAll('#compare .tag').length > 0");
    browser.click(dot(2));
    browser.await("document.querySelectorAll('#compare thead')[0].innerText.includes('B')");

    assertThat(browser.text("#compare"))
        .contains("%,d B".formatted(frontier().get(0).bytes()))
        .contains("%,d B".formatted(frontier().get(2).bytes()))
        .contains("0_W", "290 × 700", "codebook", "Bits a weight", "Density");
    assertThat(browser.evaluate("document.querySelectorAll('#compare tr.open').length").asInt())
        .isEqualTo(3);

    browser.click("document.querySelector('#compare thead button')");
    assertThat(browser.text("#compare")).contains("Choose a second one");
  }

  @Test
  void filtersLeaveCandidatesOutOfChartAndTable() throws Exception {
    browser.click("document.getElementById('frontier-only')");
    browser.click("document.querySelector('#table > .note button')");
    assertThat(rows()).isEqualTo(118);

    browser.click(checkbox("bits", "2"));

    int others =
        (int)
            data().candidates().stream()
                .filter(entry -> entry.outcome() instanceof Outcome.Measured)
                .filter(entry -> !entry.point().get("bits").equals("2"))
                .count();
    assertThat(browser.text("#shown")).isEqualTo(others + " of 118 candidates are shown.");
    assertThat(rows()).isEqualTo(others);
    assertThat(
            browser
                .evaluate(
                    "echarts.getInstanceByDom(document.getElementById('frontier')).getOption()"
                        + ".series.flatMap(s => s.data ?? []).filter(d => d.candidate).length")
                .asInt())
        .isEqualTo(others);

    browser.click("document.getElementById('reset')");
    assertThat(browser.text("#shown")).isEmpty();
    assertThat(rows()).isEqualTo(118);
  }

  @Test
  void theBudgetEndsInProgramsForTheFile() throws Exception {
    focus("#budget-loss");
    browser.press("End");
    focus("#budget-bytes");
    browser.press("Home");
    browser.click("document.querySelector('#budget-answer summary')");
    browser.await("document.querySelector('#budget-answer .use').open");

    String name = frontier().get(0).key().abbreviated() + ".pare'";
    assertThat(browser.text("#budget-answer .use"))
        .contains("java -cp executors/runtime/target/pare-runtime.jar Use.java '")
        .contains(name);
    String program = browser.text("#budget-answer .use pre");
    Path source = Files.writeString(folder.resolve("Use.java"), program);
    assertThat(
            ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(
                    System.out,
                    System.err,
                    "-proc:none",
                    "-cp",
                    System.getProperty("java.class.path"),
                    source.toString()))
        .isZero();
    assertThat(
            browser
                .evaluate("document.querySelectorAll('#budget-answer .use')[1].textContent")
                .asText())
        .contains("deploy/bin/pare export 'hdfs://name/sweeps/sample <")
        .contains(" --onnx network.onnx", "onnxruntime.InferenceSession(\"network.onnx\")");

    // What is open stays open for another file.
    focus("#budget-bytes");
    browser.press("End");
    browser.click("document.querySelector('input[value=better]').parentElement");
    assertThat(browser.text("#budget-answer .use"))
        .contains(frontier().get(frontier().size() - 1).key().abbreviated() + ".pare'");
    browser.click("document.querySelector('#budget-answer summary')");
  }

  @Test
  void theBudgetNamesAFileAndHowToFetchIt() {
    focus("#budget-loss");
    browser.press("End");
    focus("#budget-bytes");
    browser.press("Home");

    FrontierRow smallest = frontier().get(0);
    assertThat(browser.text("#budget-answer"))
        .contains(ByteSize.format(smallest.bytes()), "The only file")
        .contains("hadoop fs -get 'hdfs://name/sweeps/sample <")
        .contains("it'\\''s " + smallest.key().abbreviated() + ".pare' .");

    focus("#budget-loss");
    browser.press("Home");
    assertThat(browser.text("#budget-answer")).contains("No file is within the budget");

    focus("#budget-loss");
    browser.press("End");
    focus("#budget-bytes");
    browser.press("End");
    browser.click("document.querySelector('input[value=better]').parentElement");
    FrontierRow largest = frontier().get(frontier().size() - 1);
    assertThat(browser.text("#budget-answer"))
        .contains(ByteSize.format(largest.bytes()), "One of " + frontier().size() + " files");
    assertThat(
            browser
                .evaluate("document.getElementById('budget-loss').getAttribute('aria-valuetext')")
                .asText())
        .endsWith("points lost");
  }

  @Test
  void theCommandCanBeCopied() throws Exception {
    browser.click("document.querySelector('.command button')");

    browser.await(
        "['Copied', 'Selected'].includes(document.querySelector('.command button').innerText)");
  }

  @Test
  void theKeyboardAloneReachesDotsAndComparesThem() throws Exception {
    for (int i = 0; i < 4; i++) {
      browser.press("Tab");
    }
    assertThat(browser.evaluate("document.activeElement.id").asText()).isEqualTo("frontier");
    assertThat(browser.evaluate("getComputedStyle(document.activeElement).outlineStyle").asText())
        .isEqualTo("solid");

    browser.press("ArrowRight");
    browser.press("ArrowRight");
    browser.press("ArrowLeft");
    assertThat(browser.text("#spoken"))
        .startsWith(ByteSize.format(frontier().get(0).bytes()) + ", validation error");
    browser.await("document.querySelector('#frontier .tip')?.innerText");
    browser.press("Enter");
    browser.press("End");
    browser.press("Enter");
    assertThat(browser.evaluate("document.querySelectorAll('#compare thead .tag').length").asInt())
        .isEqualTo(2);

    focus("#table td button");
    browser.press("Enter");
    assertThat(browser.evaluate("document.activeElement.innerText").asText()).isEqualTo("Compare");
    assertThat(browser.evaluate("document.querySelectorAll('#compare thead .tag').length").asInt())
        .isEqualTo(1);
  }

  @Test
  void theTableSortsByWhatIsAskedFor() {
    browser.click("document.querySelectorAll('#table th button')[2]");

    assertThat(browser.text("#table th[aria-sort=ascending]")).startsWith("validation error");
    FrontierRow best = frontier().get(frontier().size() - 1);
    assertThat(browser.text("#table tbody tr")).contains(ByteSize.format(best.bytes()));

    browser.click("document.querySelectorAll('#table th button')[2]");
    assertThat(browser.text("#table th[aria-sort=descending]")).startsWith("validation error");
    assertThat(browser.text("#table caption")).startsWith(frontier().size() + " candidates");
  }

  @Test
  void draggingAlongAnAxisKeepsWhatPassesThere() throws Exception {
    String axis =
        "(() => { const b = document.getElementById('settings'); b.scrollIntoView({ block: 'center' });"
            + " const r = b.getBoundingClientRect(); return [r.x + 40, r.y + %s]; })()";
    browser.drag(axis.formatted("50"), axis.formatted("150"));
    browser.await("document.getElementById('shown').innerText");

    String[] shown = browser.text("#shown").split(" ");
    assertThat(Integer.parseInt(shown[0])).isBetween(1, 117);

    browser.click("document.getElementById('reset')");
    assertThat(browser.text("#shown")).isEmpty();
  }

  @Test
  void dotsCanBeColouredByASetting() {
    browser.evaluate(
        "(() => { const s = document.getElementById('colour'); s.value = 'sparsity';"
            + " s.dispatchEvent(new Event('input')); })()");

    assertThat(browser.evaluate("document.querySelectorAll('#legend li').length").asInt())
        .isEqualTo(5);
  }

  @Test
  void dotsCanBeColouredByLatencyWhichTheTableHas() {
    browser.evaluate(
        "(() => { const s = document.getElementById('colour'); s.value = 'latency';"
            + " s.dispatchEvent(new Event('input')); })()");

    int files = frontier().size();
    assertThat(browser.evaluate("document.querySelectorAll('#legend li').length").asInt())
        .isEqualTo(Math.min(5, files - 1));
    assertThat(browser.text("#legend")).contains("latency up to " + 10 * (files - 1) / 1000.0);
    assertThat(browser.text("#latency")).contains("1 example at once");
    // All but the last file were timed, and the teacher.
    assertThat(browser.text("#table")).contains("0.01 ms", "0.51 ms");
    browser.click(
        "[...document.querySelectorAll('#table thead button')]"
            + ".find(b => b.textContent.startsWith('latency'))");
    assertThat(browser.text("#table tbody tr td:nth-child(6)")).isEqualTo("0.01 ms");
  }

  @Test
  void failuresHaveTheirReasons() {
    assertThat(browser.text("#failures"))
        .contains("100 training diverged", "prune", "window.broken = 1");
    assertThat(browser.text("#stages")).contains("prune", "quantize", "Without sharing");
    assertThat(browser.text("#parts")).contains("positions", "codebooks");
    assertThat(browser.text("#provenance")).contains("1.2.3", "OpenBLAS", "hdfs://name/sweeps");
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void textStandsOutFromItsBackground(String scheme) throws Exception {
    browser.colourScheme(scheme);
    browser.await("matchMedia('(prefers-color-scheme: " + scheme + ")').matches");

    double paper = luminance("paper");
    assertThat(paper < 0.1).isEqualTo(scheme.equals("dark"));
    for (String name : List.of("text", "quiet", "accent", "teacher", "first", "second")) {
      double ink = luminance(name);
      double contrast = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
      assertThat(contrast).as(name).isGreaterThanOrEqualTo(4.5);
    }
    // The charts are drawn with the same colours.
    String quiet = browser.evaluate("colour('quiet')").asText();
    browser.await("document.querySelector('#frontier svg text[fill=\"" + quiet + "\"]') !== null");
  }

  /** Of a colour of the style sheet, as WCAG 2.1 has it. */
  private static double luminance(String name) {
    String hex = browser.evaluate("colour('" + name + "')").asText();
    double[] weights = {0.2126, 0.7152, 0.0722};
    double sum = 0;
    for (int i = 0; i < 3; i++) {
      double share = Integer.parseInt(hex.substring(1 + 2 * i, 3 + 2 * i), 16) / 255.0;
      sum +=
          weights[i] * (share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4));
    }
    return sum;
  }

  @Test
  void aPhoneNeedsNoSidewaysScrolling() throws Exception {
    browser.size(390, 844, true);
    browser.open(page);
    browser.click(dot(0));
    browser.await("document.querySelectorAll('#compare .tag').length > 0");

    assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt()).isEqualTo(390);
    assertThat(browser.evaluate("innerWidth").asInt()).isEqualTo(390);
    assertThat(
            browser
                .evaluate("document.querySelector('#frontier svg').getBoundingClientRect().width")
                .asInt())
        .isLessThanOrEqualTo(390);
  }

  @Test
  void aSweepOfThousandsOpensToo() throws Exception {
    Path large =
        Files.writeString(folder.resolve("large.html"), ReportPage.of(SampleReport.large()));

    assertThat(Files.size(large)).isLessThan(3_000_000);
    // Five times what it takes where nothing else runs.
    assertThat(browser.open(large)).isLessThan(5000);
    assertThat(browser.text("#summary")).contains("10,120 candidates", "the ledger has them");
  }

  @Test
  void aSweepWithoutAFileStillTellsWhy() throws Exception {
    ReportData all = data();
    ReportData failed =
        all.with(
            all.frontier().withRows(List.of()),
            all.candidates().stream()
                .filter(entry -> entry.outcome() instanceof Outcome.Failed)
                .toList());
    browser.open(Files.writeString(folder.resolve("failed.html"), ReportPage.of(failed)));

    assertThat(browser.text("#failures")).contains("training diverged");
    assertThat(browser.text("#summary")).startsWith("2 candidates, 0 files");
  }
}
