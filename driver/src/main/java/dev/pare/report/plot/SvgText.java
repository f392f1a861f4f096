package dev.pare.report.plot;

import dev.pare.report.plot.Mark.Place;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Marks as an SVG 1.1 document; equal marks give equal text. */
final class SvgText {
  private SvgText() {}

  static String of(List<Mark> marks, int width, int height) {
    StringBuilder svg = new StringBuilder();
    svg.append(
        format(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
                + " viewBox=\"0 0 %d %d\" role=\"img\" font-family=\"Helvetica, Arial,"
                + " sans-serif\">\n",
            width, height, width, height));
    for (Mark mark : marks) {
      svg.append(element(mark)).append('\n');
    }
    return svg.append("</svg>\n").toString();
  }

  private static String element(Mark mark) {
    return switch (mark.kind()) {
      case BOX -> box((Mark.Box) mark);
      case DOT -> dot((Mark.Dot) mark);
      case PATH -> path((Mark.Path) mark);
      case TEXT -> text((Mark.Text) mark);
    };
  }

  private static String box(Mark.Box box) {
    return format(
        "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"%s\"/>",
        number(box.x()),
        number(box.y()),
        number(box.width()),
        number(box.height()),
        box.ink().hex());
  }

  private static String dot(Mark.Dot dot) {
    return format(
        "<circle cx=\"%s\" cy=\"%s\" r=\"%s\" fill=\"%s\" stroke=\"%s\"/>",
        number(dot.x()), number(dot.y()), number(dot.radius()), dot.ink().hex(), Ink.PAPER.hex());
  }

  private static String path(Mark.Path path) {
    return format(
        "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%s\"%s/>",
        path.points().stream().map(SvgText::place).collect(Collectors.joining(" ")),
        path.ink().hex(),
        number(path.width()),
        path.dashed() ? " stroke-dasharray=\"6 4\"" : "");
  }

  private static String text(Mark.Text text) {
    String place = format("x=\"%s\" y=\"%s\"", number(text.x()), number(text.y()));
    return format(
        "<text %s font-size=\"%s\"%s text-anchor=\"%s\" fill=\"%s\"%s>%s</text>",
        place,
        number(text.size()),
        text.bold() ? " font-weight=\"600\"" : "",
        text.anchor().name().toLowerCase(Locale.ROOT),
        text.ink().hex(),
        text.upwards()
            ? format(" transform=\"rotate(-90 %s %s)\"", number(text.x()), number(text.y()))
            : "",
        escaped(text.text()));
  }

  private static String place(Place place) {
    return number(place.x()) + "," + number(place.y());
  }

  /** A tenth of a point is enough, and rounds away what mathematics libraries differ in. */
  private static String number(double value) {
    String text = format("%.1f", value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }

  /** Without what XML 1.0 has no way to write. */
  private static String escaped(String text) {
    return text.replaceAll(
            "[^\\t\\n\\r\\x20-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]", "\uFFFD")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;");
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
