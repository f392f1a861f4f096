package dev.pare.export;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.candidate.Task;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Network;
import dev.pare.model.Dl4jImport;
import dev.pare.model.Dl4jNetworks;
import dev.pare.train.Comparison;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Makes DL4J zips of networks. */
public final class Dl4jExport {
  private static final int INPUTS = 64;

  private Dl4jExport() {}

  /**
   * A network as a zip of DL4J's {@code MultiLayerNetwork}, whose outputs on random inputs are
   * Pare's. It reads features as {@link Dl4jNetworks} says: prepared, and divided by the input's
   * divisor.
   *
   * @throws ExportException naming the first layer that a chain of DL4J's does not have, or the
   *     difference where it is above 10⁻⁴ of the largest output
   */
  public static byte[] of(CompressedNetwork compressed) {
    Architecture architecture = compressed.architecture();
    Dl4jNetworks.misfit(architecture)
        .ifPresent(
            layer -> {
              throw new ExportException(
                  "layer %d (%s) has no place in DL4J's networks, which are chains of its layers and end with a dense one"
                      .formatted(layer, architecture.layers().get(layer).summary()));
            });
    Network network = compressed.toNetwork();
    ByteArrayOutputStream zip = new ByteArrayOutputStream();
    try {
      Dl4jNetworks.write(network, zip);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    byte[] bytes = zip.toByteArray();
    Task task = architecture.output() == Activation.SOFTMAX ? Task.CLASSIFICATION : Task.REGRESSION;
    Dl4jImport dl4j = new Dl4jImport(Dl4jNetworks.read(bytes), architecture.input());
    try {
      new Comparison("DL4J", task)
          .checked(network, SomeInputs.of(compressed, INPUTS).values(), dl4j::logits);
    } catch (IllegalArgumentException e) {
      throw new ExportException(String.valueOf(e.getMessage()), e);
    }
    return bytes;
  }
}
