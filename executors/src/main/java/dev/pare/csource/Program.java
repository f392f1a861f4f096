package dev.pare.csource;

import static java.util.Objects.requireNonNull;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.CompressedTensor;
import dev.pare.csource.Arena.Buffer;
import dev.pare.export.ExportException;
import dev.pare.graph.Architecture;
import dev.pare.graph.Node;
import dev.pare.graph.ParameterTensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What a source file will have: functions, tables, and the statements of one that calls them. */
final class Program {
  private static final int LINE = 96;

  private final CompressedNetwork network;
  private final CForm form;
  private final Input.Division division;
  private final Integers integers;
  private final Library library = new Library();
  private final Arena arena = new Arena();
  private final Map<String, String> tables = new LinkedHashMap<>();
  private final Map<String, String> names = new HashMap<>();
  private final StringBuilder statements = new StringBuilder();
  private final String[] made;
  private final Map<String, Buffer> buffers = new TreeMap<>();
  private int depth = 1;
  private long tableBytes;
  private int matrices;
  private int calls;
  private int arguments;
  private int loops;

  /**
   * @param division where the network's input is divided by its divisor
   */
  Program(CompressedNetwork network, CForm form, Input.Division division) {
    this.network = network;
    this.form = form;
    this.division = division;
    integers = new Integers(network);
    made = new String[network.architecture().nodes().size()];
  }

  /** How it holds weights. */
  CForm form() {
    return form;
  }

  Architecture architecture() {
    return network.architecture();
  }

  /** What all functions of the library that are used need to know. */
  Library library() {
    return library;
  }

  CompressedTensor tensor(ParameterTensor place) {
    return network.tensors().get(network.architecture().tensors().indexOf(place));
  }

  /** What is computed in integers. */
  Integers integers() {
    return integers;
  }

  /** Where the network's input is divided by its divisor. */
  Input.Division division() {
    return division;
  }

  /** What the weights are multiplied by that numbers of that name are multiplied by. */
  float weightScale(String numbers) {
    return division == Input.Division.OF_WEIGHTS && numbers.equals(input())
        ? 1 / architecture().input().divisor()
        : 1;
  }

  /** The network's input, prepared. */
  String input() {
    return buffers.containsKey("input") ? "input" : "features";
  }

  /** What a node has made, or the network's input. */
  String made(int node) {
    return node == Node.NETWORK_INPUT ? input() : made[node];
  }

  void setMade(int node, String name) {
    made[node] = name;
  }

  /** The last node that reads what another has made. */
  int lastReader(int node) {
    List<Integer> readers = architecture().readers(node);
    return readers.isEmpty() ? node : readers.get(readers.size() - 1);
  }

  /** Room for what some nodes need. */
  String buffer(String name, Element element, long count, int from, int to) {
    buffers.put(name, arena.buffer(name, element, count, from, to));
    return name;
  }

  /** Keeps a buffer for a node that comes later. */
  void keep(String buffer, int to) {
    requireNonNull(buffers.get(buffer), buffer).keepUntil(to);
  }

  /** Whether a name is that of a buffer, which can be changed. */
  boolean isBuffer(String name) {
    return buffers.containsKey(name);
  }

  /** Gives all buffers their places; how many bytes there are in the arena. */
  long placeBuffers() {
    return arena.place();
  }

  List<Buffer> buffers() {
    return arena.buffers();
  }

  void statement(String text) {
    statements.append("  ".repeat(depth)).append(text).append('\n');
  }

  /** Begins a block. */
  void open(String head) {
    statement(head + " {");
    loops++;
    depth++;
  }

  /** Ends a block. */
  void close() {
    depth--;
    statement("}");
  }

  /** A call of a function of the library. */
  String call(String function, Object... values) {
    library.use(function);
    calls++;
    arguments += values.length;
    return Arrays.stream(values)
        .map(Program::literal)
        .collect(Collectors.joining(", ", function + "(", ")"));
  }

