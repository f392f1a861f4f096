package dev.pare.csource;

import dev.pare.graph.Activation;
import dev.pare.graph.Layer;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.Quantization;
import dev.pare.graph.Shape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where a layer stands, and what it adds to a program. */
final class Place {
  private final Program program;
  private final int index;

  /** Of nodes that have made levels the numbers that these stand for. */
  private final Map<Integer, String> dequantized = new HashMap<>();

  Place(Program program, int index) {
    this.program = program;
    this.index = index;
  }

  /** What is done with weights: a product with numbers is added to others. */
  @FunctionalInterface
  interface Product {
    /**
     * @param weights the address of a matrix
     * @param from the numbers that are multiplied
     * @param to those that products are added to
     */
    void add(String weights, String from, String to);
  }

  Program program() {
    return program;
  }

  int index() {
    return index;
  }

  private List<Integer> sources() {
    return program.architecture().nodes().get(index).inputs();
  }

  /** The first that the layer reads. */
  String input() {
    return input(0);
  }

  /** Numbers that the layer reads, or levels if it picks some of these. */
  String input(int which) {
    int source = sources().get(which);
    return picksLevels() || inputLevels(which).isEmpty()
        ? program.made(source)
        : dequantized.computeIfAbsent(
            source,
            of -> {
              String numbers = scratch("numbers_" + of, inputShape(which).size());
              dequantize(of, numbers);
              return numbers;
            });
  }

  /** What the layer reads as it is: levels, or numbers. */
  String inputAsMade(int which) {
    return program.made(sources().get(which));
  }

  /** The quantization whose levels the layer reads, if it does. */
  Optional<Quantization> inputLevels(int which) {
    return program.integers().levels(sources().get(which));
  }

  /** Adds statements that make the numbers that the levels of a node stand for. */
  void dequantize(int node, String to) {
    Quantization levels = program.integers().levels(node).orElseThrow();
    call(
        "dequantize",
        program.made(node),
        to,
        levels.zeroPoint(),
        levels.scale(),
        program.architecture().outputShape(node).size());
  }

  /** The same of levels that the layer reads. */
  void dequantizeInput(int which, String to) {
    dequantize(sources().get(which), to);
  }

  private Layer layer() {
    return program.architecture().layers().get(index);
  }

  /** Whether each output is one of the levels that the layer reads, or the level of 0. */
  boolean picksLevels() {
    return layer().picksNumbers() && program.integers().levels(index).isPresent();
  }

  /** A function that picks numbers, or the one that picks levels. */
  String picking(String function) {
    return picksLevels() ? function + "_levels" : function;
  }

  int inputs() {
    return sources().size();
  }

  Shape inputShape() {
    return inputShape(0);
  }

  Shape inputShape(int which) {
    return program.architecture().inputShapes(index).get(which);
  }

  Shape shape() {
    return program.architecture().outputShape(index);
  }

  /** Room for what the layer makes. */
  String output() {
    boolean isOfLevels = program.integers().levels(index).isPresent();
    int last = program.integers().lastOf(index);
    String name =
        isLast() && !isOfLevels
            ? "logits"
            : program.buffer(
                "layer_" + index,
                isOfLevels ? Element.LEVEL : Element.FLOAT,
                program.architecture().outputShape(last).size(),
                index,
                program.lastReader(last));
    program.setMade(index, name);
    return name;
  }

  /** The same; that of the first input, if nothing else reads it from then on. */
  String inPlace() {
    String name = input();
    int source = sources().get(0);
    boolean isOwn = dequantized.containsKey(source);
    return isLast() || !program.isBuffer(name) || !isOwn && program.lastReader(source) > index
        ? output()
        : kept(name);
  }

  /** The same of levels. */
  String levelsInPlace() {
    int source = sources().get(0);
    return inputLevels(0).isPresent() && program.lastReader(source) <= index
        ? kept(program.made(source))
        : output();
  }

  private String kept(String name) {
    program.keep(name, program.lastReader(program.integers().lastOf(index)));
    program.setMade(index, name);
    return name;
  }

  private boolean isLast() {
    return index == program.architecture().nodes().size() - 1;
  }

  /** Room that only this layer needs. */
  String scratch(String name, long size) {
    return scratch(name, Element.FLOAT, size);
  }

  String scratch(String name, Element element, long count) {
    return program.buffer(named(name), element, count, index, index);
  }

  /** The name of something that is the layer's. */
  String named(String name) {
    return "layer_" + index + "_" + name.replace('.', '_');
  }

