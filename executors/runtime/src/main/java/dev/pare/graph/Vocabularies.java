package dev.pare.graph;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How many tokens there are at each feature that embeddings read. */
final class Vocabularies {
  private Vocabularies() {}

  /** Of each feature; 0 where any number may be. */
  static int[] of(Architecture network) {
    // Of the input and of selections, from their readers back: the fewest tokens of each channel.
    Map<Integer, int[]> fewest = new HashMap<>();
    for (int layer = network.layers().size() - 1; layer >= 0; layer--) {
      int tokens = network.layers().get(layer).vocabulary().orElse(0);
      int[] selected = fewest.get(layer);
      if (tokens == 0 && selected == null) {
        continue;
      }
      int source = network.source(layer);
      int[] read =
          fewest.computeIfAbsent(source, from -> new int[network.outputShape(from).channels()]);
      if (selected == null) {
        for (int channel = 0; channel < read.length; channel++) {
          read[channel] = fewer(read[channel], tokens);
        }
      } else {
        List<Integer> channels = ((ChannelSelection) network.layers().get(layer)).channels();
        for (int i = 0; i < selected.length; i++) {
          int channel = channels.get(i);
          read[channel] = fewer(read[channel], selected[i]);
        }
      }
    }
    int places = network.input().height() * network.input().width();
    int[] vocabularies = new int[network.input().channels() * places];
    int[] ofInput = fewest.getOrDefault(Node.NETWORK_INPUT, new int[network.input().channels()]);
    for (int channel = 0; channel < ofInput.length; channel++) {
      Arrays.fill(vocabularies, channel * places, (channel + 1) * places, ofInput[channel]);
    }
    return vocabularies;
  }

  /** Of two numbers of tokens, of which 0 is any. */
  private static int fewer(int one, int other) {
    return one == 0 || other == 0 ? one + other : Math.min(one, other);
  }
}
