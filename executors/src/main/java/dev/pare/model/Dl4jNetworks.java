package dev.pare.model;

import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.BatchNormalization;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Dl4jLayer;
import dev.pare.graph.InputShape;
import dev.pare.graph.Layer;
import dev.pare.graph.Lstm;
import dev.pare.graph.Network;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.Pooling;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.LocalDateTime;
import java.util.List;
import java.util.OptionalInt;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/**
 * Networks to and from DL4J. A DL4J network made here reads inputs that are already divided by
 * {@link InputShape#divisor()}: {@code [examples, features]}, or, where it begins with an LSTM,
 * {@code [examples, features of a step, steps]}, a step being a row of the input.
 */
public final class Dl4jNetworks {
  /**
   * What running means and variances keep of themselves at a step; the customary value, and DL4J's.
   */
  public static final double MEAN_DECAY = 0.9;

  /** The first that a zip can have. */
  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private Dl4jNetworks() {}

  /** How DL4J itself should train a network; Pare's own training needs none of it. */
  public record Training(IUpdater updater, ILossFunction loss, double l1, double l2) {}

  /** Whether DL4J has the layers: none is in {@link #misfit}. */
  public static boolean isExpressible(Architecture architecture) {
    return misfit(architecture).isEmpty();
  }

  /**
   * The first layer that is not among those that DL4J has in a chain that ends with a dense layer:
   * all but shortcuts, attention, factored layers and sparse activations, and LSTMs at the
   * beginning alone, of which the last one hands on its last step.
   */
  public static OptionalInt misfit(Architecture architecture) {
    List<Layer> layers = architecture.layers();
    int last = layers.size() - 1;
    for (int i = 0; i <= last; i++) {
      boolean steps = i > 0 && handsOnSteps(layers.get(i - 1));
      boolean next = architecture.nodes().get(i).equals(layers.get(i).at(i));
      if (!next
          || !(layers.get(i) instanceof Lstm
              ? i == 0 || steps
              : !steps && dl4jHas(layers.get(i)))) {
        return OptionalInt.of(i);
      }
    }
    return layers.get(last) instanceof Dense ? OptionalInt.empty() : OptionalInt.of(last);
  }

  private static boolean dl4jHas(Layer layer) {
    return layer instanceof Dense
        || layer instanceof BatchNormalization
        || layer instanceof Dl4jLayer
        || layer instanceof Convolution convolution && convolution.isPlain()
        || layer instanceof Pooling pooling && pooling.isPlain();
  }

  private static boolean handsOnSteps(Layer layer) {
    return layer instanceof Lstm lstm && lstm.output() == Lstm.Steps.ALL;
  }

  /**
   * The network in DL4J, with cross entropy or, without a softmax, squared error, and no updater.
   */
  public static MultiLayerNetwork toDl4j(Network network) {
    boolean classifies = network.architecture().output() == Activation.SOFTMAX;
    return toDl4j(
        network, new Training(new NoOp(), classifies ? new LossMCXENT() : new LossMSE(), 0, 0));
  }

