package dev.pare.schedule;

import dev.pare.candidate.Task;
import dev.pare.data.DataException;
import dev.pare.data.TrainingData;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.InputShape;
import dev.pare.model.NamedArchitecture;

/** What networks of some data read, and the layers of families for them. */
final class DataNetworks {
  private DataNetworks() {}

  /** What networks of some data read. */
  static InputShape input(TrainingData data) {
    return new InputShape(
        data.shape().channels(), data.shape().height(), data.shape().width(), data.divisor());
  }

  /**
   * The layers of a family for some data.
   *
   * @param setting that names it
   * @throws DataException if they do not fit the data
   */
  static Architecture architecture(String setting, NamedArchitecture named, TrainingData data) {
    try {
      Activation output =
          data.train().task() == Task.CLASSIFICATION ? Activation.SOFTMAX : Activation.IDENTITY;
      return named.resolve(input(data), data.outputs(), output);
    } catch (IllegalArgumentException e) {
      throw new DataException(
          setting
              + " does not fit examples of "
              + data.shape()
              + " (data.shape says what flat features are): "
              + e.getMessage());
    }
  }
}
