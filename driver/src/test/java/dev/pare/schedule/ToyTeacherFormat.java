package dev.pare.schedule;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.pare.data.TrainingData;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.train.ImportedNetwork;
import java.util.List;

/** A word and a digit: so many hidden units, with random weights. */
public final class ToyTeacherFormat implements TeacherFormat {
  private static final String MAGIC = "toy network ";

  /** For tests of what follows from it. */
  static int revision;

  @Override
  public String title() {
    return "a toy network";
  }

  @Override
  public int revision() {
    return revision;
  }

  @Override
  public boolean recognizes(byte[] file) {
    return file.length > MAGIC.length()
        && new String(file, 0, MAGIC.length(), US_ASCII).equals(MAGIC);
  }

  @Override
  public ImportedNetwork read(byte[] file, InputShape input, TrainingData data) {
    int units = file[MAGIC.length()] - '0';
    Architecture architecture =
        new Architecture(
            input,
            List.of(
                new Dense(units, Activation.RELU), new Dense(data.outputs(), Activation.SOFTMAX)));
    return new ImportedNetwork(Initialization.random(architecture, units), null);
  }
}