  /** The network in DL4J, ready to be trained by it. */
  public static MultiLayerNetwork toDl4j(Network network, Training training) {
    Architecture architecture = network.architecture();
    // The seed only feeds DL4J's own initialization, whose result is replaced below.
    NeuralNetConfiguration.ListBuilder builder =
        new NeuralNetConfiguration.Builder()
            .seed(0)
            .dataType(DataType.FLOAT)
            .updater(training.updater())
            .l1(training.l1())
            .l2(training.l2())
            .convolutionMode(ConvolutionMode.Truncate)
            .list();
    List<Layer> layers = architecture.layers();
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      builder.layer(Dl4jLayers.configuration(layer, i == layers.size() - 1, training.loss()));
      // DL4J's batch normalization has an activation in its configuration and ignores it.
      if (layer instanceof BatchNormalization normalization
          && normalization.activation() != Activation.IDENTITY) {
        builder.layer(new ActivationLayer(Dl4jLayers.dl4j(normalization.activation())));
      }
    }
    InputShape input = architecture.input();
    builder.setInputType(inputType(layers.get(0), input));
    MultiLayerNetwork dl4j = new MultiLayerNetwork(builder.build());
    dl4j.init(
        Nd4j.create(
            toDl4jOrder(architecture, network.parameters()),
            new long[] {1, network.parameters().length}),
        false);
    return dl4j;
  }

  private static InputType inputType(Layer first, InputShape input) {
    if (first instanceof Dense) {
      return InputType.feedForward(input.size());
    }
    return first instanceof Lstm
        ? InputType.recurrent((long) input.channels() * input.width(), input.height())
        : InputType.convolutionalFlat(input.height(), input.width(), input.channels());
  }

  /**
   * The network in Pare's terms.
   *
   * @param input what it reads
   * @throws IllegalArgumentException naming the first layer that Pare cannot run
   */
  public static Network fromDl4j(MultiLayerNetwork dl4j, InputShape input) {
    return new Dl4jImport(graph(dl4j), input).network();
  }

  /** The same network, whose vertices stand in a row. */
  static ComputationGraph graph(MultiLayerNetwork dl4j) {
    ComputationGraph graph =
        new ComputationGraph(Dl4jGraphs.chain(dl4j.getLayerWiseConfigurations()));
    graph.init(dl4j.params().reshape(1, -1), true);
    return graph;
  }

  /**
   * Reads a DL4J zip of a MultiLayerNetwork or a ComputationGraph, of which nothing is deserialized
   * and only known layers are made. Of the former it makes a graph whose vertices stand in a row.
   *
   * @throws IllegalArgumentException naming what is damaged or not supported
   */
  public static ComputationGraph read(byte[] zip) {
    Dl4jZip content = Dl4jZip.read(zip);
    float[] parameters = content.parameters();
    ComputationGraph dl4j = new ComputationGraph(content.configuration());
    dl4j.init(Nd4j.create(parameters, new long[] {1, parameters.length}), false);
    return dl4j;
  }

  /** Writes a DL4J zip. */
  public static void write(Network network, OutputStream zip) throws IOException {
    zip.write(zip(network));
  }

  /** A DL4J zip. The same network gives the same bytes: DL4J's own zips hold the time. */
  public static byte[] zip(Network network) {
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    ByteArrayOutputStream timeless = new ByteArrayOutputStream();
    try {
      ModelSerializer.writeModel(toDl4j(network), written, false);
      try (ZipInputStream from =
              new ZipInputStream(new ByteArrayInputStream(written.toByteArray()));
          ZipOutputStream to = new ZipOutputStream(timeless)) {
        for (ZipEntry entry = from.getNextEntry(); entry != null; entry = from.getNextEntry()) {
          ZipEntry same = new ZipEntry(entry.getName());
          same.setTimeLocal(NO_TIME);
          to.putNextEntry(same);
          from.transferTo(to);
          to.closeEntry();
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("in memory nothing fails", e);
    }
    return timeless.toByteArray();
  }

  /** Pare's flat parameters in DL4J's order, which has a convolution's bias before its weights. */
  public static float[] toDl4jOrder(Architecture architecture, float[] parameters) {
    float[] swapped = new float[parameters.length];
    swap(architecture, parameters, swapped, true);
    return swapped;
  }

  /**
   * What DL4J has of a network from {@link #toDl4j} flat, parameters or gradients, in Pare's order.
   */
  public static float[] fromDl4jOrder(Architecture architecture, float[] parameters) {
    float[] swapped = new float[parameters.length];
    swap(architecture, parameters, swapped, false);
    return swapped;
  }

  private static void swap(
      Architecture architecture, float[] source, float[] target, boolean toDl4j) {
    System.arraycopy(source, 0, target, 0, source.length);
    List<ParameterTensor> tensors = architecture.tensors();
    for (int i = 0; i < tensors.size(); i++) {
      ParameterTensor weight = tensors.get(i);
      if (!weight.isWeight()
          || !(architecture.layers().get(weight.layer()) instanceof Convolution)) {
        continue;
      }
      ParameterTensor bias = tensors.get(i + 1);
      int start = weight.offset();
      if (toDl4j) {
        System.arraycopy(source, bias.offset(), target, start, bias.size());
        System.arraycopy(source, start, target, start + bias.size(), weight.size());
      } else {
        System.arraycopy(source, start, target, bias.offset(), bias.size());
        System.arraycopy(source, start + bias.size(), target, start, weight.size());
      }
    }
  }
}
