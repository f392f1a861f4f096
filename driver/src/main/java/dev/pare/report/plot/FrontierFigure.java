package dev.pare.report.plot;

import dev.pare.candidate.Metric;
import dev.pare.frontier.ParetoFrontier;
import dev.pare.report.ByteSize;
import dev.pare.report.FrontierReport;
import dev.pare.report.FrontierRow;
import dev.pare.report.plot.Mark.Anchor;
import dev.pare.report.plot.Mark.Place;
import dev.pare.result.Score;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * What files are judged by on the validation examples against their size, both by factors unless
 * more is better: the frontier with 95% intervals, the other candidates, and the teacher's value as
 * a line in its interval.
 */
public final class FrontierFigure {
  static final int WIDTH = 800;
  static final int HEIGHT = 500;

  private static final double LEFT = 72;
  private static final double RIGHT = WIDTH - 28;
  private static final double TOP = 84;
  private static final double BOTTOM = HEIGHT - 62;

  private final List<Mark> marks = new ArrayList<>();
  private final FrontierReport report;
  private final List<Other> others;
  private final Scale sizes;
  private final Scale errors;

  /** A file that is not on the frontier. */
  public record Other(long bytes, Score validation) {}

  private FrontierFigure(FrontierReport report, List<Other> others) {
    this.report = report;
    this.others = others;
    this.sizes = sizes();
    this.errors = errors();
  }

  /** The figure as SVG text. */
  public static String svg(FrontierReport report, List<Other> others) {
    return SvgText.of(marks(report, others), WIDTH, HEIGHT);
  }

  /**
   * The figure as a PNG file. Its letters are those of a font of this machine.
   *
   * @throws IOException if this machine's Java has no fonts
   */
  public static byte[] png(FrontierReport report, List<Other> others) throws IOException {
    return PngImage.of(marks(report, others), WIDTH, HEIGHT);
  }

  private static List<Mark> marks(FrontierReport report, List<Other> others) {
    return new FrontierFigure(report, others).draw();
  }

  private Scale sizes() {
    long[] bytes =
        LongStream.concat(
                report.rows().stream().mapToLong(FrontierRow::bytes),
                others.stream().mapToLong(Other::bytes))
            .toArray();
    long least = LongStream.of(bytes).min().orElse(report.teacher().bytes());
    long most = LongStream.of(bytes).max().orElse(report.teacher().bytes());
    return Scale.ofFactors(least, most, LEFT, RIGHT);
  }

  private Scale errors() {
    DoubleStream.Builder all = DoubleStream.builder();
    Stream.concat(
            Stream.of(report.teacher().validation()),
            report.rows().stream().map(FrontierRow::validation))
        .forEach(
            score -> {
              all.add(low(score));
              all.add(high(score));
            });
    others.forEach(other -> all.add(error(other.validation())));
    double[] values = all.build().toArray();
    double least = DoubleStream.of(values).min().orElse(0);
    double most = DoubleStream.of(values).max().orElse(100);
    if (report.metric().direction() == Metric.Direction.MORE) {
      return Scale.ofRange(least, most, BOTTOM, TOP);
    }
    return least > 0 && most > 2 * least
        ? Scale.ofFactors(least, most, BOTTOM, TOP)
        : Scale.ofDifferences(most, BOTTOM, TOP);
  }

  private static double error(Score score) {
    return score.metric().written(score.estimate().value());
  }

  private static double low(Score score) {
    return score.metric().written(score.estimate().low());
  }

  private static double high(Score score) {
    return score.metric().written(score.estimate().high());
  }

  private List<Mark> draw() {
    marks.add(new Mark.Box(0, 0, WIDTH, HEIGHT, Ink.PAPER));
    teacherBand();
    axes();
    teacherLine();
    others.forEach(other -> dot(other.bytes(), error(other.validation()), 3.2, Ink.OTHERS));
    report.rows().forEach(this::interval);
    steps();
    report.rows().forEach(row -> dot(row.bytes(), error(row.validation()), 4.5, Ink.FRONTIER));
    titles();
    return marks;
  }

  private void dot(long bytes, double error, double radius, Ink ink) {
    // An error of nothing has no place among factors.
    double shown = errors.logarithmic() ? Math.max(error, errors.low()) : error;
    marks.add(new Mark.Dot(sizes.place(bytes), errors.place(shown), radius, ink));
  }

  private String unit() {
    return report.metric().unit().strip();
  }

