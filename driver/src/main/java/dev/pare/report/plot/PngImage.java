package dev.pare.report.plot;

import dev.pare.report.plot.Mark.Place;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;

/** Marks painted, two pixels a point. */
final class PngImage {
  private static final int PIXELS = 2;

  private final Graphics2D graphics;

  private PngImage(Graphics2D graphics) {
    this.graphics = graphics;
  }

  /**
   * @throws IOException if Java cannot paint here
   */
  static byte[] of(List<Mark> marks, int width, int height) throws IOException {
    try {
      return painted(marks, width, height);
    } catch (LinkageError | InternalError | RuntimeException e) {
      // What AWT throws where there are no fonts depends on where it finds out.
      throw new IOException("Java cannot paint letters on this machine: " + e, e);
    }
  }

  private static byte[] painted(List<Mark> marks, int width, int height) throws IOException {
    BufferedImage image =
        new BufferedImage(PIXELS * width, PIXELS * height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    graphics.scale(PIXELS, PIXELS);
    PngImage painter = new PngImage(graphics);
    marks.forEach(painter::paint);
    graphics.dispose();
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(image, "png", png);
    return png.toByteArray();
  }

  private void paint(Mark mark) {
    switch (mark.kind()) {
      case BOX -> box((Mark.Box) mark);
      case DOT -> dot((Mark.Dot) mark);
      case PATH -> path((Mark.Path) mark);
      case TEXT -> text((Mark.Text) mark);
    }
  }

  private void box(Mark.Box box) {
    ink(box.ink());
    graphics.fill(new Rectangle2D.Double(box.x(), box.y(), box.width(), box.height()));
  }

  private void dot(Mark.Dot dot) {
    double size = 2 * dot.radius();
    Ellipse2D circle =
        new Ellipse2D.Double(dot.x() - dot.radius(), dot.y() - dot.radius(), size, size);
    ink(dot.ink());
    graphics.fill(circle);
    ink(Ink.PAPER);
    graphics.setStroke(new BasicStroke(1));
    graphics.draw(circle);
  }

  private void path(Mark.Path path) {
    Path2D line = new Path2D.Double();
    for (Place place : path.points()) {
      if (line.getCurrentPoint() == null) {
        line.moveTo(place.x(), place.y());
      } else {
        line.lineTo(place.x(), place.y());
      }
    }
    ink(path.ink());
    graphics.setStroke(
        new BasicStroke(
            (float) path.width(),
            BasicStroke.CAP_BUTT,
            BasicStroke.JOIN_MITER,
            10,
            path.dashed() ? new float[] {6, 4} : null,
            0));
    graphics.draw(line);
  }

  private void text(Mark.Text text) {
    ink(text.ink());
    graphics.setFont(font(text));
    double width = graphics.getFontMetrics().getStringBounds(text.text(), graphics).getWidth();
    double shift =
        switch (text.anchor()) {
          case START -> 0;
          case MIDDLE -> -width / 2;
          case END -> -width;
        };
    AffineTransform before = graphics.getTransform();
    graphics.translate(text.x(), text.y());
    if (text.upwards()) {
      graphics.rotate(-Math.PI / 2);
    }
    graphics.drawString(text.text(), (float) shift, 0);
    graphics.setTransform(before);
  }

  private static Font font(Mark.Text text) {
    int style = text.bold() ? Font.BOLD : Font.PLAIN;
    return new Font(Font.SANS_SERIF, style, 1).deriveFont((float) text.size());
  }

  private void ink(Ink ink) {
    graphics.setColor(new Color(ink.rgb()));
  }
}
