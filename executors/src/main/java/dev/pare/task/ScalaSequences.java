package dev.pare.task;

import java.util.Iterator;
import java.util.List;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * Java's sequences for Scala and Scala's for Java, with what Scala 2.12 and 2.13 have in common:
 * where Spark's methods take a {@code Seq}, 2.13 means an immutable one.
 */
@SuppressWarnings(
    "deprecation") // 2.13 has JavaConverters under another name, too, which 2.12 lacks.
public final class ScalaSequences {
  private ScalaSequences() {}

  /** A copy of a list. */
  public static <T> scala.collection.immutable.List<T> list(List<T> elements) {
    return JavaConverters.asScalaBuffer(elements).toList();
  }

  /** What is left of an iterator. */
  public static <T> scala.collection.Iterator<T> iterator(Iterator<T> elements) {
    return JavaConverters.asScalaIterator(elements);
  }

  /** A view of a sequence. */
  public static <T> List<T> javaList(Seq<T> elements) {
    return JavaConverters.seqAsJavaList(elements);
  }
}
