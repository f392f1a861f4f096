package dev.pare.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import dev.pare.candidate.Task;
import dev.pare.data.TestSeed;
import dev.pare.graph.Dl4jLayer;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import dev.pare.layers.Batch;
import dev.pare.model.Dl4jNetworks;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.distribution.ConstantDistribution;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SpaceToDepthLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.conf.weightnoise.IWeightNoise;
import org.deeplearning4j.nn.conf.weightnoise.WeightNoise;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class Dl4jFileTest {
  private static final int BATCH = 5;
  private static final InputShape IMAGE = new InputShape(2, 6, 5, 3);
  private static final InputShape VECTOR = new InputShape(6, 1, 1, 3);
  private static final InputShape ROWS = new InputShape(1, 4, 6, 3);

  /** Zips that users had, with the classes that DL4J said. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "leaky-relu",
        "convolution-leaky-relu",
        "frozen-dense",
        "frozen-convolution",
        "hidden-softmax",
        "keras-flatten",
        "batch-normalization",
        "channels-last",
        "loss-layer",
        "same-padding"
      })
  void zipsOfDl4jSayWhatTheySayThere(String name) throws IOException {
    byte[] bytes = resource("examples.bytes");
    float[] examples = new float[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      examples[i] = bytes[i] & 0xFF;
    }
    byte[] labels = resource(name + ".labels");
    Network network =
        Dl4jFile.read(
                resource(name + ".zip"),
                new InputShape(1, 4, 4, 255),
                examples,
                Task.CLASSIFICATION)
            .network();
    float[] logits = logits(network, examples, labels.length);
    for (int i = 0; i < labels.length; i++) {
      assertThat(logits[2 * i + 1] > logits[2 * i] ? 1 : 0).as("example " + i).isEqualTo(labels[i]);
    }
  }

  static Stream<Arguments> networks() {
    InputType flat = InputType.convolutionalFlat(6, 5, 2);
    InputType image = InputType.convolutional(6, 5, 2);
    InputType last = InputType.convolutional(6, 5, 2, CNN2DFormat.NHWC);
    InputType vector = InputType.feedForward(6);
    CNN2DFormat nhwc = CNN2DFormat.NHWC;
    return Stream.of(
        of("padding", IMAGE, 0, flat, convolution().padding(1, 2).build(), output()),
        of("same, as many zeros at both ends", IMAGE, 0, image, same(1), output()),
        of("same, not as many", IMAGE, 1, flat, same(2), output()),
        of(
            "rectangular",
            IMAGE,
            0,
            image,
            convolution().kernelSize(3, 2).stride(2, 1).build(),
            output()),
        of("dilation", IMAGE, 1, flat, convolution().dilation(2, 1).build(), output()),
        of("without bias", IMAGE, 0, flat, convolution().hasBias(false).build(), output()),
        of("Swish", IMAGE, 1, flat, convolution().activation(Activation.SWISH).build(), output()),
        of(
            "softmax over channels",
            IMAGE,
            -1,
            flat,
            convolution().kernelSize(6, 5).activation(Activation.SOFTMAX).build(),
            output()),
        of(
            "channels last",
            IMAGE,
            0,
            last,
            convolution().dataFormat(nhwc).build(),
            new BatchNormalization(),
            new SubsamplingLayer.Builder(PoolingType.MAX)
                .kernelSize(2, 2)
                .stride(1, 1)
                .dataFormat(nhwc)
                .build(),
            dense(4, Activation.RELU).build(),
            output()),
        of(
            "channels last, run by DL4J",
            IMAGE,
            3,
            last,
            new ZeroPaddingLayer.Builder(1, 0, 2, 1).dataFormat(nhwc).build(),
            new DepthwiseConvolution2D.Builder(2, 2)
                .nOut(4)
                .depthMultiplier(2)
                .dataFormat(nhwc)
                .activation(Activation.RELU)
                .build(),
            new SeparableConvolution2D.Builder(2, 2)
                .nOut(3)
                .depthMultiplier(2)
                .dataFormat(nhwc)
                .activation(Activation.TANH)
                .build(),
            output()),
        of(
            "depthwise columns, channels last",
            IMAGE,
            2,
            last,
            new DepthwiseConvolution2D.Builder(3, 1)
                .nOut(4)
                .depthMultiplier(2)
                .dataFormat(nhwc)
                .build(),
            new DepthwiseConvolution2D.Builder(2, 1)
                .nOut(8)
                .depthMultiplier(2)
                .dataFormat(nhwc)
                .activation(Activation.TANH)
                .build(),
            output()),
        of(
            "depthwise rows, channels last",
            IMAGE,
            1,
            last,
            new DepthwiseConvolution2D.Builder(1, 3)
                .nOut(2)
                .depthMultiplier(1)
                .dataFormat(nhwc)
                .build(),
            output()),
        of(
            "batch normalization of a flat image",
            IMAGE,
            0,
            flat,
            new BatchNormalization(),
            output()),
        of("batch normalization of an image", IMAGE, 0, image, new BatchNormalization(), output()),
        of(
            "deconvolution, upsampling and cropping",
            IMAGE,
            4,
            image,
            new Deconvolution2D.Builder(2, 3).nOut(3).activation(Activation.RELU).build(),
            new Upsampling2D.Builder(2).build(),
            new Cropping2D.Builder(1, 2, 3, 0).build(),
            new LocalResponseNormalization.Builder().build(),
            output()),
        of(
            "blocks to channels",
            IMAGE,
            2,
            image,
            new ZeroPaddingLayer.Builder(0, 0, 0, 1).build(),
            new SpaceToDepthLayer.Builder<>(2).build(),
            output()),
        of(
            "run by DL4J on a single place",
            IMAGE,
            5,
            image,
            convolution().kernelSize(6, 5).build(),
            new Upsampling2D.Builder(1).build(),
            new LocalResponseNormalization.Builder().n(3).build(),
            new DepthwiseConvolution2D.Builder(1, 1)
                .nOut(6)
                .depthMultiplier(2)
                .activation(Activation.TANH)
                .build(),
            new SubsamplingLayer.Builder(PoolingType.PNORM).pnorm(2).kernelSize(1, 1).build(),
            new SeparableConvolution2D.Builder(1, 1)
                .nOut(3)
                .depthMultiplier(2)
                .activation(Activation.RELU)
                .build(),
            output()),
        of(
            "pooling by norm",
            IMAGE,
            1,
            flat,
            new SubsamplingLayer.Builder(PoolingType.PNORM).pnorm(2).kernelSize(2, 2).build(),
            output()),
        of(
            "pooling over all places",
            IMAGE,
            1,
            image,
            convolution().build(),
            new GlobalPoolingLayer.Builder(PoolingType.AVG).build(),
            output()),
        of(
            "pooling over all places of a square",
            IMAGE,
            0,
            image,
            convolution().kernelSize(3, 2).build(),
            new GlobalPoolingLayer.Builder(PoolingType.MAX).build(),
            output()),
        of(
            "an autoencoder's first half on an image",
            IMAGE,
            1,
            flat,
            convolution().build(),
            new AutoEncoder.Builder().nOut(4).activation(Activation.SIGMOID).build(),
            output()),
        of(
            "batch normalization with fixed factors",
            IMAGE,
            0,
            flat,
            convolution().activation(Activation.IDENTITY).build(),
            new BatchNormalization.Builder(1.5, 0.25, true).build(),
            new ActivationLayer(Activation.RELU),
            output()),
        of(
            "batch normalization without epsilon",
            IMAGE,
            0,
            flat,
            convolution().activation(Activation.IDENTITY).build(),
            new BatchNormalization.Builder().eps(0).useLogStd(false).build(),
            output()),
        of(
            "pooling over all places of channels last, behind dropout alone",
            IMAGE,
            1,
            last,
            new DropoutLayer(0.5),
            new GlobalPoolingLayer.Builder(PoolingType.AVG).poolingDimensions(1, 2).build(),
            output()),
        of(
            "frozen layers",
            VECTOR,
            0,
            vector,
            new FrozenLayer(dense(5, Activation.TANH).build()),
            new FrozenLayerWithBackprop(dense(4, Activation.RELU).build()),
            output()),
        of(
            "functions",
            VECTOR,
            6,
            vector,
            dense(5, Activation.LEAKYRELU).build(),
            dense(5, Activation.ELU).build(),
            dense(5, Activation.GELU).hasBias(false).build(),
            dense(5, Activation.SELU).build(),
            dense(5, Activation.SOFTPLUS).build(),
            dense(5, Activation.SOFTMAX).build(),
            output()),
        of(
            "layer normalization and factors",
            VECTOR,
            2,
            vector,
            dense(5, Activation.RELU).hasLayerNorm(true).build(),
            new ElementWiseMultiplicationLayer.Builder()
                .nOut(5)
                .activation(Activation.IDENTITY)
                .build(),
            output()),
        of(
            "a loss layer behind dropout",
            VECTOR,
            0,
            vector,
            new DropoutLayer(0.5),
            dense(3, Activation.IDENTITY).dropOut(0.5).build(),
            new LossLayer.Builder().activation(Activation.SOFTMAX).build()),
        of(
            "output without bias",
            VECTOR,
            0,
            vector,
            new OutputLayer.Builder()
                .nOut(3)
                .hasBias(false)
                .activation(Activation.SOFTMAX)
                .build()),
        of(
            "LSTM",
            ROWS,
            0,
            InputType.recurrent(6, 4),
            new LSTM.Builder().nOut(4).activation(Activation.TANH).build(),
            new LastTimeStep(new LSTM.Builder().nOut(3).activation(Activation.TANH).build()),
            output()));
  }

  private static Arguments of(
      String name,
      InputShape input,
      int stock,
      InputType type,
      org.deeplearning4j.nn.conf.layers.Layer... layers) {
    return Arguments.of(name, input, stock, type, layers);
  }

  /**
   * @param stock how many layers DL4J runs, or −1 where the network is refused
   */
  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void theNetworkComputesWhatDl4jComputes(
      String name,
      InputShape input,
      int stock,
      InputType type,
      org.deeplearning4j.nn.conf.layers.Layer[] layers)
      throws IOException {
    MultiLayerNetwork dl4j = dl4j(type, layers);
    float[] examples = examples(input);
    byte[] zip = zip(dl4j);
    if (stock < 0) {
      assertThatThrownBy(() -> Dl4jFile.read(zip, input, examples, Task.CLASSIFICATION))
          .isInstanceOf(IllegalArgumentException.class);
      return;
    }
    Network network = Dl4jFile.read(zip, input, examples, Task.CLASSIFICATION).network();
    assertThat(network.architecture().layers().stream().filter(Dl4jLayer.class::isInstance))
        .hasSize(stock);
    float[] expected =
        dl4j.output(dl4jInput(type, input, examples), false).dup('c').data().asFloat();
    assertClose(softmax(logits(network, examples, BATCH)), expected);
    // And where all of it goes back to DL4J.
    InputType back = input == ROWS ? type : InputType.feedForward(input.size());
    assertClose(
        Dl4jNetworks.toDl4j(network)
            .output(dl4jInput(back, input, examples), false)
            .dup('c')
            .data()
            .asFloat(),
        expected);
  }

  private static void assertClose(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within(1e-5f));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "normalizer.bin | normalizer.bin: the network has a normalizer",
        "preprocessor.bin | preprocessor.bin: the network has a data preprocessor",
        "labels.txt | entries of the zip must be configuration.json, coefficients.bin and"
      })
  void entriesThatAreNotUnderstoodAreRefusedByName(String entry, String message)
      throws IOException {
    Map<String, byte[]> entries = entries(simple());
    entries.put(entry, serialized(new Marker()));
    assertThatThrownBy(() -> read(zip(entries)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
    assertThat(Marker.read).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"updaterState.bin", "coefficients.bin", "configuration.json"})
  void noEntryIsDeserialized(String entry) throws IOException {
    Map<String, byte[]> entries = entries(simple());
    entries.put(entry, serialized(new Marker()));
    assertThatThrownBy(() -> read(zip(entries)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(entry);
    assertThat(Marker.read).isFalse();
  }

  @Test
  void zipsThatHaveOtherEntriesForOtherProgramsAreRefused() throws IOException {
    Map<String, byte[]> entries = entries(simple());
    entries.put("updaterState.bin", entries.get("coefficients.bin"));
    byte[] good = zip(entries);
    read(good);
    int directory = indexOf(good, new byte[] {'P', 'K', 1, 2}, 0);
    int name = indexOf(good, "updaterState.bin".getBytes(StandardCharsets.UTF_8), directory);
    int end = indexOf(good, new byte[] {'P', 'K', 5, 6}, 0);

    refused(Arrays.copyOf(good, directory), "is not there");
    refused(Arrays.copyOf(good, good.length - 1), "is not there");
    byte[] renamed = good.clone();
    System.arraycopy("normalizer.bin__".getBytes(StandardCharsets.UTF_8), 0, renamed, name, 16);
    refused(renamed, "lists another entry than updaterState.bin");
    for (int field : new int[] {16, 24, 42}) {
      byte[] changed = good.clone();
      changed[directory + field] ^= 1;
      refused(changed, "lists another entry than configuration.json");
    }
    byte[] fewer = good.clone();
    fewer[end + 10]--;
    refused(fewer, "lists 2 entries of 3");
    byte[] elsewhere = good.clone();
    elsewhere[end + 16] ^= 1;
    refused(elsewhere, "ends too early");
  }

  private static void refused(byte[] zip, String how) {
    assertThatThrownBy(() -> read(zip))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not a DL4J zip: its central directory " + how);
  }

  private static int indexOf(byte[] bytes, byte[] part, int from) {
    int i = from;
    while (!Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
      i++;
    }
    return i;
  }

  @Test
  void aNormalizerOfDl4jIsRefused() throws IOException {
    byte[] zip = resource("normalizer.zip");
    assertThatThrownBy(
            () ->
                Dl4jFile.read(
                    zip, new InputShape(1, 4, 4, 255), new float[16], Task.CLASSIFICATION))
        .hasMessageContaining("normalizer.bin");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "org.deeplearning4j.nn.conf.layers.DenseLayer | dev.pare.train.Dl4jFileTest$Initialized",
        "org.nd4j.linalg.activations.impl.ActivationReLU | dev.pare.train.Dl4jFileTest$Initialized",
        "org.deeplearning4j.nn.conf.layers.DenseLayer | org.deeplearning4j.nn.conf.layers.EmbeddingLayer",
        "org.nd4j.linalg.activations.impl.ActivationReLU | org.nd4j.linalg.activations.impl.ActivationRReLU",
        "`hasBias` : true | `hasBias` : true, `hasBias` : false",
        "`hasBias` : true | `hasBias` : `maybe`",
        "`hasBias` : true | `hasGate` : true",
        "`confs` | `vertices` : {}, `confs`",
        "`confs` | `further` : {}, `confs`",
        "`nin` : 6 | `nin` : 6000000000",
        "`nout` : 5 | `nout` : -5",
        "`nout` : 5 | `nout` : 7",
        "`inputPreProcessors` : { } | `inputPreProcessors` : { `1` : { `@class` : `org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor` } }",
        "`inputPreProcessors` : { } | `inputPreProcessors` : { `1` : { `@class` : `dev.pare.train.Dl4jFileTest$Initialized` } }"
      })
  void configurationsThatAreNotUnderstoodAreRefused(String right, String wrong) throws IOException {
    Map<String, byte[]> entries = entries(simple());
    String json = new String(entries.get("configuration.json"), StandardCharsets.UTF_8);
    String changed =
        json.replaceFirst(
            Pattern.quote(right.replace('`', '"')),
            Matcher.quoteReplacement(wrong.replace('`', '"')));
    assertThat(changed).isNotEqualTo(json);
    entries.put("configuration.json", changed.getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> read(zip(entries)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("co");
    assertThat(Marker.initialized).isFalse();
  }

  @Test
  void noiseOnBiasesWhichDl4jAddsOutsideOfTrainingTooIsRefused() throws IOException {
    for (IWeightNoise noise :
        List.of(
            new WeightNoise(new ConstantDistribution(2), true, true), new DropConnect(0.5, true))) {
      byte[] zip = zip(noisy(noise));
      assertThatThrownBy(() -> read(zip)).hasMessageContaining("weightNoise with applyToBias");
    }
    Map<String, byte[]> entries =
        entries(noisy(new WeightNoise(new ConstantDistribution(2), false, true)));
    read(zip(entries));
    String json = new String(entries.get("configuration.json"), StandardCharsets.UTF_8);
    String own = json.replace("weightnoise.WeightNoise", "weightnoise.OfTheirOwn");
    assertThat(own).isNotEqualTo(json);
    entries.put("configuration.json", own.getBytes(StandardCharsets.UTF_8));
    byte[] zip = zip(entries);
    assertThatThrownBy(() -> read(zip))
        .hasMessageContaining("weightNoise = org.deeplearning4j.nn.conf.weightnoise.OfTheirOwn");
  }

  private static MultiLayerNetwork noisy(IWeightNoise noise) {
    return dl4j(
        InputType.feedForward(6), dense(5, Activation.TANH).weightNoise(noise).build(), output());
  }

  @Test
  void bombsEndEarly() throws IOException {
    Map<String, byte[]> entries = entries(simple());
    entries.put("updaterState.bin", Arrays.copyOf(entries.get("coefficients.bin"), 1 << 27));
    byte[] bomb = zip(entries);
    assertThatThrownBy(() -> read(bomb)).hasMessageContaining("inflates to more than");
    entries = entries(simple());
    entries.put("configuration.json", "[".repeat(20_000).getBytes(StandardCharsets.UTF_8));
    byte[] deep = zip(entries);
    assertThatThrownBy(() -> read(deep)).hasMessageContaining("more than 32 levels");
  }

  @Test
  void parametersAreReadWhereTheLayersHaveAsMany() throws IOException {
    Map<String, byte[]> wide = entries(zeros(1 << 18));
    Map<String, byte[]> entries = entries(simple());
    entries.put("coefficients.bin", wide.get("coefficients.bin"));
    byte[] other = zip(entries);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    assertThatThrownBy(() -> read(other))
        .hasMessage("coefficients.bin: 2621443 parameters, but the layers have 53");
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(4L << 20);
    String json = new String(wide.get("configuration.json"), StandardCharsets.UTF_8);
    entries.put(
        "configuration.json", json.replace("262144", "4194304").getBytes(StandardCharsets.UTF_8));
    byte[] larger = zip(entries);
    assertThatThrownBy(() -> read(larger))
        .hasMessageStartingWith("coefficients.bin: 41943043 parameters of the layers in a zip of");
  }

  @Test
  void sparseNetworksCompressBetterThanOthers() throws IOException {
    MultiLayerNetwork dl4j = zeros(1 << 17);
    assertThat(read(zip(dl4j)).parameters()).containsOnly(0);
    // As other tools order what is in a zip.
    Map<String, byte[]> entries = entries(dl4j);
    Map<String, byte[]> sorted = new TreeMap<>(entries);
    assertThat(sorted.keySet()).startsWith("coefficients.bin");
    assertThat(read(zip(sorted)).parameters()).containsOnly(0);
  }

  private static MultiLayerNetwork zeros(int units) {
    MultiLayerNetwork dl4j =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .updater(new Adam(0.01))
                .list(dense(units, Activation.RELU).build(), output())
                .setInputType(InputType.feedForward(6))
                .build());
    dl4j.init(Nd4j.zeros(1, 10L * units + 3), false);
    return dl4j;
  }

  @Test
  void examplesAreComparedInBatchesThatFitTheMemory() throws IOException {
    int count = 300;
    byte[] zip = zip(zeros(1 << 18));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    Network network =
        Dl4jFile.read(zip, VECTOR, new float[count * VECTOR.size()], Task.CLASSIFICATION).network();
    long together = Engines.inferenceBytes(network.architecture()) * count;
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(together);
  }

  @Test
  void wrappersHaveNoFieldsThatAreNotUnderstood() throws IOException {
    for (org.deeplearning4j.nn.conf.layers.Layer wrapper :
        List.of(
            new FrozenLayer(dense(5, Activation.TANH).build()),
            new FrozenLayerWithBackprop(dense(5, Activation.TANH).build()))) {
      Map<String, byte[]> entries = entries(dl4j(InputType.feedForward(6), wrapper, output()));
      String json = new String(entries.get("configuration.json"), StandardCharsets.UTF_8);
      String type = wrapper.getClass().getName() + "\",";
      assertThat(json).contains(type);
      String changed = json.replace(type, type + " \"further\" : 1,");
      entries.put("configuration.json", changed.getBytes(StandardCharsets.UTF_8));
      byte[] zip = zip(entries);
      assertThatThrownBy(() -> read(zip))
          .hasMessageContaining("Pare does not know what further does");
    }
  }

  @Test
  void numbersThatAreNullAreWhatDl4jMakesOfThem() throws IOException {
    Map<String, byte[]> entries =
        entries(dl4j(InputType.feedForward(6), dense(5, Activation.LEAKYRELU).build(), linear()));
    byte[] zip = changed(entries, "\"alpha\" : 0.01", "\"alpha\" : null");
    float[] examples = examples(VECTOR);
    int count = examples.length / VECTOR.size();
    Network network = Dl4jFile.read(zip, VECTOR, examples, Task.REGRESSION).network();
    float[] outputs = new float[count * network.architecture().outputs()];
    try (Engine engine = Engines.of(network.architecture(), count)) {
      engine.forward(network.parameters(), Batch.of(examples, count), outputs);
    }
    INDArray expected =
        ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(zip), false)
            .output(Nd4j.create(examples, new long[] {count, VECTOR.size()}, 'c').div(3));
    assertThat(outputs).containsExactly(expected.dup('c').data().asFloat(), within(1e-5f));
  }

  @Test
  void variancesThatAreNamedOtherwiseThanTheyAreSetAreRefused() throws IOException {
    Map<String, byte[]> entries =
        entries(dl4j(InputType.feedForward(6), new BatchNormalization.Builder().build(), output()));
    byte[] zip = changed(entries, "\"useLogStd\" : true", "\"useLogStd\" : false");
    assertThatThrownBy(() -> read(zip))
        .hasMessageContaining("layer 0 (BatchNormalization): useLogStd = false does not fit")
        .hasMessageContaining("log10stdev");
  }

  /** 3505 × 3123 × 11072 × 152206654 is 2⁶⁴ + 101504. */
  @Test
  void numbersOfWeightsThatWrapAreRefused() throws IOException {
    Map<String, byte[]> entries =
        entries(dl4j(InputType.convolutional(6, 5, 2), convolution().build(), output()));
    String json = new String(entries.get("configuration.json"), StandardCharsets.UTF_8);
    String wrapping =
        json.replaceFirst("\"kernelSize\" : \\[ [0-9, ]* ]", "\"kernelSize\" : [ 3505, 3123 ]")
            .replaceFirst("\"nin\" : [0-9]+", "\"nin\" : 11072")
            .replaceFirst("\"nout\" : [0-9]+", "\"nout\" : 152206654");
    entries.put("configuration.json", wrapping.getBytes(StandardCharsets.UTF_8));
    byte[] zip = zip(entries);
    assertThatThrownBy(() -> read(zip))
        .hasMessageContaining("layer 0 (ConvolutionLayer): nin, nout and kernelSize make");
  }

  private static byte[] changed(Map<String, byte[]> entries, String part, String other)
      throws IOException {
    String json = new String(entries.get("configuration.json"), StandardCharsets.UTF_8);
    assertThat(json).contains(part);
    entries.put("configuration.json", json.replace(part, other).getBytes(StandardCharsets.UTF_8));
    return zip(entries);
  }

  @Test
  void weightsThatAreNoNumbersAreRefused() throws IOException {
    MultiLayerNetwork dl4j = simple();
    dl4j.params().putScalar(3, Float.NaN);
    byte[] zip = zip(dl4j);
    assertThatThrownBy(() -> read(zip)).hasMessageContaining("must be finite");
  }

  @Test
  void imagesOfADenseLayersUnitsAreRefusedByName() throws IOException {
    MultiLayerNetwork dl4j =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .list()
                .layer(dense(12, Activation.RELU).nIn(6).build())
                .layer(convolution().kernelSize(2, 2).nIn(2).build())
                .layer(
                    new OutputLayer.Builder().nIn(6).nOut(3).activation(Activation.SOFTMAX).build())
                .inputPreProcessor(1, new FeedForwardToCnnPreProcessor(3, 2, 2))
                .build());
    dl4j.init();
    byte[] zip = zip(dl4j);
    assertThatThrownBy(() -> read(zip))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("layer 1 (ConvolutionLayer)")
        .hasMessageContaining("2×3×2, but there are 12×1×1");
  }

  private static Network read(byte[] zip) {
    return Dl4jFile.read(zip, VECTOR, examples(VECTOR), Task.CLASSIFICATION).network();
  }

  private static MultiLayerNetwork simple() {
    return dl4j(InputType.feedForward(6), dense(5, Activation.RELU).build(), output());
  }

  /** Says whether anybody made an object of its bytes, or touched its neighbour. */
  private static final class Marker implements Serializable {
    private static final long serialVersionUID = 1;
    static boolean read;
    static boolean initialized;

    private void readObject(ObjectInputStream in) {
      read = true;
    }
  }

  /** A class that says when it is initialized. */
  static final class Initialized {
    static {
      Marker.initialized = true;
    }

    private Initialized() {}
  }

  private static byte[] serialized(Object object) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    }
    return bytes.toByteArray();
  }

  private static Map<String, byte[]> entries(MultiLayerNetwork dl4j) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(zip(dl4j)))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        entries.put(entry.getName(), zip.readAllBytes());
      }
    }
    return entries;
  }

  private static byte[] zip(Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] zip(MultiLayerNetwork dl4j) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ModelSerializer.writeModel(dl4j, bytes, true);
    return bytes.toByteArray();
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = Dl4jFileTest.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }

  private static float[] logits(Network network, float[] examples, int batch) {
    float[] logits = new float[batch * network.architecture().outputs()];
    try (Engine engine = Engines.of(network.architecture(), batch)) {
      engine.forward(network.parameters(), Batch.of(examples, batch), logits);
    }
    return logits;
  }

  private static float[] softmax(float[] logits) {
    Softmax.rows(logits, BATCH, logits.length / BATCH, 1, logits);
    return logits;
  }

  private static ConvolutionLayer.Builder convolution() {
    return new ConvolutionLayer.Builder(3, 3).nOut(3).activation(Activation.RELU);
  }

  private static org.deeplearning4j.nn.conf.layers.Layer same(int stride) {
    return convolution().stride(stride, stride).convolutionMode(ConvolutionMode.Same).build();
  }

  private static DenseLayer.Builder dense(int units, Activation activation) {
    return new DenseLayer.Builder().nOut(units).activation(activation);
  }

  private static org.deeplearning4j.nn.conf.layers.Layer output() {
    return new OutputLayer.Builder().nOut(3).activation(Activation.SOFTMAX).build();
  }

  private static org.deeplearning4j.nn.conf.layers.Layer linear() {
    return new OutputLayer.Builder(LossFunction.MSE)
        .nOut(3)
        .activation(Activation.IDENTITY)
        .build();
  }

  /** With random parameters everywhere. */
  private static MultiLayerNetwork dl4j(
      InputType input, org.deeplearning4j.nn.conf.layers.Layer... layers) {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(0.01))
                .l2(1e-4)
                .list(layers)
                .setInputType(input)
                .build());
    network.init();
    SplittableRandom random = TestSeed.random();
    for (org.deeplearning4j.nn.api.Layer layer : network.getLayers()) {
      layer
          .paramTable()
          .forEach(
              (name, values) -> {
                for (long i = 0; i < values.length(); i++) {
                  double drawn = random.nextDouble() - 0.5;
                  values.putScalar(i, name.equals("var") ? 1 + drawn : drawn);
                }
              });
    }
    return network;
  }

  private static float[] examples(InputShape input) {
    SplittableRandom random = TestSeed.random();
    float[] examples = new float[BATCH * input.size()];
    for (int i = 0; i < examples.length; i++) {
      examples[i] = (float) random.nextDouble() * input.divisor();
    }
    return examples;
  }

  private static INDArray dl4jInput(InputType type, InputShape s, float[] examples) {
    INDArray images =
        Nd4j.create(examples, new long[] {BATCH, s.channels(), s.height(), s.width()}, 'c')
            .div(s.divisor());
    if (type instanceof InputType.InputTypeConvolutional image) {
      return image.getFormat() == CNN2DFormat.NHWC ? images.permute(0, 2, 3, 1).dup('c') : images;
    }
    if (type instanceof InputType.InputTypeRecurrent) {
      return images
          .permute(0, 1, 3, 2)
          .dup('c')
          .reshape('c', BATCH, (long) s.channels() * s.width(), s.height());
    }
    return images.reshape('c', BATCH, s.size());
  }
}
