package dev.pare.graph;

import java.util.ArrayList;
import java.util.List;

/** Networks of the literature, as torchvision builds them, for 1,000 classes. */
public final class PublishedNetworks {
  private static final float EPSILON = 1e-5f;

  private PublishedNetworks() {}

  /** ResNet-18 (He et al. 2016), with projections where sizes change. */
  public static Architecture resNet18(int side) {
    List<Step> steps = new ArrayList<>();
    convolution(steps, new Convolution(64, 7, 2, 3, Activation.IDENTITY), Activation.RELU);
    Window pool = new Window(3, 2, 1);
    steps.add(new Pooling(Pooling.Pool.MAX, pool, pool));
    int channels = 64;
    for (int filters : new int[] {64, 128, 256, 512}) {
      for (int block = 0; block < 2; block++) {
        int stride = block == 0 && filters > 64 ? 2 : 1;
        int source = steps.size() - 1;
        convolution(
            steps, new Convolution(filters, 3, stride, 1, Activation.IDENTITY), Activation.RELU);
        convolution(
            steps, new Convolution(filters, 3, 1, 1, Activation.IDENTITY), Activation.IDENTITY);
        int end = steps.size() - 1;
        int beside = source;
        if (stride > 1 || channels != filters) {
          steps.add(Node.of(new Convolution(filters, 1, stride, Activation.IDENTITY), source));
          steps.add(new BatchNormalization(EPSILON, Activation.IDENTITY));
          beside = steps.size() - 1;
        }
        steps.add(Node.of(new Shortcut(Activation.RELU), end, beside));
        channels = filters;
      }
    }
    return classifier(steps, side, 32);
  }

  /** MobileNetV2 (Sandler et al. 2018). */
  public static Architecture mobileNetV2(int side) {
    List<Step> steps = new ArrayList<>();
    relu6(steps, new Convolution(32, 3, 2, 1, Activation.IDENTITY));
    int channels = 32;
    int[][] settings = {
      {1, 16, 1, 1},
      {6, 24, 2, 2},
      {6, 32, 3, 2},
      {6, 64, 4, 2},
      {6, 96, 3, 1},
      {6, 160, 3, 2},
      {6, 320, 1, 1}
    };
    for (int[] setting : settings) {
      for (int block = 0; block < setting[2]; block++) {
        int stride = block == 0 ? setting[3] : 1;
        int source = steps.size() - 1;
        int hidden = channels * setting[0];
        if (setting[0] > 1) {
          relu6(steps, new Convolution(hidden, 1, 1, Activation.IDENTITY));
        }
        Window window = new Window(3, stride, 1);
        relu6(steps, new Convolution(hidden, hidden, window, window, Activation.IDENTITY));
        convolution(
            steps, new Convolution(setting[1], 1, 1, Activation.IDENTITY), Activation.IDENTITY);
        if (stride == 1 && channels == setting[1]) {
          steps.add(Shortcut.from(source, Activation.IDENTITY));
        }
        channels = setting[1];
      }
    }
    relu6(steps, new Convolution(1280, 1, 1, Activation.IDENTITY));
    return classifier(steps, side, 32);
  }

  private static void convolution(List<Step> steps, Convolution layer, Activation activation) {
    steps.add(layer);
    steps.add(new BatchNormalization(EPSILON, activation));
  }

  private static void relu6(List<Step> steps, Convolution layer) {
    convolution(steps, layer, Activation.IDENTITY);
    steps.add(new Elementwise(Elementwise.Function.CLIP, 0, 6));
  }

  private static Architecture classifier(List<Step> steps, int side, int reduced) {
    steps.add(new Pooling(Pooling.Pool.AVERAGE, side / reduced, side / reduced));
    steps.add(new Dense(1000, Activation.SOFTMAX));
    return new Architecture(new InputShape(3, side, side, 1), steps);
  }
}
