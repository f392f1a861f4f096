package dev.pare.examine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pare.data.DataException;
import dev.pare.data.ExampleShape;
import dev.pare.data.Examples;
import dev.pare.data.ExamplesView;
import dev.pare.data.MemoryExamples;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.InputShape;
import dev.pare.graph.Lstm;
import dev.pare.graph.Network;
import dev.pare.train.InputSpace;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class CorruptionTest {
  private static final ExampleShape SHAPE = new ExampleShape(1, 3, 4);

  /** As in examine_references.py, which has what SciPy makes of it. */
  private static final float[] IMAGE = {0, 9, 4, 1, 2, 7, 7, 0, 5, 3, 8, 6};

  private static final Offset<Float> CLOSE = within(1e-5f);

  private static InputSpace images(float... values) {
    return InputSpace.of(SHAPE, MemoryExamples.of(values, 12, new int[values.length / 12], 1));
  }

  private static float[] applied(Corruption corruption, double strength, InputSpace space) {
    float[] image = IMAGE.clone();
    corruption.apply(image, strength, space, new SplittableRandom(4));
    return image;
  }

  @Test
  void blurIsSciPysGaussianFilter() {
    float[] image = IMAGE.clone();
    ImageFilters.blur(image, SHAPE, 0.7);
    assertThat(image)
        .containsExactly(
            new float[] {
              2.246642f, 5.92386f, 4.601586f, 1.735837f, 3.193516f, 5.584554f, 5.438785f, 2.643219f,
              4.256195f, 4.795233f, 6.263277f, 5.317296f
            },
            CLOSE);
  }

  @Test
  void rotationIsSciPys() {
    float[] image = IMAGE.clone();
    ImageFilters.move(image, SHAPE, new ImageFilters.Motion(Math.toRadians(30), 0, 0), 0);
    assertThat(image)
        .containsExactly(
            new float[] {
              1.239265f, 5, 6.04191f, 1.191429f, 4.19976f, 6.083734f, 6.333734f, 1.553848f,
              1.38157f, 5.157936f, 5.918671f, 0.487976f
            },
            CLOSE);
  }

  @Test
  void shiftIsSciPys() {
    float[] image = IMAGE.clone();
    ImageFilters.move(image, SHAPE, new ImageFilters.Motion(0, 0.5, -1.25), 0);
    assertThat(image)
        .containsExactly(
            new float[] {
              3.875f, 1.625f, 0.375f, 0, 7.375f, 4.25f, 0.375f, 0, 5.625f, 6.375f, 2.25f, 0
            },
            CLOSE);
  }

  @Test
  void contrastKeepsTheMean() {
    // The mean is 52 / 12; a tenth of 9 − 4.3333 is left.
    float[] image = applied(Corruption.CONTRAST, 0.1, images(IMAGE));
    assertThat(image[1]).isCloseTo(4.8f, CLOSE);
    assertThat(image[0]).isCloseTo(3.9f, CLOSE);
  }

  @Test
  void levelsAreAsManyAsAskedFor() {
    // From 0 to 9 in steps of 4.5: up to 2.25 is 0, above 6.75 is 9.
    assertThat(applied(Corruption.LEVELS, 3, images(IMAGE)))
        .containsExactly(0, 9, 4.5f, 0, 0, 9, 9, 0, 4.5f, 4.5f, 9, 4.5f);
  }

  @Test
  void noiseHasItsDeviationInUnitsOfTheFeatures() {
    int count = 4000;
    float[] table = new float[2 * count];
    SplittableRandom random = new SplittableRandom(9);
    for (int i = 0; i < count; i++) {
      table[2 * i] = (float) (10 * random.nextGaussian());
      table[2 * i + 1] = 3;
    }
    InputSpace space =
        InputSpace.of(new ExampleShape(2, 1, 1), MemoryExamples.of(table, 2, new int[count], 1));
    double squares = 0;
    for (int i = 0; i < count; i++) {
      float[] row = {1, 3};
      Corruption.NOISE.apply(row, 0.2, space, random.split());
      squares += (row[0] - 1) * (row[0] - 1);
      // A feature that is constant has no deviation.
      assertThat(row[1]).isEqualTo(3);
    }
    // Of 4,000 squares the root of the mean is within 5% by more than four standard errors.
    assertThat(Math.sqrt(squares / count)).isCloseTo(2, within(0.1));
  }

  @Test
  void missingFeaturesAreTheirMean() {
    float[] table = {0, 4, 2, 8};
    InputSpace space =
        InputSpace.of(new ExampleShape(2, 1, 1), MemoryExamples.of(table, 2, new int[2], 1));
    float[] row = {7, 7};
    Corruption.MISSING.apply(row, 1, space, new SplittableRandom(1));
    assertThat(row).containsExactly(1, 6);
  }

  @Test
  void imagesHaveOneRangeAndTablesADeviationAFeature() {
    InputSpace space = images(IMAGE);
    assertThat(space.isImage()).isTrue();
    assertThat(space.unit(3)).isEqualTo(9);
    float[] least = new float[12];
    float[] most = new float[12];
    space.ball(IMAGE, 0, 0.1, least, most);
    assertThat(least[0]).isZero();
    assertThat(most[0]).isCloseTo(0.9f, CLOSE);
    assertThat(least[1]).isCloseTo(8.1f, CLOSE);
    assertThat(most[1]).isEqualTo(9);
  }

  @Test
  void allNetworksGetTheSameCorruptedInputs() {
    Examples examples = MemoryExamples.of(new float[24], 12, new int[2], 2);
    Corruptions noise = new Corruptions(Corruption.NOISE, 1, examples, images(IMAGE), 3);
    Architecture architecture =
        new Architecture(new InputShape(1, 3, 4, 1), List.of(new Dense(2, Activation.SOFTMAX)));
    float[] parameters = new float[architecture.parameters()];
    Arrays.fill(parameters, 0, 12, 1);
    Network network = new Network(architecture, parameters);
    List<Object> row = noise.findings(noise.of(network), noise.of(network)).get(0).rows().get(0);
    // Class 0 has the sum of features that noise leaves at 0 or above.
    assertThat(row.subList(0, 6)).containsExactly("noise", 1, 0.08, 2, 0.0, 0.0);
  }

  @Test
  void samplesThatNoArrayHoldsAreRefusedByName() {
    Examples large =
        new ExamplesView(MemoryExamples.of(new float[1000], 1, new int[1000], 2)) {
          @Override
          public int features() {
            return 3_000_000;
          }
        };
    assertThatThrownBy(() -> Examination.checkSize("--sample", large))
        .isInstanceOf(DataException.class)
        .hasMessage("--sample 1000: of examples of 3000000 features there can be at most 715");
  }

  @Test
  void deviationsOfValuesFarFromZeroAreExact() {
    // Floats near 2^60 are 2^37 apart: of a, a and a + d the deviation is d √2 / 3.
    float a = 0x1.000006p60f;
    float d = 0x1p38f;
    InputSpace space =
        InputSpace.of(
            new ExampleShape(1, 1, 1),
            MemoryExamples.of(new float[] {a, a, a + d}, 1, new int[3], 1));
    assertThat(space.unit(0) / (d * Math.sqrt(2) / 3)).isCloseTo(1, within(1e-6));
  }

  @Test
  void sequencesAreNoImages() {
    Architecture steps =
        new Architecture(
            new InputShape(1, 3, 4, 1),
            List.of(new Lstm(2, Lstm.Steps.LAST), new Dense(2, Activation.SOFTMAX)));
    Architecture pixels =
        new Architecture(new InputShape(1, 3, 4, 1), List.of(new Dense(2, Activation.SOFTMAX)));
    Examples examples = MemoryExamples.of(IMAGE, 12, new int[1], 2);
    assertThat(InputSpace.of(SHAPE, examples, steps).isImage()).isFalse();
    assertThat(InputSpace.of(SHAPE, examples, pixels).isImage()).isTrue();
  }

  @Test
  void bitsFlipAsOftenAsTheyShould() {
    float[] parameters = new float[100_000];
    int flips = BitFlips.flip(parameters, 0.01, new SplittableRandom(2));
    // 3,200,000 bits: 32,000 expected, with a standard deviation of 178.
    assertThat(flips).isBetween(31_000, 33_000);
    int counted = 0;
    int[] places = new int[Float.SIZE];
    for (float parameter : parameters) {
      int bits = Float.floatToRawIntBits(parameter);
      counted += Integer.bitCount(bits);
      for (int bit = 0; bit < Float.SIZE; bit++) {
        places[bit] += bits >>> bit & 1;
      }
    }
    assertThat(counted).isEqualTo(flips);
    assertThat(Arrays.stream(places)).allMatch(count -> count > 800 && count < 1200);
    assertThat(BitFlips.flip(new float[10], 1e-9, new SplittableRandom(2))).isZero();
  }
}
