package dev.pare.csource;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.csource.Arena.Buffer;
import dev.pare.export.ExportException;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.Shape;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes networks as C. */
public final class CExport {
  private CExport() {}

  /**
   * A network as C99 that reads raw values and makes what {@code Predictor} does of them, to
   * rounding. It needs {@code stdint.h} alone, allocates nothing, and has its variables, which
   * calls share, and its constants in one file.
   *
   * @param prefix of names: letters, digits and underscores, a letter first; not {@code stdint}
   * @param provenance what is known of the network, for the header
   * @throws ExportException naming the layer or the column that cannot be written
   * @throws IllegalArgumentException if the prefix cannot begin names
   */
  public static CSource of(
      CompressedNetwork network, CForm form, String prefix, Map<String, String> provenance) {
    if (!isPrefix(prefix)) {
      throw new IllegalArgumentException(
          "prefix \"%s\": must be letters, digits and underscores, a letter first, and not stdint"
              .formatted(prefix));
    }
    Architecture architecture = network.architecture();
    Program program = new Program(network, form, Input.Division.of(architecture));
    new Input(program, network.preparation()).write();
    for (int i = 0; i < architecture.nodes().size(); i++) {
      program.statement("/* " + comment(architecture.layers().get(i).summary()) + " */");
      Writers.write(new Place(program, i));
    }
    int last = architecture.nodes().size() - 1;
    if (program.integers().levels(last).isPresent()) {
      new Place(program, last).dequantize(last, "logits");
    }
    long numbers = (program.placeBuffers() + Float.BYTES - 1) / Float.BYTES;
    program.library().use("label");
    boolean isProbabilities = architecture.output() == Activation.SOFTMAX;
    if (isProbabilities) {
      program.library().use("softmax");
    }
    Facts facts =
        new Facts(
            prefix,
            program.tableBytes() + bytes(network.preparation().classes()),
            program.codeBytes(),
            numbers * Float.BYTES + form.decoderBytes(program.library()),
            multiplyAdds(network),
            isProbabilities);
    return new CSource(
        prefix,
        header(network, form, facts, provenance),
        source(network, program, numbers, facts),
        facts.tableBytes(),
        facts.codeBytes(),
        facts.ramBytes(),
        (long) Float.BYTES * (features(network) + architecture.outputs()),
        facts.multiplyAdds());
  }

  private record Facts(
      String prefix,
      long tableBytes,
      long codeBytes,
      long ramBytes,
      long multiplyAdds,
      boolean isProbabilities) {}

  /** Numbers that go in. */
  private static int features(CompressedNetwork network) {
    int columns = network.preparation().columns().size();
    return columns > 0 ? columns : network.architecture().input().size();
  }

  /** Whether names can begin so. */
  public static boolean isPrefix(String text) {
    // Its header would be taken for the one that it needs.
    return text.matches("[A-Za-z][A-Za-z0-9_]*") && !text.equalsIgnoreCase("stdint");
  }

