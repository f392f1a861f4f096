package dev.pare.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.BatchNormalization;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Factored;
import dev.pare.graph.InputShape;
import dev.pare.graph.Layer;
import dev.pare.graph.Lstm;
import dev.pare.graph.MatrixProduct;
import dev.pare.graph.Pooling;
import dev.pare.graph.Positions;
import dev.pare.graph.SelfAttention;
import dev.pare.graph.Shape;
import dev.pare.graph.Shortcut;
import dev.pare.graph.SparseActivation;
import dev.pare.graph.Step;
import dev.pare.graph.Window;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a few bytes of a file may not make of an example, and what real networks make of it. */
class ExampleCostTest {
  private static final InputShape PHOTO = new InputShape(3, 224, 224, 255);
  private static final InputShape DIGIT = new InputShape(1, 28, 28, 255);

  static Stream<Arguments> hostile() {
    InputShape one = new InputShape(1, 1, 1, 1);
    InputShape sequence = new InputShape(1, 1 << 14, 1, 1);
    Layer wide = new Convolution(1 << 12, 1, 1, Activation.RELU);
    return Stream.of(
        Arguments.of("padding", DIGIT, List.of(rectangular(1 << 20, 1 << 19, 100, 99))),
        Arguments.of("unrolled padding", DIGIT, List.of(rectangular(512, 511, 512, 511))),
        Arguments.of(
            "unrolled along one side", DIGIT, List.of(rectangular(1, 0, 1 << 14, (1 << 14) - 1))),
        Arguments.of("outputs", PHOTO, List.of(wide)),
        Arguments.of("outputs together", DIGIT, Collections.nCopies(30, wide)),
        Arguments.of(
            "pooling",
            DIGIT,
            List.of(
                stock(new Upsampling2D.Builder(100).build(), 1, 28),
                new Pooling(Pooling.Pool.MAX, 2000, 1))),
        Arguments.of(
            "pooling by DL4J",
            DIGIT,
            List.of(
                stock(new Upsampling2D.Builder(100).build(), 1, 28),
                stock(
                    new SubsamplingLayer.Builder()
                        .kernelSize(2000, 2000)
                        .stride(1, 1)
                        .convolutionMode(org.deeplearning4j.nn.conf.ConvolutionMode.Truncate)
                        .build(),
                    1,
                    2800))),
        Arguments.of(
            "padding by DL4J",
            DIGIT,
            List.of(stock(new ZeroPaddingLayer.Builder(4000, 4000).build(), 1, 28))),
        Arguments.of("attention", sequence, List.of(new SelfAttention(1))),
        Arguments.of("products of attention", PHOTO, List.of(new SelfAttention(1, 512))),
        Arguments.of("LSTM", sequence, List.of(new Lstm(4096, Lstm.Steps.LAST))),
        Arguments.of(
            "winners",
            PHOTO,
            List.of(new Convolution(256, 1, 1, Activation.RELU), SparseActivation.topK(1))),
        Arguments.of(
            "products that are put together",
            one,
            List.of(
                new Dense(1 << 15, Activation.RELU),
                new Factored(
                    new Dense(1 << 14, Activation.RELU),
                    List.of(1),
                    Factored.SparseResidual.NONE))),
        Arguments.of(
            "layers", one, Collections.nCopies(Architecture.MOST_LAYERS, new Positions())));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void hostile(String name, InputShape input, List<Layer> layers) {
    assertThatThrownBy(() -> classifier(input, layers))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .containsAnyOf("an example takes", "as put together", "layers: must be at most");
  }

  @Test
  void vgg16RunsOnPhotos() {
    List<Step> layers = new ArrayList<>();
    int[][] blocks = {{64, 64}, {128, 128}, {256, 256, 256}, {512, 512, 512}, {512, 512, 512}};
    for (int[] block : blocks) {
      for (int filters : block) {
        layers.add(new Convolution(filters, 3, 1, 1, Activation.RELU));
      }
      layers.add(new Pooling(Pooling.Pool.MAX, 2, 2));
    }
    layers.add(new Dense(4096, Activation.RELU));
    layers.add(new Dense(4096, Activation.RELU));
    // 15.5 billion multiply-adds, as published, with 1,000 classes.
    assertThat(classifier(PHOTO, layers).multiplyAdds())
        .isBetween(15_300_000_000L, 15_500_000_000L);
  }

  @Test
  void resNet50RunsOnPhotos() {
    List<Step> layers = new ArrayList<>();
    normalized(layers, new Convolution(64, 7, 2, 3, Activation.IDENTITY));
    layers.add(new Pooling(Pooling.Pool.MAX, 2, 2));
    int[] repeats = {3, 4, 6, 3};
    for (int stage = 0; stage < 4; stage++) {
      int width = 64 << stage;
      for (int block = 0; block < repeats[stage]; block++) {
        int stride = stage > 0 && block == 0 ? 2 : 1;
        int from = layers.size() - 1;
        normalized(layers, new Convolution(width, 1, 1, Activation.IDENTITY));
        normalized(layers, new Convolution(width, 3, stride, 1, Activation.IDENTITY));
        normalized(layers, new Convolution(4 * width, 1, 1, Activation.IDENTITY));
        layers.add(Shortcut.from(from, Activation.RELU));
      }
    }
    layers.add(new Pooling(Pooling.Pool.AVERAGE, 7, 7));
    // 4.1 billion multiply-adds, as published, less those of its projections.
    assertThat(classifier(PHOTO, layers).multiplyAdds()).isBetween(3_600_000_000L, 4_100_000_000L);
  }

  @Test
  void mobileNetWithLayersOfDl4jRunsOnPhotos() {
    List<Step> layers = new ArrayList<>();
    normalized(layers, new Convolution(32, 3, 2, 1, Activation.IDENTITY));
    int side = 112;
    int channels = 32;
    int[] filters = {64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024};
    int[] strides = {1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1};
    for (int i = 0; i < filters.length; i++) {
      DepthwiseConvolution2D depthwise =
          new DepthwiseConvolution2D.Builder(3, 3)
              .nIn(channels)
              .nOut(channels)
              .depthMultiplier(1)
              .stride(strides[i], strides[i])
              .padding(1, 1)
              .convolutionMode(org.deeplearning4j.nn.conf.ConvolutionMode.Truncate)
              .activation(org.nd4j.linalg.activations.Activation.IDENTITY)
              .build();
      normalized(layers, stock(depthwise, channels, side));
      normalized(layers, new Convolution(filters[i], 1, 1, Activation.IDENTITY));
      side = (side - 1) / strides[i] + 1;
      channels = filters[i];
    }
    layers.add(new Pooling(Pooling.Pool.AVERAGE, 7, 7));
    // 569 million, as published, with 1,000 classes.
    assertThat(classifier(PHOTO, layers).multiplyAdds()).isBetween(560_000_000L, 570_000_000L);
  }

  /** Blocks of a transformer over so many places, without what multiplies nothing. */
  private static Architecture transformer(
      int blocks, int places, int channels, int heads, int inner, int classes) {
    List<Step> layers = new ArrayList<>();
    for (int block = 0; block < blocks; block++) {
      layers.add(new SelfAttention(heads));
      layers.add(new Convolution(inner, 1, 1, Activation.RELU));
      layers.add(new Convolution(channels, 1, 1, Activation.IDENTITY));
    }
    layers.add(new Pooling(Pooling.Pool.AVERAGE, new Window(places, 1, 0), new Window(1, 1, 0)));
    layers.add(new Dense(classes, Activation.SOFTMAX));
    return new Architecture(new InputShape(channels, places, 1, 1), layers);
  }

  /** Products of queries and keys, and of weights and values, count as published. */
  @Test
  void transformersHaveThePublishedMultiplyAdds() {
    // torchvision's vit_b_32: 4.409 billion, of which those of 49 patches of 32×32×3.
    long patches = 49L * 32 * 32 * 3 * 768;
    assertThat(transformer(12, 50, 768, 12, 3072, 1000).multiplyAdds() + patches)
        .isBetween(4_408_500_000L, 4_409_499_999L);
    // Jiao et al. 2020, table 1, for 128 tokens, a multiply-add being two operations: 11.3 billion
    // of DistilBERT with six layers, 1.2 of TinyBERT with four.
    assertThat(2 * transformer(6, 128, 768, 12, 3072, 2).multiplyAdds())
        .isBetween(11_100_000_000L, 11_350_000_000L);
    assertThat(2 * transformer(4, 128, 312, 12, 1200, 2).multiplyAdds())
        .isBetween(1_150_000_000L, 1_249_999_999L);
  }

  /**
   * The two products of DeiT-Ti's attention: 197 places, three heads of 64 (Touvron et al. 2021).
   */
  @Test
  void productsOfActivationsAreThoseOfTheirMatrices() {
    Shape heads = new Shape(64, 3, 197);
    Shape weights = new Shape(197, 3, 197);
    MatrixProduct scores = new MatrixProduct(MatrixProduct.Form.TRANSPOSED);
    MatrixProduct sums = new MatrixProduct(MatrixProduct.Form.PLAIN);
    assertThat(scores.output(List.of(heads, heads))).isEqualTo(weights);
    assertThat(scores.products(List.of(heads, heads), weights)).isEqualTo(197 * 197 * 192);
    assertThat(sums.output(List.of(weights, heads))).isEqualTo(heads);
    assertThat(sums.products(List.of(weights, heads), heads)).isEqualTo(197 * 197 * 192);
    Shape places = new Shape(192, 197, 1);
    SelfAttention attention = new SelfAttention(3);
    assertThat(attention.products(List.of(places), places)).isEqualTo(2 * 197 * 197 * 192);
    assertThat(
            new Factored(attention, List.of(8, 8, 0, 0), Factored.SparseResidual.NONE)
                .products(List.of(places), places))
        .isEqualTo(2 * 197 * 197 * 192);
  }

  @Test
  void lenet5RunsOnLargeImages() {
    assertThat(
            classifier(
                    new InputShape(1, 512, 512, 255),
                    List.of(
                        new Convolution(20, 5, 1, Activation.IDENTITY),
                        new Pooling(Pooling.Pool.MAX, 2, 2),
                        new Convolution(50, 5, 1, Activation.IDENTITY),
                        new Pooling(Pooling.Pool.MAX, 2, 2),
                        new Dense(500, Activation.RELU)))
                .outputs())
        .isEqualTo(10);
  }

  private static Layer rectangular(int height, int above, int width, int beside) {
    return new Convolution(
        1, new Window(height, 1, above), new Window(width, 1, beside), Activation.RELU);
  }

  private static Layer stock(
      org.deeplearning4j.nn.conf.layers.Layer layer, int channels, int side) {
    return StockLayers.of(layer, new Shape(channels, side, side));
  }

  private static void normalized(List<Step> layers, Layer layer) {
    layers.add(layer);
    layers.add(new BatchNormalization(1e-5f, Activation.RELU));
  }

  private static Architecture classifier(InputShape input, List<? extends Step> layers) {
    List<Step> all = new ArrayList<>(layers);
    all.add(new Dense(10, Activation.SOFTMAX));
    Architecture architecture = new Architecture(input, all);
    StockLayers.check(architecture);
    return architecture;
  }
}