  /** A number, or a name, as C has it. */
  static String literal(Object value) {
    if (value instanceof Float number) {
      float finite = Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, number));
      return finite + "f";
    }
    return value.toString();
  }

  String statements() {
    return statements.toString();
  }

  /** All tables, each of which is needed by those behind it alone. */
  String tables() {
    return String.join("\n", tables.values());
  }

  /** About what all code takes on a Cortex-M3. */
  long codeBytes() {
    return new CodeSizes().of(library) + CodeSizes.ofStatements(calls, arguments, loops);
  }

  /** What all tables take where addresses have 32 bits. */
  long tableBytes() {
    return tableBytes + (long) matrices * library.matrixBytes();
  }

  /**
   * A table of floats; its name, or that of one that is the same.
   *
   * @throws ExportException if one is not finite
   */
  String floats(String name, float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new ExportException(
            "%s has %s: only finite numbers can be exported to C".formatted(name, value));
      }
    }
    return table(
        "float",
        name,
        Float.BYTES,
        IntStream.range(0, values.length).mapToObj(i -> literal(values[i])).toList());
  }

  String bytes(String name, byte[] values) {
    return table(
        "uint8_t",
        name,
        Byte.BYTES,
        IntStream.range(0, values.length)
            .mapToObj(i -> Integer.toString(values[i] & 0xFF))
            .toList());
  }

  String signedBytes(String name, byte[] values) {
    return table(
        "int8_t",
        name,
        Byte.BYTES,
        IntStream.range(0, values.length).mapToObj(i -> Byte.toString(values[i])).toList());
  }

  /** Of numbers of 32 bits. */
  String ints(String name, int... values) {
    return table(
        "int32_t", name, Integer.BYTES, IntStream.of(values).mapToObj(Integer::toString).toList());
  }

  /**
   * Of numbers from 0 to 65,535.
   *
   * @throws ExportException if one is not
   */
  String shorts(String name, int... values) {
    for (int value : values) {
      if (value < 0 || value > 0xFFFF) {
        throw new ExportException(
            "%s has %d: numbers up to 65535 can be exported to C".formatted(name, value));
      }
    }
    return table(
        "uint16_t", name, Short.BYTES, IntStream.of(values).mapToObj(Integer::toString).toList());
  }

  /** Of numbers from −32,768 to 32,767. */
  String signedShorts(String name, int... values) {
    return table(
        "int16_t", name, Short.BYTES, IntStream.of(values).mapToObj(Integer::toString).toList());
  }

  /** Of structures. */
  String structures(String type, String name, int bytes, List<String> each) {
    return table("struct " + type, name, bytes, each);
  }

  private String table(String type, String name, int bytes, List<String> values) {
    StringBuilder text = new StringBuilder();
    StringBuilder line = new StringBuilder("  ");
    for (String value : values) {
      if (line.length() + value.length() > LINE) {
        text.append(line.toString().stripTrailing()).append('\n');
        line.setLength(2);
      }
      line.append(value).append(", ");
    }
    text.append(line.toString().stripTrailing());
    String content = type + "\n" + text;
    String known = names.putIfAbsent(content, name);
    if (known != null) {
      return known;
    }
    tableBytes += (long) bytes * values.size();
    tables.put(
        name, "static const %s %s[%d] = {\n%s\n};\n".formatted(type, name, values.size(), text));
    return name;
  }

  /** A matrix, as {@code matrix.c} has it; the expression of its address. */
  String matrix(String name, List<Object> fields) {
    matrices++;
    return structure("weights", name, 0, fields);
  }

  /** A single structure; the expression of its address. */
  String structure(String type, String name, int bytes, List<Object> fields) {
    tableBytes += bytes;
    tables.put(
        name,
        fields.stream()
            .map(Program::literal)
            .collect(
                Collectors.joining(
                    ", ", "static const struct %s %s = {".formatted(type, name), "};\n")));
    return "&" + name;
  }
}
