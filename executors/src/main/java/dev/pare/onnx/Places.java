package dev.pare.onnx;

import org.jspecify.annotations.Nullable;

/**
 * A value whose last axis are the channels of places.
 *
 * @param channels for each index of that axis, the channel as Pare has it
 * @param places for each index of the other axes together, the place within a channel
 */
record Places(int[] channels, int[] places) {
  /** Null if its last axis is another. */
  static @Nullable Places of(Flow flow) {
    int[] dims = flow.dims();
    if (dims.length == 0 || dims[dims.length - 1] != flow.shape().channels()) {
      return null;
    }
    int area = flow.area();
    int[] channels = new int[dims[dims.length - 1]];
    int[] places = new int[area];
    for (int i = 0; i < flow.shape().size(); i++) {
      int channel = flow.place(i) / area;
      int place = flow.place(i) % area;
      int last = i % channels.length;
      int other = i / channels.length;
      if (other == 0) {
        channels[last] = channel;
      }
      if (last == 0) {
        places[other] = place;
      }
      if (channels[last] != channel || places[other] != place) {
        return null;
      }
    }
    return new Places(channels, places);
  }
}
