package dev.pare.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pare.data.TestSeed;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.BatchNormalization;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.InputShape;
import dev.pare.graph.Layer;
import dev.pare.graph.Lstm;
import dev.pare.graph.Network;
import dev.pare.graph.Pooling;
import dev.pare.graph.ReferenceNetwork;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

class Dl4jNetworksTest {
  private static final int BATCH = 4;

  static Stream<Architecture> architectures() {
    Layer output = new Dense(4, Activation.SOFTMAX);
    return Stream.of(
        new Architecture(new InputShape(7, 1, 1, 1), List.of(output)),
        new Architecture(
            new InputShape(1, 5, 5, 1),
            List.of(
                new Dense(6, Activation.RELU),
                new Dense(5, Activation.TANH),
                new Dense(3, Activation.SIGMOID),
                new Dense(2, Activation.IDENTITY),
                output)),
        new Architecture(
            new InputShape(2, 6, 5, 1),
            List.of(
                new Convolution(3, 2, 1, Activation.IDENTITY),
                new BatchNormalization(1e-5f, Activation.RELU),
                new Dense(4, Activation.IDENTITY),
                new BatchNormalization(1e-3f, Activation.IDENTITY),
                output)),
        new Architecture(
            new InputShape(2, 5, 3, 1),
            List.of(
                new Lstm(4, Lstm.Steps.ALL),
                new Lstm(3, Lstm.Steps.LAST),
                new Dense(5, Activation.RELU),
                output)),
        new Architecture(
            new InputShape(2, 6, 5, 1),
            List.of(new Convolution(3, 3, 2, 1, Activation.RELU), output)),
        new Architecture(
            new InputShape(2, 9, 8, 1),
            List.of(
                new Convolution(3, 3, 1, Activation.RELU),
                new Pooling(Pooling.Pool.MAX, 2, 2),
                new Convolution(4, 2, 1, Activation.SIGMOID),
                new Pooling(Pooling.Pool.AVERAGE, 2, 1),
                new Dense(6, Activation.RELU),
                output)));
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void thereAndBackIsTheSameToTheBit(Architecture architecture) throws IOException {
    Network network = random(architecture);
    Network back = Dl4jNetworks.fromDl4j(Dl4jNetworks.toDl4j(network), architecture.input());
    assertThat(back.architecture()).isEqualTo(architecture);
    assertThat(back.parameters()).containsExactly(network.parameters());

    ByteArrayOutputStream zip = new ByteArrayOutputStream();
    Dl4jNetworks.write(network, zip);
    Network read =
        new Dl4jImport(Dl4jNetworks.read(zip.toByteArray()), architecture.input()).network();
    assertThat(read.architecture()).isEqualTo(architecture);
    assertThat(read.parameters()).containsExactly(network.parameters());
  }

  /** By its digest a sweep knows its own. */
  @Test
  void theZipHoldsNoTime() throws IOException {
    byte[] zip = Dl4jNetworks.zip(random(architectures().findFirst().orElseThrow()));
    List<String> names = new ArrayList<>();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        names.add(entry.getName());
        assertThat(entry.getTimeLocal()).isEqualTo("1980-01-01T00:00:00");
      }
    }
    assertThat(names).contains("configuration.json", "coefficients.bin");
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void dl4jComputesTheSoftmaxOfThePlainReference(Architecture architecture) {
    Network network = random(architecture);
    float[] inputs = inputs(architecture);
    float[] outputs = output(Dl4jNetworks.toDl4j(network), architecture, inputs);
    double[] parameters = widen(network.parameters(), 0, network.parameters().length);
    int features = architecture.input().size();
    for (int b = 0; b < BATCH; b++) {
      double[] logits =
          ReferenceNetwork.logits(architecture, parameters, widen(inputs, b * features, features));
      double sum = 0;
      for (double logit : logits) {
        sum += Math.exp(logit);
      }
      for (int c = 0; c < logits.length; c++) {
        assertThat((double) outputs[b * logits.length + c])
            .isCloseTo(Math.exp(logits[c]) / sum, within(1e-5));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void plainDl4jReadsTheZipAndComputesTheSame(Architecture architecture, @TempDir Path folder)
      throws IOException {
    Network network = random(architecture);
    File file = folder.resolve("network.zip").toFile();
    try (OutputStream zip = Files.newOutputStream(file.toPath())) {
      Dl4jNetworks.write(network, zip);
    }
    float[] inputs = inputs(architecture);
    assertThat(output(MultiLayerNetwork.load(file, false), architecture, inputs))
        .containsExactly(output(Dl4jNetworks.toDl4j(network), architecture, inputs));
  }

  @Test
  void whatDl4jHasNotIsToldAsSuch() {
    assertThat(architectures()).allMatch(Dl4jNetworks::isExpressible);
    InputShape input = new InputShape(1, 28, 28, 255);
    assertThat(
            Stream.of(NamedArchitecture.Name.values())
                .filter(
                    name ->
                        !Dl4jNetworks.isExpressible(NamedArchitecture.of(name).resolve(input, 10))))
        .containsExactly(NamedArchitecture.Name.RESNET, NamedArchitecture.Name.ATTENTION);
    Layer output = new Dense(4, Activation.SOFTMAX);
    Lstm steps = new Lstm(4, Lstm.Steps.ALL);
    assertThat(Dl4jNetworks.isExpressible(new Architecture(input, List.of(steps, output))))
        .isFalse();
    assertThat(
            Dl4jNetworks.isExpressible(
                new Architecture(
                    input,
                    List.of(
                        new Pooling(Pooling.Pool.MAX, 2, 2),
                        new Lstm(4, Lstm.Steps.LAST),
                        output))))
        .isFalse();
  }

  @Test
  void recurrenceOfAnotherKindIsRefused() {
    refused(
        new InputShape(1, 5, 6, 1),
        dl4j(
            InputType.recurrent(6),
            new LastTimeStep(new SimpleRnn.Builder().nOut(4).build()),
            output().nOut(3).build()),
        "layer 0 (LastTimeStep): of recurrent layers, Pare knows LSTMs with tanh and logistic"
            + " gates");
  }

  @Test
  void dropoutIsLeftOut() {
    MultiLayerNetwork dl4j =
        dl4j(
            InputType.feedForward(6),
            dense(new DenseLayer.Builder().nOut(5)),
            new DropoutLayer(0.5),
            output().nOut(3).build());
    Network network = Dl4jNetworks.fromDl4j(dl4j, new InputShape(6, 1, 1, 1));
    assertThat(network.architecture().layers())
        .containsExactly(new Dense(5, Activation.RELU), new Dense(3, Activation.SOFTMAX));
    float[] inputs = inputs(network.architecture());
    float[] mine = output(Dl4jNetworks.toDl4j(network), network.architecture(), inputs);
    assertThat(mine).containsExactly(output(dl4j, network.architecture(), inputs));
  }

  @Test
  void layersThatPareCannotRunAreRefusedByName() {
    refused(
        new InputShape(6, 1, 1, 1),
        dl4j(
            InputType.recurrent(6),
            new LSTM.Builder()
                .nOut(4)
                .activation(org.nd4j.linalg.activations.Activation.TANH)
                .build(),
            new RnnOutputLayer.Builder()
                .nOut(3)
                .activation(org.nd4j.linalg.activations.Activation.SOFTMAX)
                .build()),
        "layer 1 (RnnOutputLayer): Pare knows outputs of one class an example");
  }

  @Test
  void anOutputThatIsNoSoftmaxStaysWhatItIs() {
    InputShape shape = new InputShape(6, 1, 1, 1);
    for (var activation :
        List.of(
            org.nd4j.linalg.activations.Activation.SIGMOID,
            org.nd4j.linalg.activations.Activation.IDENTITY)) {
      MultiLayerNetwork dl4j =
          dl4j(
              InputType.feedForward(6),
              new OutputLayer.Builder(new LossMSE()).nOut(3).activation(activation).build());
      Dl4jImport imported = new Dl4jImport(Dl4jNetworks.graph(dl4j), shape);
      Network network = imported.network();
      assertThat(network.architecture().output().name()).isEqualTo(activation.name());
      float[] inputs = {1, -2, 3, 0.5f, 0, -1};
      float[] said =
          dl4j.output(Nd4j.create(inputs, new long[] {1, 6}, 'c')).dup('c').data().asFloat();
      assertThat(imported.logits(inputs, 1)).containsExactly(said);
      MultiLayerNetwork back = Dl4jNetworks.toDl4j(network);
      assertThat(back.output(Nd4j.create(inputs, new long[] {1, 6}, 'c')).dup('c').data().asFloat())
          .containsExactly(said);
    }
  }

  @Test
  void anInputOfAnotherSizeIsRefused() {
    MultiLayerNetwork dl4j = dl4j(InputType.feedForward(6), output().nOut(3).build());
    refused(
        new InputShape(7, 1, 1, 1),
        dl4j,
        "layer 0 (OutputLayer): reads 6 features, but its input has 7");
  }

  private static void refused(InputShape input, MultiLayerNetwork dl4j, String message) {
    assertThatThrownBy(() -> Dl4jNetworks.fromDl4j(dl4j, input))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  private static org.deeplearning4j.nn.conf.layers.Layer dense(DenseLayer.Builder builder) {
    return builder.activation(org.nd4j.linalg.activations.Activation.RELU).build();
  }

  private static OutputLayer.Builder output() {
    return new OutputLayer.Builder().activation(org.nd4j.linalg.activations.Activation.SOFTMAX);
  }

  private static MultiLayerNetwork dl4j(
      InputType input, org.deeplearning4j.nn.conf.layers.Layer... layers) {
    NeuralNetConfiguration.ListBuilder builder =
        new NeuralNetConfiguration.Builder().seed(1).list(layers);
    MultiLayerNetwork network = new MultiLayerNetwork(builder.setInputType(input).build());
    network.init();
    return network;
  }

  private static float[] output(MultiLayerNetwork dl4j, Architecture architecture, float[] inputs) {
    try (INDArray batch = batch(architecture, inputs)) {
      return dl4j.output(batch, false).dup('c').data().asFloat();
    }
  }

  private static INDArray batch(Architecture architecture, float[] inputs) {
    if (!(architecture.layers().get(0) instanceof Lstm)) {
      return Nd4j.create(inputs, new long[] {BATCH, architecture.input().size()}, 'c');
    }
    InputShape s = architecture.input();
    return Nd4j.create(inputs, new long[] {BATCH, s.channels(), s.height(), s.width()}, 'c')
        .permute(0, 1, 3, 2)
        .dup('c')
        .reshape('c', BATCH, (long) s.channels() * s.width(), s.height());
  }

  private static Network random(Architecture architecture) {
    SplittableRandom random = TestSeed.random();
    float[] parameters = new float[architecture.parameters()];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = (float) (random.nextDouble() - 0.5);
    }
    return new Network(architecture, parameters);
  }

  private static float[] inputs(Architecture architecture) {
    SplittableRandom random = TestSeed.random();
    float[] inputs = new float[BATCH * architecture.input().size()];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = (float) random.nextDouble();
    }
    return inputs;
  }

  private static double[] widen(float[] values, int from, int count) {
    double[] wide = new double[count];
    for (int i = 0; i < count; i++) {
      wide[i] = values[from + i];
    }
    return wide;
  }
}
