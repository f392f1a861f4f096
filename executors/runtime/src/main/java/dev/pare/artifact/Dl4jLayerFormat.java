package dev.pare.artifact;

import dev.pare.graph.Dl4jLayer;
import dev.pare.graph.Parameter;
import dev.pare.graph.Parameter.Role;
import dev.pare.graph.Shape;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A {@link Dl4jLayer} within a file; package-info has the table. */
final class Dl4jLayerFormat {
  private static final int MAX_CONFIGURATION_BYTES = 1 << 16;
  private static final int MAX_PARAMETERS = 64;
  private static final int WEIGHT = 0;
  private static final int OTHER = 1;

  private Dl4jLayerFormat() {}

  static void write(Dl4jLayer stock, ByteSink out) {
    writeText(stock.configuration(), out);
    out.writeVarint(stock.output().channels());
    out.writeVarint(stock.output().height());
    out.writeVarint(stock.output().width());
    out.writeVarint(stock.parameters().size());
    for (Parameter parameter : stock.parameters()) {
      writeText(parameter.name(), out);
      out.writeByte(parameter.isWeight() ? WEIGHT : OTHER);
      out.writeVarint(parameter.rows());
      out.writeVarint(parameter.columns());
    }
  }

  static Dl4jLayer read(ByteSource in) {
    String configuration = readText(in);
    Shape output = new Shape(in.readVarint(), in.readVarint(), in.readVarint());
    int count = in.readVarint();
    if (count > MAX_PARAMETERS) {
      throw in.invalid(count + " parameters of a layer, more than " + MAX_PARAMETERS);
    }
    List<Parameter> parameters = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String name = readText(in);
      int role = in.readByte();
      if (role != WEIGHT && role != OTHER) {
        throw in.invalid("unknown role " + role);
      }
      parameters.add(
          new Parameter(
              name, role == WEIGHT ? Role.WEIGHT : Role.BIAS, in.readVarint(), in.readVarint()));
    }
    return new Dl4jLayer(configuration, output, parameters);
  }

  private static void writeText(String text, ByteSink out) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > MAX_CONFIGURATION_BYTES) {
      throw new IllegalArgumentException(
          bytes.length + " bytes of text, more than " + MAX_CONFIGURATION_BYTES);
    }
    out.writeVarint(bytes.length);
    out.writeBytes(bytes);
  }

  private static String readText(ByteSource in) {
    int length = in.readVarint();
    if (length > MAX_CONFIGURATION_BYTES) {
      throw in.invalid(length + " bytes of text, more than " + MAX_CONFIGURATION_BYTES);
    }
    return new String(in.readBytes(length), StandardCharsets.UTF_8);
  }
}
