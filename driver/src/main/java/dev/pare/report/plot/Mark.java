package dev.pare.report.plot;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** Something to draw; lengths are in points, y grows downwards. */
sealed interface Mark {
  /** What it is; switch over this. */
  Kind kind();

  enum Kind {
    BOX,
    DOT,
    PATH,
    TEXT
  }

  /** Where a text lies beside its place. */
  enum Anchor {
    START,
    MIDDLE,
    END
  }

  /** A filled rectangle. */
  record Box(double x, double y, double width, double height, Ink ink) implements Mark {
    @Override
    public Kind kind() {
      return Kind.BOX;
    }
  }

  /** A filled circle with a rim in the background's colour. */
  record Dot(double x, double y, double radius, Ink ink) implements Mark {
    @Override
    public Kind kind() {
      return Kind.DOT;
    }
  }

  /** A line through points. */
  record Path(List<Place> points, double width, Ink ink, boolean dashed) implements Mark {
    public Path {
      points = List.copyOf(points);
    }

    @Override
    public Kind kind() {
      return Kind.PATH;
    }
  }

  /**
   * A line of text.
   *
   * @param y of its base line
   * @param upwards whether it reads from bottom to top
   */
  record Text(
      double x,
      double y,
      double size,
      boolean bold,
      Anchor anchor,
      boolean upwards,
      Ink ink,
      String text)
      implements Mark {
    public Text {
      requireNonNull(anchor, "anchor is null");
      requireNonNull(text, "text is null");
    }

    @Override
    public Kind kind() {
      return Kind.TEXT;
    }
  }

  /** A point of the figure. */
  record Place(double x, double y) {}
}