  private void axes() {
    for (double tick : errors.ticks()) {
      double y = errors.place(tick);
      line(LEFT, y, RIGHT, y, 1, Ink.RULE);
      text(LEFT - 10, y + 4, 12, Anchor.END, Ink.QUIET, plain(tick) + unit());
    }
    line(LEFT, BOTTOM, RIGHT, BOTTOM, 1, Ink.QUIET);
    for (double tick : sizes.ticks()) {
      double x = sizes.place(tick);
      line(x, BOTTOM, x, BOTTOM + 5, 1, Ink.QUIET);
      text(x, BOTTOM + 20, 12, Anchor.MIDDLE, Ink.QUIET, size(tick));
    }
    text((LEFT + RIGHT) / 2, HEIGHT - 16, 13, Anchor.MIDDLE, Ink.TEXT, "Size of the whole file");
    marks.add(
        new Mark.Text(
            20,
            (TOP + BOTTOM) / 2,
            13,
            false,
            Anchor.MIDDLE,
            true,
            Ink.TEXT,
            "Validation " + report.metric()));
  }

  private void teacherBand() {
    Score teacher = report.teacher().validation();
    double high = errors.place(high(teacher));
    double low = errors.place(low(teacher));
    marks.add(new Mark.Box(LEFT, high, RIGHT - LEFT, low - high, Ink.BAND));
  }

  private void teacherLine() {
    double error = error(report.teacher().validation());
    if (errors.logarithmic() && error <= 0) {
      return;
    }
    double y = errors.place(error);
    path(true, 1.5, Ink.TEACHER, new Place(LEFT, y), new Place(RIGHT, y));
    String label =
        "teacher %s%s, %s"
            .formatted(
                report.metric().text(report.teacher().validation().estimate().value()),
                unit(),
                ByteSize.format(report.teacher().bytes()));
    text(LEFT + 8, y - 6, 12, Anchor.START, Ink.TEACHER, label);
  }

  /** What can be had for at most so many bytes stays until a better file fits. */
  private void steps() {
    List<Place> places = new ArrayList<>();
    for (FrontierRow row : ParetoFrontier.<FrontierRow>of(report.rows()).points()) {
      double x = sizes.place(row.bytes());
      double error = error(row.validation());
      double y = errors.place(errors.logarithmic() ? Math.max(error, errors.low()) : error);
      if (!places.isEmpty()) {
        places.add(new Place(x, places.get(places.size() - 1).y()));
      }
      places.add(new Place(x, y));
    }
    if (places.size() > 1) {
      marks.add(new Mark.Path(places, 1.5, Ink.FRONTIER, false));
    }
  }

  private void interval(FrontierRow row) {
    double x = sizes.place(row.bytes());
    double high = errors.place(high(row.validation()));
    double low = errors.place(low(row.validation()));
    line(x, high, x, low, 1, Ink.INTERVAL);
    line(x - 3, high, x + 3, high, 1, Ink.INTERVAL);
    line(x - 3, low, x + 3, low, 1, Ink.INTERVAL);
  }

  private void titles() {
    marks.add(
        new Mark.Text(LEFT, 32, 18, true, Anchor.START, false, Ink.TEXT, shortened(report.name())));
    double y = 56;
    marks.add(new Mark.Dot(LEFT + 5, y - 4, 4.5, Ink.FRONTIER));
    text(LEFT + 16, y, 12, Anchor.START, Ink.QUIET, "frontier, with 95% intervals");
    if (!others.isEmpty()) {
      marks.add(new Mark.Dot(LEFT + 205, y - 4, 3.2, Ink.OTHERS));
      text(LEFT + 215, y, 12, Anchor.START, Ink.QUIET, "other candidates");
    }
  }

  private static String shortened(String name) {
    return name.length() <= 60 ? name : name.substring(0, 59) + "…";
  }

  private void line(double x1, double y1, double x2, double y2, double width, Ink ink) {
    path(false, width, ink, new Place(x1, y1), new Place(x2, y2));
  }

  private void path(boolean dashed, double width, Ink ink, Place... places) {
    marks.add(new Mark.Path(List.of(places), width, ink, dashed));
  }

  private void text(double x, double y, double size, Anchor anchor, Ink ink, String text) {
    marks.add(new Mark.Text(x, y, size, false, anchor, false, ink, text));
  }

  private static String plain(double value) {
    return new BigDecimal(value).round(new MathContext(3)).stripTrailingZeros().toPlainString();
  }

  /** As {@code 12 KB}, without digits that are not needed. */
  private static String size(double bytes) {
    String[] units = {"B", "KB", "MB", "GB"};
    int unit = Math.min(units.length - 1, Math.max(0, (int) Math.floor(Math.log10(bytes) / 3)));
    return plain(bytes / Math.pow(1000, unit)) + " " + units[unit];
  }
}
