package dev.pare.examine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pare.data.ExampleShape;
import dev.pare.data.Examples;
import dev.pare.data.MemoryExamples;
import dev.pare.data.TestSeed;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Layer;
import dev.pare.graph.Network;
import dev.pare.train.InputGradients;
import dev.pare.train.InputSpace;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ExplanationsTest {
  private static final Offset<Float> CLOSE = within(1e-4f);

  private final SplittableRandom random = TestSeed.random();

  private float[] normal(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static Network network(InputShape input, float[] parameters, Layer... layers) {
    return new Network(new Architecture(input, List.of(layers)), parameters);
  }

  @Test
  void attributionsOfALinearNetworkAreItsWeightsTimesTheWay() {
    // Features are halved; the mean of the table is (1, 2, 3).
    float[] weights = {2, -4, 6, 1, 1, 1, 0, 0};
    Network network =
        network(new InputShape(3, 1, 1, 2), weights, new Dense(2, Activation.SOFTMAX));
    Examples table = MemoryExamples.of(new float[] {0, 2, 2, 2, 2, 4}, 3, new int[2], 2);
    InputSpace space = InputSpace.of(new ExampleShape(3, 1, 1), table);
    Attribution.Explained explained =
        new Attribution.Explained(new InputGradients(network), 2, space);
    float[] x = {3, 0, 3};
    assertThat(Attribution.GRADIENT.of(explained, x, 0))
        .containsExactly(new float[] {1, -2, 3}, CLOSE);
    float[] way = {2, 4, 0};
    assertThat(Attribution.INTEGRATED.of(explained, x, 0)).containsExactly(way, CLOSE);
    assertThat(Attribution.OCCLUSION.of(explained, x, 0)).containsExactly(way, CLOSE);
  }

  @Test
  void integratedGradientsAddUpToWhatTheLogitGained() {
    Architecture architecture =
        new Architecture(
            new InputShape(1, 4, 4, 1),
            List.of(new Dense(20, Activation.TANH), new Dense(3, Activation.SOFTMAX)));
    Network network = Initialization.random(architecture, random.nextLong());
    Examples images = MemoryExamples.of(normal(160), 16, new int[10], 3);
    InputSpace space = InputSpace.of(new ExampleShape(1, 4, 4), images);
    Attribution.Explained explained =
        new Attribution.Explained(new InputGradients(network), 3, space);
    float[] base = new float[16];
    Arrays.fill(base, space.low(0));
    for (int i = 0; i < 10; i++) {
      float[] x = new float[16];
      images.copyFeatures(i, x, 0);
      double sum = 0;
      for (float each : Attribution.INTEGRATED.of(explained, x, 1)) {
        sum += each;
      }
      // The axiom of completeness (Sundararajan et al. 2017, proposition 1).
      assertThat(sum)
          .isCloseTo(
              (double) explained.logits(x, 1, 1)[0] - explained.logits(base, 1, 1)[0],
              within(0.02));
    }
  }

  @Test
  void occlusionHidesSquaresOfImages() {
    // The sum of all pixels of 14×14: squares of 2×2.
    float[] parameters = new float[2 * 196 + 2];
    Arrays.fill(parameters, 0, 196, 1);
    Network network =
        network(new InputShape(1, 14, 14, 1), parameters, new Dense(2, Activation.SOFTMAX));
    float[] image = new float[196];
    image[0] = 1;
    image[15] = 2;
    image[195] = 5;
    InputSpace space =
        InputSpace.of(new ExampleShape(1, 14, 14), MemoryExamples.of(image, 196, new int[1], 2));
    float[] all =
        Attribution.OCCLUSION.of(
            new Attribution.Explained(new InputGradients(network), 2, space), image, 0);
    assertThat(new float[] {all[0], all[1], all[14], all[15], all[2], all[195], all[181]})
        .containsExactly(new float[] {3, 3, 3, 3, 0, 5, 5}, CLOSE);
  }

  @Test
  void aNetworkAgreesWithItself() {
    Architecture architecture =
        new Architecture(
            new InputShape(6, 1, 1, 1),
            List.of(new Dense(8, Activation.RELU), new Dense(2, Activation.SOFTMAX)));
    Network network = Initialization.random(architecture, 3);
    Examples examples = MemoryExamples.of(normal(120), 6, new int[20], 2);
    Explanations explanations =
        new Explanations(examples, InputSpace.of(new ExampleShape(6, 1, 1), examples));
    assertThat(
            explanations.findings(explanations.of(network), explanations.of(network)).get(0).rows())
        .hasSize(3)
        .allSatisfy(row -> assertThat((Double) row.get(2)).isCloseTo(1, within(1e-12)));
  }

  @Test
  void rankCorrelationIsSciPys() {
    float[] first = {0, -0f, 3, -1, 2, 0.5f};
    float[] second = {1, 0, 2, 0, -1, 2};
    assertThat(RankCorrelation.of(first, second)).isCloseTo(0.3134677528639293, within(1e-12));
    assertThat(RankCorrelation.of(new float[3], new float[] {1, 2, 3})).isNaN();
  }

  @Test
  void alignmentIsThatOfNumPy() {
    double[][] first =
        LayerSimilarity.kernel(
            new float[] {0.2f, -1, 0, 3, 0, 0, 5, 1, 1, 1, 1, 2, 2, 0, -1, 0, 0.5f, 4, 0, -2}, 5);
    double[][] second =
        LayerSimilarity.kernel(new float[] {0.1f, 0.4f, 2, -1, 0.5f, 0.5f, -1, 3, 0, 1.5f}, 5);
    assertThat(LayerSimilarity.alignment(first, second))
        .isCloseTo(0.8013994817882009, within(1e-7));
  }

  @Test
  void wideLayersThatHaveNothingInCommonAreNotAlike() {
    // The biased estimator says 0.98 here.
    double[][] first = LayerSimilarity.kernel(normal(20 * 2000), 20);
    double[][] second = LayerSimilarity.kernel(normal(20 * 2000), 20);
    assertThat(LayerSimilarity.alignment(first, second)).isCloseTo(0, within(0.4));
    assertThat(LayerSimilarity.alignment(first, first)).isCloseTo(1, within(1e-12));
  }

  @Test
  void nothingIsSaidOfFewExamplesOrEqualRows() {
    double[][] few = LayerSimilarity.kernel(normal(9), 3);
    assertThat(LayerSimilarity.alignment(few, few)).isNaN();
    float[] equal = new float[15];
    Arrays.fill(equal, 0.1f);
    double[][] some = LayerSimilarity.kernel(normal(15), 5);
    assertThat(LayerSimilarity.alignment(LayerSimilarity.kernel(equal, 5), some)).isNaN();
  }

  @Test
  void theNearestLayerIsOneThatSomethingIsKnownOf() {
    double[][] constant = LayerSimilarity.kernel(new float[10], 5);
    double[][] some = LayerSimilarity.kernel(normal(10), 5);
    List<LayerSimilarity.Kernel> teacher =
        List.of(
            new LayerSimilarity.Kernel("constant", constant),
            new LayerSimilarity.Kernel("some", some));
    LayerSimilarity similarity =
        new LayerSimilarity(MemoryExamples.of(normal(15), 3, new int[5], 2));
    List<Object> row =
        similarity
            .findings(teacher, List.of(new LayerSimilarity.Kernel("own", some)))
            .get(0)
            .rows()
            .get(0);
    assertThat(row.get(1)).isEqualTo("some");
  }

  @Test
  void layersThatReadTooMuchAreLeftOut() {
    Architecture architecture =
        new Architecture(
            new InputShape(3, 1, 1, 1),
            List.of(
                new Dense(200, Activation.RELU),
                new Dense(10, Activation.RELU),
                new Dense(2, Activation.SOFTMAX)));
    Network network = Initialization.random(architecture, 3);
    // 50 examples of 200 numbers take 12 bytes each, and so do 50 of 10.
    LayerSimilarity similarity =
        new LayerSimilarity(MemoryExamples.of(normal(150), 3, new int[50], 2), 100_000);
    List<List<Object>> rows =
        similarity.findings(similarity.of(network), similarity.of(network)).get(0).rows();
    assertThat((Double) rows.get(0).get(2)).isNaN();
    assertThat((Double) rows.get(1).get(2)).isCloseTo(1, within(1e-9));
  }

  @Test
  void layersAreAlikeUpToScaleAndOrderOfUnits() {
    Architecture architecture =
        new Architecture(
            new InputShape(3, 1, 1, 1),
            List.of(new Dense(2, Activation.RELU), new Dense(2, Activation.SOFTMAX)));
    float[] p = normal(architecture.parameters());
    Network one = new Network(architecture, p);
    // The units change places, are twice as large, and count half.
    Network other =
        new Network(
            architecture,
            new float[] {
              2 * p[3], 2 * p[4], 2 * p[5], 2 * p[0], 2 * p[1], 2 * p[2], 2 * p[7], 2 * p[6],
              p[9] / 2, p[8] / 2, p[11] / 2, p[10] / 2, p[12], p[13]
            });
    LayerSimilarity similarity =
        new LayerSimilarity(MemoryExamples.of(normal(150), 3, new int[50], 2));
    List<List<Object>> rows =
        similarity.findings(similarity.of(one), similarity.of(other)).get(0).rows();
    assertThat(rows).extracting(row -> row.get(0)).containsExactly("input of layer 1", "logits");
    assertThat((Double) rows.get(0).get(2)).isCloseTo(1, within(1e-5));
    assertThat((Double) rows.get(1).get(2)).isCloseTo(1, within(1e-5));
  }

  @Test
  void membershipIsThatOfScikitLearn() {
    Membership.Leak leak =
        Membership.Leak.of(new double[] {0.1, 0.2, 0.2, 0.9, 2}, new double[] {0.2, 0.5, 1.5, 3});
    assertThat(leak.auc()).isCloseTo(0.7, within(1e-12));
    assertThat(leak.advantage()).isCloseTo(0.1, within(1e-12));
  }

  @Test
  void whatWasLearnedByHeartIsKnownAgain() {
    // Logits are the features: what was trained on has its class for sure, nothing else has.
    Network network =
        network(
            new InputShape(2, 1, 1, 1),
            new float[] {1, 0, 0, 1, 0, 0},
            new Dense(2, Activation.SOFTMAX));
    Examples members = MemoryExamples.of(new float[] {9, 0, 0, 9}, 2, new int[] {0, 1}, 2);
    Examples others = MemoryExamples.of(new float[] {0, 0, 1, 0}, 2, new int[] {0, 1}, 2);
    assertThat(new Membership(members, others).of(network)).isEqualTo(new Membership.Leak(1, 1));
    assertThat(new Membership(members, members).of(network).auc()).isEqualTo(0.5);
  }
}
