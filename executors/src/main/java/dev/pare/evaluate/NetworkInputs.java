package dev.pare.evaluate;

import dev.pare.data.DataException;
import dev.pare.data.DataSettings;
import dev.pare.data.Examples;
import dev.pare.data.TestData;
import dev.pare.data.TrainingData;
import dev.pare.graph.Architecture;
import java.util.stream.IntStream;

/** What a network can read. */
public final class NetworkInputs {
  private NetworkInputs() {}

  /**
   * Refuses examples that a network cannot read: where it looks up tokens, these are whole numbers
   * from 0, below the number of its tokens. No pass over examples where it reads any numbers.
   *
   * @param place where the examples are from, to begin messages with
   * @throws DataException naming the first example, the feature and the value
   */
  static void check(Architecture network, Examples examples, String place) {
    int[] vocabularies = network.vocabularies();
    int[] tokens =
        IntStream.range(0, vocabularies.length).filter(f -> vocabularies[f] > 0).toArray();
    if (tokens.length == 0) {
      return;
    }
    if (examples.features() != vocabularies.length) {
      throw new DataException(
          "%s: has examples of %d features, the network reads %d"
              .formatted(place, examples.features(), vocabularies.length));
    }
    float[] row = new float[vocabularies.length];
    for (int i = 0; i < examples.size(); i++) {
      examples.copyFeatures(i, row, 0);
      for (int f : tokens) {
        float value = row[f];
        if (value != Math.rint(value) || value < 0 || value >= vocabularies[f]) {
          throw new DataException(
              ("%s: example %d, feature %d: %s is no token of the network, which reads whole"
                      + " numbers from 0 to %d there")
                  .formatted(
                      place,
                      examples.originalIndex(i) + 1,
                      f + 1,
                      value == (int) value ? String.valueOf((int) value) : String.valueOf(value),
                      vocabularies[f] - 1));
        }
      }
    }
  }

  /**
   * Refuses a configuration's examples that a network cannot read.
   *
   * @param settings of the data
   * @throws DataException as {@link #check(Architecture, Examples, String)} throws it
   */
  public static void check(Architecture network, TrainingData data, DataSettings settings) {
    String train = place("data.train", settings.train());
    DataSettings.Files own = settings.validationFiles();
    check(network, data.train(), train);
    check(network, data.validation(), own == null ? train : place("data.validation", own));
  }

  /**
   * Refuses a configuration's test examples that a network cannot read.
   *
   * @param settings of the data
   * @throws DataException as {@link #check(Architecture, Examples, String)} throws it
   */
  public static void check(Architecture network, TestData test, DataSettings settings) {
    DataSettings.Files own = settings.test();
    check(
        network,
        test.examples(),
        own == null ? place("data.train", settings.train()) : place("data.test", own));
  }

  private static String place(String key, DataSettings.Files files) {
    return key + ".features = " + files.features();
  }
}
