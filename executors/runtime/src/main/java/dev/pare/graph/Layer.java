package dev.pare.graph;

import java.io.Serializable;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What one node of a network computes, without its parameters and its place: an operator. It
 * answers for itself: whatever is to be known of a kind of layer without running it is asked here,
 * and nowhere by its kind.
 *
 * <p>How it is trained is found beside it in {@code layers}, how it is written in {@code artifact}.
 * As a {@link Step} it reads what the layer before it has made.
 */
public interface Layer extends Step, Serializable {
  /** What papers and messages call it. */
  String title();

  /** Its title, its sizes and its activation, for people. */
  default String summary() {
    return title() + activation().suffix();
  }

  /**
   * Shape of what it makes.
   *
   * @param inputs shapes of what it reads
   * @throws IllegalArgumentException if they do not fit
   */
  Shape output(List<Shape> inputs);

  /**
   * How many tokens there are of which it reads one at each place, as whole numbers from 0; empty
   * if it reads any numbers.
   */
  default OptionalInt vocabulary() {
    return OptionalInt.empty();
  }

  /**
   * Its parameters, in the order in which they lie.
   *
   * @param inputs that fit
   * @throws IllegalArgumentException if they are more than an array holds
   */
  default List<Parameter> parameters(List<Shape> inputs) {
    return List.of();
  }

  /**
   * How often each of its weights is multiplied for one example, at places of padding too.
   *
   * @param inputs that fit
   * @param output what it makes of them
   */
  default long uses(List<Shape> inputs, Shape output) {
    return output.places();
  }

  /**
   * How many multiply-adds of one example are of two numbers that depend on it, as those of queries
   * with keys: matrix products without weights.
   *
   * @param inputs that fit
   * @param output what it makes of them
   */
  default long products(List<Shape> inputs, Shape output) {
    return 0;
  }

  /** How its output's channels follow from its inputs'. */
  ChannelFlow flow(List<Shape> inputs);

  /**
   * The same layer when only some channels of its inputs and outputs are left; parameters are
   * chosen by their axes.
   *
   * @param inputs of each input, the channels that are left, in the order that they have then
   * @param outputs of the output, as {@link #flow} has them
   */
  default Layer reduced(List<int[]> inputs, int[] outputs) {
    return this;
  }

  /** What it takes of memory and time beside its output and its weights' products. */
  default ExampleCost extraCost(List<Shape> inputs, Shape output) {
    return ExampleCost.NONE;
  }

  /** What it applies to its sums. */
  default Activation activation() {
    return Activation.IDENTITY;
  }

  /**
   * The same with another activation.
   *
   * @throws IllegalArgumentException if it is not of the layers that have one
   */
  default Layer withActivation(Activation other) {
    throw new IllegalArgumentException("a layer without activation: " + title());
  }

  /**
   * Whether nothing that it makes is below zero.
   *
   * @param inputs whether that is so of what it reads
   */
  default boolean isNeverNegative(boolean inputs) {
    return switch (activation()) {
      case RELU, SIGMOID, SOFTMAX -> true;
      case IDENTITY, TANH -> false;
    };
  }

  /**
   * What it makes of a channel in which every number is the same, if that follows from the number
   * alone; of layers that pass channels on one by one, without parameters.
   */
  default OptionalDouble ofConstant(double number) {
    return OptionalDouble.empty();
  }

  /**
   * What it makes of one constant channel of each input, as {@link #ofConstant} of one.
   *
   * @param numbers in the order of the inputs, of those that have the channel
   */
  default OptionalDouble ofConstants(double... numbers) {
    return numbers.length == 1 ? ofConstant(numbers[0]) : OptionalDouble.empty();
  }

  /**
   * Whether a channel in which every number is the same adds that number times the sum of its
   * weights, at each place alike: not beside zeros at an edge.
   */
  default boolean addsConstants() {
    return false;
  }

  /** Whether one channel's numbers can keep others from being passed on. */
  default boolean competes() {
    return false;
  }

  /** Whether what it makes changes little where what it reads does. */
  default boolean isContinuous() {
    return true;
  }

  /** Whether each number that it makes is one of those that it reads, or zero. */
  default boolean picksNumbers() {
    return false;
  }

  /** Whether what it makes is zero where it is not active, as behind a ReLU. */
  default boolean makesZeros() {
    return activation() == Activation.RELU;
  }

  /**
   * Sides of a kernel whose weights stand side by side for each channel that it reads; none of
   * layers without.
   */
  default List<Integer> kernel() {
    return List.of();
  }

  /** How many weight tensors it has that can be held as products of narrow matrices. */
  default int factorable() {
    return 0;
  }

  /** The layer as if its weights were held as they are used: of a factored one, the inner. */
  default Layer whole() {
    return this;
  }

  @Override
  default Node at(int index) {
    return Node.of(this, index - 1);
  }
}
