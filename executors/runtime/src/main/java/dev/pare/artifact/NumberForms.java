package dev.pare.artifact;

import dev.pare.graph.ChannelSelection;
import dev.pare.graph.Mask;
import dev.pare.graph.Rearrangement;
import java.util.ArrayList;
import java.util.List;

/** The forms of layers that select numbers by index, in runs at regular distances. */
final class NumberForms {
  private NumberForms() {}

  static void write(Rearrangement layer, ByteSink out) {
    out.writeVarint(layer.channels());
    out.writeVarint(layer.height());
    out.writeVarint(layer.width());
    out.writeVarint(layer.first());
    out.writeVarint(layer.sides().size());
    for (int i = 0; i < layer.sides().size(); i++) {
      out.writeVarint(layer.sides().get(i));
      writeStep(layer.strides().get(i), out);
    }
  }

  static Rearrangement rearrangement(ByteSource in) {
    int channels = in.readVarint();
    int height = in.readVarint();
    int width = in.readVarint();
    int first = in.readVarint();
    int count = in.readVarint();
    if (count > Rearrangement.MOST_SIDES) {
      throw in.invalid(
          "a rearrangement by %d sides, more than %d".formatted(count, Rearrangement.MOST_SIDES));
    }
    List<Integer> sides = new ArrayList<>();
    List<Integer> strides = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sides.add(in.readVarint());
      strides.add(readStep(in));
    }
    return new Rearrangement(channels, height, width, first, sides, strides);
  }

  private static void writeStep(int step, ByteSink out) {
    out.writeVarint(step < 0 ? -2 * step - 1 : 2 * step);
  }

  private static int readStep(ByteSource in) {
    int coded = in.readVarint();
    return coded % 2 == 0 ? coded / 2 : -(coded / 2) - 1;
  }

  /** As runs of equal steps: first channel, how many, and from one to the next. */
  static void write(ChannelSelection layer, ByteSink out) {
    List<Integer> channels = layer.channels();
    out.writeVarint(channels.size());
    for (int at = 0; at < channels.size(); ) {
      int end = at + 1;
      int step = end < channels.size() ? channels.get(end) - channels.get(at) : 0;
      while (end < channels.size() && channels.get(end) - channels.get(end - 1) == step) {
        end++;
      }
      out.writeVarint(channels.get(at));
      out.writeVarint(end - at);
      if (end - at > 1) {
        writeStep(step, out);
      }
      at = end;
    }
  }

  static ChannelSelection selection(ByteSource in) {
    int count = in.readVarint();
    if (count > ChannelSelection.MOST_CHANNELS) {
      throw in.invalid(
          "a selection of " + count + " channels, more than " + ChannelSelection.MOST_CHANNELS);
    }
    List<Integer> channels = new ArrayList<>();
    while (channels.size() < count) {
      int first = in.readVarint();
      int run = in.readVarint();
      if (run < 1 || run > count - channels.size()) {
        throw in.invalid("a run of " + run + " channels");
      }
      int step = run > 1 ? readStep(in) : 0;
      for (int i = 0; i < run; i++) {
        channels.add(Math.addExact(first, Math.multiplyExact(step, i)));
      }
    }
    return new ChannelSelection(channels);
  }

  static void write(Mask layer, ByteSink out) {
    out.writeByte(layer.effect().code());
    out.writeFloats(layer.number());
    out.writeVarint(layer.period());
    out.writeVarint(layer.hidden().size());
    for (Mask.Runs runs : layer.hidden()) {
      out.writeVarint(runs.first());
      out.writeVarint(runs.length());
      out.writeVarint(runs.count());
      if (runs.count() > 1) {
        out.writeVarint(runs.step());
        writeStep(runs.growth(), out);
      }
    }
  }

  static Mask mask(ByteSource in) {
    Mask.Effect effect =
        ArchitectureFormat.coded(
            in.readByte(), Mask.Effect.values(), Mask.Effect::code, "effect of a mask", in);
    float number = in.readFloat();
    int period = in.readVarint();
    int count = in.readVarint();
    // Each takes bytes of its own, so that the file's end bounds them.
    List<Mask.Runs> hidden = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int first = in.readVarint();
      int length = in.readVarint();
      int runs = in.readVarint();
      boolean several = runs > 1;
      hidden.add(
          new Mask.Runs(
              first, length, runs, several ? in.readVarint() : 0, several ? readStep(in) : 0));
    }
    return new Mask(effect, number, period, hidden);
  }
}
