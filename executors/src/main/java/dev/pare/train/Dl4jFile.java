package dev.pare.train;

import dev.pare.model.Architecture;
import dev.pare.model.Dl4jImport;
import dev.pare.model.Dl4jNetworks;
import dev.pare.model.InputShape;
import dev.pare.model.Network;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** DL4J zips, whose networks must compute here what they compute in DL4J. */
public final class Dl4jFile {
  /** Of the largest output. */
  static final double MOST_DIFFERENCE = 1e-4;

  private static final Logger LOG = LoggerFactory.getLogger(Dl4jFile.class);

  private Dl4jFile() {}

  /**
   * Reads a network and compares its outputs, before their softmax, with those of DL4J's {@code
   * MultiLayerNetwork.output}.
   *
   * @param input what the network reads
   * @param examples to compare on, {@code [count × features]}, raw, at least one
   * @throws IllegalArgumentException naming what of the zip is damaged or not supported, or the
   *     difference where it is above 10⁻⁴ of the largest output
   */
  public static Network read(byte[] zip, InputShape input, float[] examples) {
    try {
      return compared(new Dl4jImport(Dl4jNetworks.read(zip), input), examples);
    } catch (IllegalArgumentException e) {
      throw e;
    } catch (RuntimeException e) {
      // DL4J's own, of configurations that do not fit together.
      throw new IllegalArgumentException("DL4J cannot run the network: " + e.getMessage(), e);
    }
  }

  private static Network compared(Dl4jImport imported, float[] examples) {
    Network network = imported.network();
    Architecture architecture = network.architecture();
    int features = architecture.input().size();
    int classes = architecture.classes();
    int count = examples.length / features;
    int largestBatch = Engines.inferenceBatch(architecture, count);
    double largest = 0;
    double difference = 0;
    try (Engine engine = Engines.of(architecture, largestBatch)) {
      for (int from = 0; from < count; from += largestBatch) {
        int batch = Math.min(largestBatch, count - from);
        float[] some = Arrays.copyOfRange(examples, from * features, (from + batch) * features);
        float[] own = new float[batch * classes];
        engine.forward(network.parameters(), some, batch, own);
        float[] dl4j = imported.logits(some, batch);
        if (dl4j.length != own.length) {
          throw new IllegalArgumentException(
              "DL4J has %d outputs of an example, not %d".formatted(dl4j.length / batch, classes));
        }
        for (int i = 0; i < own.length; i++) {
          largest = Math.max(largest, Math.abs(dl4j[i]));
          difference = Math.max(difference, Math.abs((double) own[i] - dl4j[i]));
        }
      }
    }
    double relative = difference == 0 ? 0 : difference / largest;
    if (!(relative <= MOST_DIFFERENCE)) {
      throw new IllegalArgumentException(
          "its outputs differ from DL4J's by %.2g of the largest one, at most %.0e is allowed: Pare runs it otherwise than DL4J"
              .formatted(relative, MOST_DIFFERENCE));
    }
    LOG.info(
        "outputs on {} examples differ from DL4J's by at most {} of the largest one",
        count,
        relative);
    return network;
  }
}
