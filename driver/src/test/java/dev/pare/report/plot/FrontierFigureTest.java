package dev.pare.report.plot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.artifact.SizeBreakdown;
import dev.pare.candidate.FileSummary;
import dev.pare.candidate.Operations;
import dev.pare.candidate.OriginBytes;
import dev.pare.candidate.StageKey;
import dev.pare.report.FrontierReport;
import dev.pare.report.FrontierRow;
import dev.pare.result.Score;
import dev.pare.spec.PublishedResult;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class FrontierFigureTest {
  private static final List<FrontierFigure.Other> OTHERS =
      List.of(new FrontierFigure.Other(9000, new Score(4890, 5000)));

  private static FrontierReport report(String name, FrontierRow... rows) {
    return new FrontierReport(
        name,
        new FrontierReport.Teacher(266_610, new Score(4930, 5000), new Score(9871, 10_000)),
        List.of(rows));
  }

  private static FrontierRow row(long bytes, int correct) {
    return new FrontierRow(
        Map.of("bits", "2"),
        new StageKey("a".repeat(64)),
        "best/small.pare",
        new FileSummary(
            new SizeBreakdown(bytes, 0, 0, 0, 0),
            OriginBytes.UNKNOWN,
            null,
            266_610,
            100,
            Operations.UNKNOWN),
        new Score(correct, 5000),
        new Score(correct, 5000),
        null);
  }

  private static Document parsed(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }

  private static List<String> texts(Document svg) {
    NodeList nodes = svg.getElementsByTagName("text");
    return IntStream.range(0, nodes.getLength())
        .mapToObj(i -> nodes.item(i).getTextContent())
        .toList();
  }

  private static List<Element> dots(Document svg, Ink ink) {
    NodeList nodes = svg.getElementsByTagName("circle");
    return IntStream.range(0, nodes.getLength())
        .mapToObj(i -> (Element) nodes.item(i))
        .filter(dot -> dot.getAttribute("fill").equals(ink.hex()))
        .toList();
  }

  @Test
  void everyFileIsADotAtItsSizeAndError() throws Exception {
    Document svg =
        parsed(
            FrontierFigure.svg(
                report("lenet", row(5000, 4800), row(20_000, 4920)), OTHERS, List.of()));

    List<Element> frontier = dots(svg, Ink.FRONTIER);
    // The last is the legend's.
    assertThat(frontier).hasSize(3);
    assertThat(dots(svg, Ink.OTHERS)).hasSize(2);
    assertThat(Double.parseDouble(frontier.get(0).getAttribute("cx")))
        .isLessThan(Double.parseDouble(frontier.get(1).getAttribute("cx")));
    assertThat(Double.parseDouble(frontier.get(0).getAttribute("cy")))
        .isLessThan(Double.parseDouble(frontier.get(1).getAttribute("cy")));
    assertThat(texts(svg))
        .contains("lenet", "5 KB", "10 KB", "20 KB", "2%", "teacher 1.40%, 1.07 MB")
        .contains("Size of the whole file", "Validation error");
  }

  @Test
  void aResultFromElsewhereIsACrossWithItsNameAndWithinTheAxes() throws Exception {
    Document svg =
        parsed(
            FrontierFigure.svg(
                report("lenet", row(5000, 4800), row(20_000, 4920)),
                OTHERS,
                List.of(new PublishedResult("Oktay et al. 2020", 2000, 0.5))));

    Element text = text(svg, "Oktay et al. 2020");
    Element smallest = dots(svg, Ink.FRONTIER).get(0);
    assertThat(number(text, "x")).isBetween(72.0, number(smallest, "cx"));
    assertThat(number(text, "y")).isBetween(number(smallest, "cy"), 444.0);
    assertThat(texts(svg)).contains("published", "2 KB", "0.5%");
  }

  @Test
  void whatTheOriginSavesIsALineToTheSizeWithoutIt() throws Exception {
    FrontierRow row = row(5000, 4800);
    FileSummary one = row.summary();
    FileSummary summary =
        new FileSummary(
            one.size(),
            new OriginBytes(5000L, 6000L),
            null,
            one.parameters(),
            one.nonzeroWeights(),
            one.operations());
    FrontierRow gains =
        new FrontierRow(
            row.point(), row.key(), row.file(), summary, row.validation(), row.test(), null);
    Document with = parsed(FrontierFigure.svg(report("lenet", gains), List.of(), List.of()));
    Document without = parsed(FrontierFigure.svg(report("lenet", row), List.of(), List.of()));

    // One is the legend's.
    assertThat(dots(with, Ink.INTERVAL)).hasSize(2);
    assertThat(number(dots(with, Ink.INTERVAL).get(0), "cx"))
        .isGreaterThan(number(dots(with, Ink.FRONTIER).get(0), "cx"));
    assertThat(dots(without, Ink.INTERVAL)).isEmpty();
    assertThat(texts(with)).contains("without the known start of the weights");
  }

  private static Element text(Document svg, String content) {
    NodeList nodes = svg.getElementsByTagName("text");
    return IntStream.range(0, nodes.getLength())
        .mapToObj(i -> (Element) nodes.item(i))
        .filter(text -> text.getTextContent().equals(content))
        .findFirst()
        .orElseThrow();
  }

  private static double number(Element element, String attribute) {
    return Double.parseDouble(element.getAttribute(attribute));
  }

  @Test
  void equalReportsGiveEqualBytes() throws IOException {
    FrontierReport report = report("lenet", row(5000, 4800), row(20_000, 4920));

    assertThat(FrontierFigure.svg(report, OTHERS, List.of()))
        .isEqualTo(FrontierFigure.svg(report, OTHERS, List.of()));
    assertThat(FrontierFigure.png(report, OTHERS, List.of()))
        .isEqualTo(FrontierFigure.png(report, OTHERS, List.of()));
  }

  @Test
  void theImageIsThePictureInTwoPixelsAPoint() throws IOException {
    BufferedImage image =
        ImageIO.read(
            new ByteArrayInputStream(
                FrontierFigure.png(
                    report("lenet", row(5000, 4800), row(20_000, 4920)), OTHERS, List.of())));

    assertThat(image.getWidth()).isEqualTo(2 * FrontierFigure.WIDTH);
    assertThat(image.getHeight()).isEqualTo(2 * FrontierFigure.HEIGHT);
    assertThat(image.getRGB(0, 0) & 0xFFFFFF).isEqualTo(Ink.PAPER.rgb());
    int teal = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        teal += (image.getRGB(x, y) & 0xFFFFFF) == Ink.FRONTIER.rgb() ? 1 : 0;
      }
    }
    assertThat(teal).isGreaterThan(500);
  }

  @Test
  void aNameIsTextWhateverItHolds() throws Exception {
    String name = "<script>&\"'\u0000\uD800";

    assertThat(
            texts(parsed(FrontierFigure.svg(report(name, row(5000, 4800)), List.of(), List.of()))))
        .contains("<script>&\"'\uFFFD\uFFFD");
  }

  @Test
  void oneFileNoFileAndNoErrorHaveTheirPicture() throws Exception {
    for (FrontierReport report :
        List.of(report("none"), report("one", row(5000, 4800)), report("right", row(5000, 5000)))) {
      assertThat(texts(parsed(FrontierFigure.svg(report, List.of(), List.of()))))
          .contains("Validation error");
      assertThat(FrontierFigure.png(report, List.of(), List.of())).isNotEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "4000, 70000",
    "900, 1100",
    "1, 2",
    "5000, 5000",
    "3, 2000000000",
    "999.6, 1000.4",
    "7, 31"
  })
  void anAxisOfFactorsHasAFewRoundTicks(double least, double most) {
    Scale scale = Scale.ofFactors(least, most, 100, 500);

    assertThat(scale.place(least)).isBetween(100.0, 500.0);
    assertThat(scale.place(most)).isBetween(scale.place(least), 500.0);
    assertThat(scale.ticks()).isNotEmpty().hasSizeLessThan(14).isSorted();
    assertThat(scale.ticks())
        .allSatisfy(tick -> assertThat(scale.place(tick)).isBetween(100.0, 500.0));
  }

  @ParameterizedTest
  @CsvSource({"0", "0.3", "1", "7", "100"})
  void anAxisOfDifferencesBeginsAtZero(double most) {
    Scale scale = Scale.ofDifferences(most, 500, 100);

    assertThat(scale.place(0)).isEqualTo(500);
    assertThat(scale.ticks()).hasSizeBetween(3, 8).startsWith(0.0);
  }
}
