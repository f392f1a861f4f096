package dev.pare.train;

import dev.pare.candidate.Task;
import dev.pare.graph.InputShape;
import dev.pare.model.Dl4jImport;
import dev.pare.model.Dl4jNetworks;

/** DL4J zips, whose networks must compute here what they compute in DL4J. */
public final class Dl4jFile {
  private Dl4jFile() {}

  /**
   * Reads a network and compares its outputs, before their softmax, with those of DL4J's {@code
   * MultiLayerNetwork.output}.
   *
   * @param input what the network reads
   * @param examples to compare on, {@code [count × features]}, raw, at least one
   * @param task what the network is for
   * @throws IllegalArgumentException naming what of the zip is damaged or not supported, or the
   *     difference where it is above 10⁻⁴ of the largest output
   */
  public static ImportedNetwork read(byte[] zip, InputShape input, float[] examples, Task task) {
    try {
      Dl4jImport imported = new Dl4jImport(Dl4jNetworks.read(zip), input);
      return new Comparison("DL4J", task).checked(imported.network(), examples, imported::logits);
    } catch (IllegalArgumentException e) {
      throw e;
    } catch (RuntimeException e) {
      // DL4J's own, of configurations that do not fit together.
      throw new IllegalArgumentException("DL4J cannot run the network: " + e.getMessage(), e);
    }
  }
}