  void call(String function, Object... arguments) {
    program.statement(program.call(function, arguments) + ";");
  }

  /** A function of each number by itself. */
  void each(String function, String from, String to, Object... constants) {
    Object[] arguments = new Object[constants.length + 1];
    arguments[0] = from + "[i]";
    System.arraycopy(constants, 0, arguments, 1, constants.length);
    program.open("for (int32_t i = 0; i < %d; i++)".formatted(shape().size()));
    program.statement(to + "[i] = " + program.call(function, arguments) + ";");
    program.close();
  }

  /** Applies an activation; a softmax, which only what is asked of a network needs, is left out. */
  void activate(Activation activation, String numbers) {
    switch (activation) {
      case IDENTITY, SOFTMAX -> {}
      case RELU -> each("relu", numbers, numbers);
      case SIGMOID -> each("sigmoid", numbers, numbers);
      case TANH -> each("hyperbolic_tangent", numbers, numbers);
    }
  }

  Optional<ParameterTensor> tensor(String parameter) {
    return program.architecture().tensors(index).stream()
        .filter(tensor -> tensor.parameter().name().equals(parameter))
        .findFirst();
  }

  private ParameterTensor known(String parameter) {
    return tensor(parameter)
        .orElseThrow(() -> new IllegalArgumentException("no parameter " + parameter));
  }

  /** All values of a parameter. */
  float[] values(String parameter) {
    return program.tensor(known(parameter)).toFloats();
  }

  /** A table of all values of a parameter. */
  String floats(String parameter) {
    return program.floats(named(parameter), values(parameter));
  }

  /** Sets the places of each channel to its bias. */
  void fill(String biases, String numbers, int channels, int places) {
    call("fill", matrix(biases, 1), numbers, channels, places);
  }

  /** Adds the product of a weight with the numbers of each place. */
  void multiply(String parameter, String from, String to, int places) {
    product(
        parameter, from, to, places, (weights, x, y) -> call("multiply", weights, x, y, places));
  }

  /**
   * Adds a product, or the products that one is made of.
   *
   * @param places of each number that is made
   */
  void product(String parameter, String from, String to, int places, Product product) {
    float scale = program.weightScale(from);
    if (tensor(parameter).isPresent()) {
      product.add(matrix(parameter, scale), from, to);
      return;
    }
    int size = Math.multiplyExact(known(parameter + ".V").rows(), places);
    String inner = scratch(parameter + "_inner", size);
    call("clear", inner, size);
    product.add(matrix(parameter + ".V", scale), from, inner);
    call("multiply", matrix(parameter + ".U", 1), inner, to, places);
    if (tensor(parameter + ".S").isPresent()) {
      product.add(matrix(parameter + ".S", scale), from, to);
    }
  }

  /** Adds the product of a weight, multiplied out first if it is itself one. */
  void wholeProduct(String parameter, String from, String to, Product product) {
    if (tensor(parameter).isPresent()) {
      product.add(matrix(parameter, program.weightScale(from)), from, to);
      return;
    }
    int rows = known(parameter + ".U").rows();
    int rank = known(parameter + ".V").rows();
    int columns = known(parameter + ".V").columns();
    float[] left = values(parameter + ".U");
    float[] right = values(parameter + ".V");
    float[] whole =
        tensor(parameter + ".S").isPresent()
            ? values(parameter + ".S")
            : new float[Math.multiplyExact(rows, columns)];
    for (int row = 0; row < rows; row++) {
      for (int k = 0; k < rank; k++) {
        for (int column = 0; column < columns; column++) {
          whole[row * columns + column] += left[row * rank + k] * right[k * columns + column];
        }
      }
    }
    float scale = program.weightScale(from);
    for (int i = 0; i < whole.length; i++) {
      whole[i] *= scale;
    }
    product.add(
        new MatrixTable(program, CForm.PACKED).add(named(parameter), columns, whole), from, to);
  }

  private String matrix(String parameter, float scale) {
    ParameterTensor tensor = known(parameter);
    // Biases are few: what is learned of their code would take more room than they.
    CForm form = tensor.isWeight() ? program.form() : CForm.PACKED;
    return new MatrixTable(program, form).add(named(parameter), program.tensor(tensor), scale);
  }

  /** A table of the sides of a shape. */
  String sides(Shape shape) {
    return program.ints(
        "shape_%d_%d_%d".formatted(shape.channels(), shape.height(), shape.width()),
        shape.channels(),
        shape.height(),
        shape.width());
  }
}
