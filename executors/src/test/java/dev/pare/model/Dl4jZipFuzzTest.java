package dev.pare.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.pare.graph.Dl4jLayer;
import dev.pare.graph.Shape;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SpaceToDepthLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;

/**
 * Reads whatever comes as a DL4J zip; see ArtifactReaderFuzzTest for how it is run. Of what a zip
 * holds, the JSON and the parameters have targets of their own, as the search does not get through
 * deflate.
 */
class Dl4jZipFuzzTest {
  private static final org.deeplearning4j.nn.conf.layers.Layer[] DENSE = {
    new FrozenLayer(
        new DenseLayer.Builder().nIn(3).nOut(2).activation(Activation.LEAKYRELU).build()),
    new DropoutLayer(0.5),
    new OutputLayer.Builder().nIn(2).nOut(2).activation(Activation.SOFTMAX).build()
  };

  private static final org.deeplearning4j.nn.conf.layers.Layer[] CONVOLUTIONAL = {
    new ConvolutionLayer.Builder(2, 2)
        .nIn(2)
        .nOut(2)
        .activation(Activation.ELU)
        .convolutionMode(ConvolutionMode.Same)
        .build(),
    new BatchNormalization.Builder().nIn(2).nOut(2).build(),
    new SubsamplingLayer.Builder(PoolingType.PNORM)
        .pnorm(2)
        .kernelSize(2, 2)
        .convolutionMode(ConvolutionMode.Truncate)
        .build(),
    new ZeroPaddingLayer.Builder(1, 0, 2, 0).build(),
    new DepthwiseConvolution2D.Builder(2, 1)
        .nIn(2)
        .nOut(4)
        .depthMultiplier(2)
        .activation(Activation.RELU)
        .convolutionMode(ConvolutionMode.Truncate)
        .build(),
    new SpaceToDepthLayer.Builder<>(1).build(),
    new LocalResponseNormalization.Builder().n(3).build(),
    new GlobalPoolingLayer.Builder(PoolingType.SUM).build(),
    new OutputLayer.Builder().nIn(4).nOut(2).activation(Activation.SOFTMAX).build()
  };

  static Stream<byte[]> zips() throws IOException {
    return Stream.of(zip(DENSE), zip(CONVOLUTIONAL), zip(graph()));
  }

  static Stream<byte[]> parameters() throws IOException {
    return Stream.of(entry(DENSE, "coefficients.bin"), entry(CONVOLUTIONAL, "coefficients.bin"));
  }

  static Stream<byte[]> configurations() throws IOException {
    return Stream.of(
        entry(DENSE, "configuration.json"),
        entry(CONVOLUTIONAL, "configuration.json"),
        entry(zip(graph()), "configuration.json"));
  }

  static Stream<byte[]> layers() throws IOException {
    List<byte[]> layers = new ArrayList<>();
    for (org.deeplearning4j.nn.conf.layers.Layer layer : CONVOLUTIONAL) {
      layers.add(NeuralNetConfiguration.mapper().writeValueAsBytes(layer));
    }
    return layers.stream();
  }

  @MethodSource("zips")
  @FuzzTest(maxDuration = "10m")
  void anyBytes(byte[] file) {
    try {
      assertThat(Dl4jZip.read(file).parameters()).isNotEmpty();
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageNotContaining("\n");
    }
  }

  @MethodSource("parameters")
  @FuzzTest(maxDuration = "10m")
  void anyParameters(byte[] parameters) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("configuration.json"));
      zip.write(entry(DENSE, "configuration.json"));
      zip.putNextEntry(new ZipEntry("coefficients.bin"));
      zip.write(parameters);
    }
    anyBytes(bytes.toByteArray());
  }

  @MethodSource("configurations")
  @FuzzTest(maxDuration = "10m")
  void anyConfiguration(byte[] json) {
    try {
      assertThat(Dl4jJson.network(json).getVertices()).isNotEmpty();
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageNotContaining("\n");
    }
  }

  @MethodSource("layers")
  @FuzzTest(maxDuration = "10m")
  void anyLayerOnAnImage(byte[] json) {
    try {
      Dl4jLayer stock =
          StockLayers.of(
              LayerJson.layer(new String(json, StandardCharsets.UTF_8)), new Shape(2, 6, 5));
      StockLayers.check(stock, new Shape(2, 6, 5), 0);
      assertThat(stock.output().size()).isPositive();
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotNull();
    }
  }

  /** As DL4J writes a network of all the same parameters. */
  private static byte[] zip(org.deeplearning4j.nn.conf.layers.Layer... layers) throws IOException {
    MultiLayerNetwork network =
        new MultiLayerNetwork(new NeuralNetConfiguration.Builder().seed(1).list(layers).build());
    network.init();
    return zip(network);
  }

  private static Model graph() {
    ComputationGraph graph =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(1)
                .graphBuilder()
                .addInputs("in")
                .addLayer("a", new DenseLayer.Builder().nIn(3).nOut(2).build(), "in")
                .addVertex("part", new SubsetVertex(0, 1), "in")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Max), "a", "part")
                .addVertex("scaled", new ScaleVertex(2), "sum")
                .addVertex("both", new MergeVertex(), "scaled", "a")
                .addLayer(
                    "out",
                    new OutputLayer.Builder().nIn(4).nOut(2).activation(Activation.SOFTMAX).build(),
                    "both")
                .setOutputs("out")
                .build());
    graph.init();
    return graph;
  }

  private static byte[] zip(Model network) throws IOException {
    network.params().assign(0.5);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ModelSerializer.writeModel(network, bytes, true);
    return bytes.toByteArray();
  }

  private static byte[] entry(org.deeplearning4j.nn.conf.layers.Layer[] layers, String name)
      throws IOException {
    return entry(zip(layers), name);
  }

  private static byte[] entry(byte[] file, String name) throws IOException {
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(file))) {
      ZipEntry entry = zip.getNextEntry();
      while (!entry.getName().equals(name)) {
        entry = zip.getNextEntry();
      }
      return zip.readAllBytes();
    }
  }
}
