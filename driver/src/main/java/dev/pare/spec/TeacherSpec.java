package dev.pare.spec;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Augmentation;
import dev.pare.candidate.Training;
import dev.pare.model.NamedArchitecture;
import java.io.Serializable;

/** The network to compress: where it comes from, and the examples that it teaches with. */
public sealed interface TeacherSpec extends Serializable {
  /** Where it comes from; switch over this. */
  Kind kind();

  /** The variants of the training examples that the teacher and its students see. */
  Augmentation augmentation();

  /** Where a teacher comes from. */
  enum Kind {
    TRAIN,
    LOAD
  }

  /**
   * Trained first, from random weights.
   *
   * @param epochs passes over as many examples as the training data hold
   * @param batch examples a step
   * @param learningRate of Adam, at the start
   * @param decay how the learning rate falls to the end
   * @param l1 L1 penalty on weights: {@code l1·‖w‖₁} is added to the loss
   * @param l2 L2 penalty on weights: {@code l2/2·‖w‖²} is added to the loss
   * @param labelSmoothing the share of a label spread evenly over all classes, 0 up to but not
   *     including 1
   */
  record Train(
      NamedArchitecture architecture,
      int epochs,
      int batch,
      double learningRate,
      Training.Decay decay,
      double l1,
      double l2,
      double labelSmoothing,
      Augmentation augmentation,
      TrainOn trainOn)
      implements TeacherSpec {
    private static final String PENALTY = "from 0 to " + Training.MOST_PENALTY;

    public Train {
      requireNonNull(architecture, "architecture is null");
      check(epochs >= 1, "epochs", epochs, "at least 1");
      check(batch >= 1, "batch", batch, "at least 1");
      check(
          learningRate > 0 && Double.isFinite(learningRate), "learning-rate", learningRate, "> 0");
      requireNonNull(decay, "decay is null");
      check(l1 >= 0 && l1 <= Training.MOST_PENALTY, "l1", l1, PENALTY);
      check(l2 >= 0 && l2 <= Training.MOST_PENALTY, "l2", l2, PENALTY);
      check(
          labelSmoothing >= 0 && labelSmoothing < 1,
          "label-smoothing",
          labelSmoothing,
          "at least 0 and below 1");
      requireNonNull(augmentation, "augmentation is null");
      requireNonNull(trainOn, "trainOn is null");
    }

    @Override
    public Kind kind() {
      return Kind.TRAIN;
    }
  }

  /**
   * Already trained.
   *
   * @param model any Hadoop path of an ONNX model, a DL4J zip or a .pare file
   */
  record Load(String model, Augmentation augmentation) implements TeacherSpec {
    public Load {
      requireNonNull(model, "model is null");
      requireNonNull(augmentation, "augmentation is null");
    }

    @Override
    public Kind kind() {
      return Kind.LOAD;
    }
  }

  /** Which machines train a teacher. */
  enum TrainOn {
    /** The driver alone. */
    DRIVER,
    /** The executors together, by parameter averaging. */
    SPARK
  }

  private static void check(boolean holds, String name, Object value, String requirement) {
    if (!holds) {
      throw new IllegalArgumentException(name + " = " + value + ": must be " + requirement);
    }
  }
}