  /**
   * The prefix that a file's name gives: its base name in small letters, all that names cannot have
   * being underscores.
   */
  public static String prefix(String fileName) {
    String base = fileName.replaceFirst("\\.pare$", "");
    StringBuilder name = new StringBuilder();
    for (char c : base.toLowerCase(Locale.ROOT).toCharArray()) {
      name.append(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' ? c : '_');
    }
    return isPrefix(name.toString()) ? name.toString() : "network_" + name;
  }

  private static long multiplyAdds(CompressedNetwork network) {
    Architecture architecture = network.architecture();
    List<ParameterTensor> tensors = architecture.tensors();
    long sum = architecture.products();
    for (int i = 0; i < tensors.size(); i++) {
      if (tensors.get(i).isWeight()) {
        sum += network.tensors().get(i).nonzeros() * architecture.uses(tensors.get(i));
      }
    }
    return sum;
  }

  /** Of the classes' names, each with its end and an address of 32 bits. */
  private static long bytes(List<String> classes) {
    return classes.stream()
        .mapToLong(name -> name.getBytes(StandardCharsets.UTF_8).length + 1L + Integer.BYTES)
        .sum();
  }

  private static String header(
      CompressedNetwork network, CForm form, Facts facts, Map<String, String> provenance) {
    Architecture architecture = network.architecture();
    List<String> classes = network.preparation().classes();
    boolean isByColumns = !network.preparation().columns().isEmpty();
    String prefix = facts.prefix();
    String upper = prefix.toUpperCase(Locale.ROOT);
    StringBuilder text = new StringBuilder();
    text.append("/*\n * A neural network, exported by Pare.\n *\n * weights: ")
        .append(form)
        .append('\n');
    provenance.forEach(
        (key, value) ->
            text.append(" * ")
                .append(comment(key))
                .append(": ")
                .append(comment(value))
                .append('\n'));
    text.append(
        """
         *
         * Constants: %d bytes. Code: about %d bytes on a Cortex-M3, by gcc -Os, with what that
         * brings for floats. Variables: %d bytes, besides the stack and what the caller has: the
         * features and the outputs. Multiply-adds: %d.
         *
         * Calls share variables: only one at a time.
         *
         *   float features[%s_FEATURES];   %s
         *   float outputs[%s_OUTPUTS];     %s
         *   int %s = %s_predict(features, outputs);
         */
        #ifndef %s_H
        #define %s_H

        #ifdef __cplusplus
        extern "C" {
        #endif

        enum { %s_FEATURES = %d, %s_OUTPUTS = %d };

        """
            .formatted(
                facts.tableBytes(),
                facts.codeBytes(),
                facts.ramBytes(),
                facts.multiplyAdds(),
                upper,
                isByColumns ? "one a column; NaN if missing" : shape(architecture),
                upper,
                facts.isProbabilities()
                    ? "a probability for each class"
                    : "as the network makes them",
                facts.isProbabilities() ? "label" : "status",
                prefix,
                upper,
                upper,
                upper,
                features(network),
                upper,
                architecture.outputs()));
    text.append(
        """
        /*
         * Runs the network. Returns the number of the largest output, from 0, or -1 if a feature
         * cannot be used: it is not finite, or missing, or no token that the network knows.
         */
        int %s_predict(const float *features, float *outputs);
        """
            .formatted(prefix));
    if (facts.isProbabilities()) {
      text.append(
          """

          /* The same, but with what comes before the softmax. */
          int %s_logits(const float *features, float *logits);
          """
              .formatted(prefix));
    }
    if (!classes.isEmpty()) {
      text.append(
          """

          /* The classes' names, in UTF-8. */
          extern const char *const %s_classes[%d];
          """
              .formatted(prefix, classes.size()));
    }
    return text.append(
            """

            #ifdef __cplusplus
            }
            #endif

            #endif
            """)
        .toString();
  }

  private static String shape(Architecture architecture) {
    Shape shape =
        new Shape(
            architecture.input().channels(),
            architecture.input().height(),
            architecture.input().width());
    return shape.isPoint()
        ? "as in the data"
        : "as in the data, [%d][%d][%d]".formatted(shape.channels(), shape.height(), shape.width());
  }

  private static String source(
      CompressedNetwork network, Program program, long numbers, Facts facts) {
    String prefix = facts.prefix();
    List<String> classes = network.preparation().classes();
    int outputs = network.architecture().outputs();
    StringBuilder text = new StringBuilder();
    text.append("/* ").append(prefix).append(".h describes this network. */\n");
    text.append("#include \"").append(prefix).append(".h\"\n\n#include <stdint.h>\n\n");
    text.append(program.library().text()).append('\n').append(program.tables()).append('\n');
    boolean hasSums = program.buffers().stream().anyMatch(each -> each.element() == Element.SUM);
    if (numbers > 0) {
      text.append(
          "static %s arena[%d];\n\n".formatted(hasSums ? "union number" : "float", numbers));
    }
    if (!classes.isEmpty()) {
      text.append("const char *const %s_classes[%d] = {\n".formatted(prefix, classes.size()));
      classes.forEach(name -> text.append("  ").append(quoted(name)).append(",\n"));
      text.append("};\n\n");
    }
    text.append(
        "int %s_%s(const float *features, float *logits) {\n"
            .formatted(prefix, facts.isProbabilities() ? "logits" : "predict"));
    for (Buffer buffer : program.buffers()) {
      text.append("  ").append(pointer(buffer, hasSums)).append(";\n");
    }
    text.append(program.statements());
    text.append("  return label(logits, %d);\n}\n".formatted(outputs));
    if (facts.isProbabilities()) {
      text.append(
          """

          int %s_predict(const float *features, float *outputs) {
            int label = %s_logits(features, outputs);
            if (label >= 0) {
              softmax(outputs, outputs, %d, 1);
            }
            return label;
          }
          """
              .formatted(prefix, prefix, outputs));
    }
    return text.toString();
  }

  private static String pointer(Buffer buffer, boolean isOfUnions) {
    long number = buffer.offset() / Float.BYTES;
    return switch (buffer.element()) {
      case FLOAT ->
          isOfUnions
              ? "float *const %s = &arena[%d].real".formatted(buffer.name(), number)
              : "float *const %s = arena + %d".formatted(buffer.name(), number);
      case LEVEL ->
          "uint8_t *const %s = (uint8_t *)arena + %d".formatted(buffer.name(), buffer.offset());
      case SUM -> "union number *const %s = arena + %d".formatted(buffer.name(), number);
    };
  }

  /** A text that cannot end a comment. */
  private static String comment(String text) {
    StringBuilder safe = new StringBuilder();
    text.codePoints()
        .forEach(c -> safe.appendCodePoint(c >= ' ' && c < 127 && c != '*' ? c : replaced(c)));
    return safe.toString();
  }

  private static int replaced(int c) {
    return c == '×' ? 'x' : '_';
  }

  /** A text as a literal of C: octal, for what C's source characters do not have. */
  private static String quoted(String text) {
    StringBuilder literal = new StringBuilder("\"");
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      int c = b & 0xFF;
      boolean isPlain = c >= ' ' && c < 127 && c != '"' && c != '\\' && c != '?';
      literal.append(isPlain ? String.valueOf((char) c) : "\\%03o".formatted(c));
    }
    return literal.append('"').toString();
  }
}
