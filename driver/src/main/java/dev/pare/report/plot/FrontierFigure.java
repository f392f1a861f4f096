package dev.pare.report.plot;

import dev.pare.candidate.Metric;
import dev.pare.frontier.ParetoFrontier;
import dev.pare.report.ByteSize;
import dev.pare.report.FrontierReport;
import dev.pare.report.FrontierRow;
import dev.pare.report.plot.Mark.Anchor;
import dev.pare.report.plot.Mark.Place;
import dev.pare.result.Score;
import dev.pare.spec.PublishedResult;
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
 * more is better: the frontier with 95% intervals and, where its files use the known start of the
 * weights, what the same weights take without; the other candidates; results from elsewhere; and
 * the teacher's value as a line in its interval.
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
  private final List<PublishedResult> published;
  private final Scale sizes;
  private final Scale errors;

  /** A file that is not on the frontier. */
  public record Other(long bytes, Score validation) {}

  private FrontierFigure(
      FrontierReport report, List<Other> others, List<PublishedResult> published) {
    this.report = report;
    this.others = others;
    this.published = published;
    this.sizes = sizes();
    this.errors = errors();
  }

  /** The figure as SVG text. */
  public static String svg(
      FrontierReport report, List<Other> others, List<PublishedResult> published) {
    return SvgText.of(marks(report, others, published), WIDTH, HEIGHT);
  }

  /**
   * The figure as a PNG file. Its letters are those of a font of this machine.
   *
   * @throws IOException if this machine's Java has no fonts
   */
  public static byte[] png(
      FrontierReport report, List<Other> others, List<PublishedResult> published)
      throws IOException {
    return PngImage.of(marks(report, others, published), WIDTH, HEIGHT);
  }

  private static List<Mark> marks(
      FrontierReport report, List<Other> others, List<PublishedResult> published) {
    return new FrontierFigure(report, others, published).draw();
  }

  private Scale sizes() {
    long[] bytes =
        Stream.of(
                report.rows().stream().mapToLong(FrontierRow::bytes),
                report.rows().stream().mapToLong(FrontierFigure::withoutOrigin),
                others.stream().mapToLong(Other::bytes),
                published.stream().mapToLong(PublishedResult::bytes))
            .flatMapToLong(part -> part)
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
    published.forEach(result -> all.add(result.value()));
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
    report.rows().forEach(this::originGain);
    steps();
    report.rows().forEach(row -> dot(row.bytes(), error(row.validation()), 4.5, Ink.FRONTIER));
    published.forEach(this::publishedResult);
    titles();
    return marks;
  }

  private void dot(long bytes, double error, double radius, Ink ink) {
    marks.add(new Mark.Dot(sizes.place(bytes), height(error), radius, ink));
  }

  private double height(double error) {
    // An error of nothing has no place among factors.
    return errors.place(errors.logarithmic() ? Math.max(error, errors.low()) : error);
  }

  /** What a file's weights take in a file that does not use the known start. */
  private static long withoutOrigin(FrontierRow row) {
    Long without = row.summary().byOrigin().without();
    return without == null ? row.bytes() : Math.max(row.bytes(), without);
  }

  private static boolean gainsByOrigin(FrontierRow row) {
    return withoutOrigin(row) > row.bytes();
  }

  private void originGain(FrontierRow row) {
    if (gainsByOrigin(row)) {
      double x = sizes.place(withoutOrigin(row));
      double y = height(error(row.validation()));
      line(sizes.place(row.bytes()), y, x, y, 1, Ink.INTERVAL);
      marks.add(new Mark.Dot(x, y, 2.8, Ink.INTERVAL));
    }
  }

  private void publishedResult(PublishedResult result) {
    double x = sizes.place(result.bytes());
    double y = height(result.value());
    cross(x, y);
    boolean right = x < (LEFT + 2 * RIGHT) / 3;
    text(
        right ? x + 8 : x - 8,
        y + 4,
        11,
        right ? Anchor.START : Anchor.END,
        Ink.TEXT,
        shortened(result.name()));
  }

  private void cross(double x, double y) {
    line(x - 4, y - 4, x + 4, y + 4, 1.5, Ink.TEXT);
    line(x - 4, y + 4, x + 4, y - 4, 1.5, Ink.TEXT);
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
      double y = height(error);
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
    double y = 52;
    marks.add(new Mark.Dot(LEFT + 5, y, 4.5, Ink.FRONTIER));
    double x = legend(LEFT, y, "frontier, with 95% intervals");
    if (report.rows().stream().anyMatch(FrontierFigure::gainsByOrigin)) {
      marks.add(new Mark.Dot(x + 5, y, 2.8, Ink.INTERVAL));
      x = legend(x, y, "without the known start of the weights");
    }
    if (!others.isEmpty()) {
      marks.add(new Mark.Dot(x + 5, y, 3.2, Ink.OTHERS));
      x = legend(x, y, "other candidates");
    }
    if (!published.isEmpty()) {
      cross(x + 5, y);
      legend(x, y, "published");
    }
  }

  /** Explains a mark, and says where the next one has its place. */
  private double legend(double x, double y, String text) {
    text(x + 16, y + 4, 12, Anchor.START, Ink.QUIET, text);
    return x + 40 + 6 * text.length();
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
