package dev.pare.evaluate;

import dev.pare.data.DataException;
import dev.pare.data.DataSettings;
import dev.pare.data.Examples;
import dev.pare.data.TestData;
import dev.pare.data.TrainingData;
import dev.pare.graph.Architecture;
import dev.pare.graph.ChannelSelection;
import dev.pare.graph.Node;
import java.util.stream.IntStream;

/** What a network can read. */
public final class NetworkInputs {
  private static final int ANY_NUMBER = 0;

  private NetworkInputs() {}

  /**
   * Refuses examples that a network cannot read: where it looks up tokens, these are whole numbers
   * from 0, below the number of its tokens. No pass over examples where it reads any numbers.
   *
   * @param place where the examples are from, to begin messages with
   * @throws DataException naming the first example, the feature and the value
   */
  static void check(Architecture network, Examples examples, String place) {
    int[] vocabularies = vocabularies(network);
    int[] tokens =
        IntStream.range(0, vocabularies.length)
            .filter(f -> vocabularies[f] != ANY_NUMBER)
            .toArray();
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
    String place = place("data.train", settings.train());
    check(network, data.train(), place);
    check(network, data.validation(), place);
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

  /** The number of tokens at each feature; 0 where any number may be. */
  private static int[] vocabularies(Architecture network) {
    int channels = network.input().channels();
    int places = network.input().height() * network.input().width();
    int[] vocabularies = new int[channels * places];
    for (int layer = 0; layer < network.layers().size(); layer++) {
      int tokens = network.layers().get(layer).vocabulary().orElse(ANY_NUMBER);
      if (tokens == ANY_NUMBER) {
        continue;
      }
      for (int channel : channelsRead(network, layer)) {
        for (int f = channel * places; f < (channel + 1) * places; f++) {
          boolean fewer = vocabularies[f] == ANY_NUMBER || tokens < vocabularies[f];
          vocabularies[f] = fewer ? tokens : vocabularies[f];
        }
      }
    }
    return vocabularies;
  }

  /** Of the input's channels, those that come to a layer through nothing but selections. */
  private static int[] channelsRead(Architecture network, int layer) {
    int source = network.source(layer);
    if (source == Node.NETWORK_INPUT) {
      return IntStream.range(0, network.input().channels()).toArray();
    }
    int[] before = channelsRead(network, source);
    ChannelSelection selection = (ChannelSelection) network.layers().get(source);
    return selection.channels().stream().mapToInt(channel -> before[channel]).toArray();
  }
}
