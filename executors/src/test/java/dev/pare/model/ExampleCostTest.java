package dev.pare.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.model.Architecture.Shape;
import dev.pare.model.Layer.Axis;
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
    Layer wide = new Layer.Convolution(1 << 12, 1, 1, Activation.RELU);
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
                new Layer.Pooling(Layer.Pool.MAX, 2000, 1))),
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
        Arguments.of("attention", sequence, List.of(new Layer.SelfAttention(1))),
        Arguments.of("products of attention", PHOTO, List.of(new Layer.SelfAttention(1, 512))),
        Arguments.of("LSTM", sequence, List.of(new Layer.Lstm(4096, Layer.Steps.LAST))),
        Arguments.of(
            "winners",
            PHOTO,
            List.of(
                new Layer.Convolution(256, 1, 1, Activation.RELU),
                Layer.SparseActivation.winners(1))),
        Arguments.of(
            "products that are put together",
            one,
            List.of(
                new Layer.Dense(1 << 15, Activation.RELU),
                new Layer.Factored(
                    new Layer.Dense(1 << 14, Activation.RELU), List.of(1), Layer.Remainder.NONE))),
        Arguments.of(
            "layers", one, Collections.nCopies(Architecture.MOST_LAYERS, new Layer.Positions())));
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
    List<Layer> layers = new ArrayList<>();
    int[][] blocks = {{64, 64}, {128, 128}, {256, 256, 256}, {512, 512, 512}, {512, 512, 512}};
    for (int[] block : blocks) {
      for (int filters : block) {
        layers.add(new Layer.Convolution(filters, 3, 1, 1, Activation.RELU));
      }
      layers.add(new Layer.Pooling(Layer.Pool.MAX, 2, 2));
    }
    layers.add(new Layer.Dense(4096, Activation.RELU));
    layers.add(new Layer.Dense(4096, Activation.RELU));
    // 15.5 billion multiply-adds, as published, with 1,000 classes.
    assertThat(classifier(PHOTO, layers).multiplyAdds())
        .isBetween(15_300_000_000L, 15_500_000_000L);
  }

  @Test
  void resNet50RunsOnPhotos() {
    List<Layer> layers = new ArrayList<>();
    normalized(layers, new Layer.Convolution(64, 7, 2, 3, Activation.IDENTITY));
    layers.add(new Layer.Pooling(Layer.Pool.MAX, 2, 2));
    int[] repeats = {3, 4, 6, 3};
    for (int stage = 0; stage < 4; stage++) {
      int width = 64 << stage;
      for (int block = 0; block < repeats[stage]; block++) {
        int stride = stage > 0 && block == 0 ? 2 : 1;
        int from = layers.size() - 1;
        normalized(layers, new Layer.Convolution(width, 1, 1, Activation.IDENTITY));
        normalized(layers, new Layer.Convolution(width, 3, stride, 1, Activation.IDENTITY));
        normalized(layers, new Layer.Convolution(4 * width, 1, 1, Activation.IDENTITY));
        layers.add(new Layer.Shortcut(from, Activation.RELU));
      }
    }
    layers.add(new Layer.Pooling(Layer.Pool.AVERAGE, 7, 7));
    // 4.1 billion multiply-adds, as published, less those of its projections.
    assertThat(classifier(PHOTO, layers).multiplyAdds()).isBetween(3_600_000_000L, 4_100_000_000L);
  }

  @Test
  void mobileNetWithLayersOfDl4jRunsOnPhotos() {
    List<Layer> layers = new ArrayList<>();
    normalized(layers, new Layer.Convolution(32, 3, 2, 1, Activation.IDENTITY));
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
      normalized(layers, new Layer.Convolution(filters[i], 1, 1, Activation.IDENTITY));
      side = (side - 1) / strides[i] + 1;
      channels = filters[i];
    }
    layers.add(new Layer.Pooling(Layer.Pool.AVERAGE, 7, 7));
    // 569 million, as published, with 1,000 classes.
    assertThat(classifier(PHOTO, layers).multiplyAdds()).isBetween(560_000_000L, 570_000_000L);
  }

  @Test
  void lenet5RunsOnLargeImages() {
    assertThat(
            classifier(
                    new InputShape(1, 512, 512, 255),
                    List.of(
                        new Layer.Convolution(20, 5, 1, Activation.IDENTITY),
                        new Layer.Pooling(Layer.Pool.MAX, 2, 2),
                        new Layer.Convolution(50, 5, 1, Activation.IDENTITY),
                        new Layer.Pooling(Layer.Pool.MAX, 2, 2),
                        new Layer.Dense(500, Activation.RELU)))
                .classes())
        .isEqualTo(10);
  }

  private static Layer rectangular(int height, int above, int width, int beside) {
    return new Layer.Convolution(
        1, new Axis(height, 1, above), new Axis(width, 1, beside), Activation.RELU);
  }

  private static Layer stock(
      org.deeplearning4j.nn.conf.layers.Layer layer, int channels, int side) {
    return StockLayers.of(layer, new Shape(channels, side, side));
  }

  private static void normalized(List<Layer> layers, Layer layer) {
    layers.add(layer);
    layers.add(new Layer.BatchNormalization(1e-5f, Activation.RELU));
  }

  private static Architecture classifier(InputShape input, List<Layer> layers) {
    List<Layer> all = new ArrayList<>(layers);
    all.add(new Layer.Dense(10, Activation.SOFTMAX));
    return new Architecture(input, all);
  }
}
