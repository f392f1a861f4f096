package dev.pare.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pare.graph.Architecture;
import dev.pare.prepare.Column;
import dev.pare.prepare.Preparation;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;

/** Preparations as bytes; package-info specifies them. */
final class PreparationFormat {
  /** The kind of their section. */
  static final int KIND = 129;

  private static final int CATEGORICAL = 1;
  private static final int ZEROS = 1 << 1;
  private static final int FILLED = 1 << 1;
  private static final int STANDARDIZED = 1 << 2;

  private PreparationFormat() {}

  /**
   * Makes sure that a preparation is of a network.
   *
   * @throws IllegalArgumentException if it is not
   */
  static void check(Preparation preparation, Architecture architecture) {
    int features = preparation.features();
    int inputs = architecture.input().size();
    if (!preparation.columns().isEmpty() && features != inputs) {
      throw new IllegalArgumentException(
          "a preparation of " + features + " features for a network that reads " + inputs);
    }
    int classes = preparation.classes().size();
    if (classes > 0 && classes != architecture.outputs()) {
      throw new IllegalArgumentException(
          classes + " names for " + architecture.outputs() + " classes");
    }
  }

  static void write(Preparation preparation, ByteSink out) {
    out.writeVarint(preparation.columns().size());
    for (Column column : preparation.columns()) {
      writeText(column.name(), out);
      switch (column.kind()) {
        case NUMERIC -> writeNumeric((Column.Numeric) column, out);
        case CATEGORICAL -> {
          Column.Categorical categorical = (Column.Categorical) column;
          out.writeByte(CATEGORICAL | (categorical.others() == Column.Others.ZEROS ? ZEROS : 0));
          writeTexts(categorical.categories(), out);
        }
      }
    }
    writeTexts(preparation.classes(), out);
  }

  private static void writeNumeric(Column.Numeric column, ByteSink out) {
    boolean standardized = column.mean() != 0 || column.deviation() != 1;
    out.writeByte((column.fills() ? FILLED : 0) | (standardized ? STANDARDIZED : 0));
    if (column.fills()) {
      out.writeFloats(column.fill());
    }
    if (standardized) {
      out.writeFloats(column.mean(), column.deviation());
    }
  }

  private static void writeTexts(List<String> texts, ByteSink out) {
    out.writeVarint(texts.size());
    texts.forEach(text -> writeText(text, out));
  }

  private static void writeText(String text, ByteSink out) {
    byte[] bytes = text.getBytes(UTF_8);
    out.writeVarint(bytes.length);
    out.writeBytes(bytes);
  }

  /**
   * The preparation in a section of this content.
   *
   * @throws MalformedArtifactException if there is none for that architecture
   */
  static Preparation read(Architecture architecture, ByteSource in) {
    int count = in.readVarint();
    List<Column> columns = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        columns.add(readColumn(in));
      }
      Preparation preparation = new Preparation(columns, readTexts(in));
      if (in.remaining() > 0 || preparation.isNone()) {
        throw in.invalid("nothing to prepare, or more bytes than a preparation");
      }
      check(preparation, architecture);
      return preparation;
    } catch (IllegalArgumentException e) {
      throw in.invalid("not a preparation: " + e.getMessage());
    }
  }

  private static Column readColumn(ByteSource in) {
    String name = readText(in);
    int kind = in.readByte();
    if ((kind & CATEGORICAL) != 0) {
      if (kind > (CATEGORICAL | ZEROS)) {
        throw in.invalid("a column of unknown kind " + kind);
      }
      return new Column.Categorical(
          name, readTexts(in), (kind & ZEROS) != 0 ? Column.Others.ZEROS : Column.Others.REFUSED);
    }
    if (kind > (FILLED | STANDARDIZED)) {
      throw in.invalid("a column of unknown kind " + kind);
    }
    float fill = (kind & FILLED) != 0 ? in.readFloat() : Float.NaN;
    boolean standardized = (kind & STANDARDIZED) != 0;
    Column.Numeric column =
        new Column.Numeric(
            name, fill, standardized ? in.readFloat() : 0, standardized ? in.readFloat() : 1);
    if (column.fills() != ((kind & FILLED) != 0)
        || standardized && column.mean() == 0 && column.deviation() == 1) {
      throw in.invalid("a column that is written otherwise");
    }
    return column;
  }

  /** The list grows as texts come: each takes a byte at least. */
  private static List<String> readTexts(ByteSource in) {
    int count = in.readVarint();
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      texts.add(readText(in));
    }
    return texts;
  }

  private static String readText(ByteSource in) {
    byte[] bytes = in.readBytes(in.readVarint());
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw in.invalid("a text that is not UTF-8");
    }
  }
}
