package dev.pare.artifact;

import static java.util.Objects.requireNonNull;

import dev.pare.codec.LevelCoding;
import dev.pare.graph.ParameterTensor;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The contents of tensors' sections, each made when it is first asked for: to code one takes long,
 * and whoever looks for the smallest file needs most of them several times. Not for several
 * threads.
 */
public final class SectionCache {
  private final LevelCoding coding;
  private final Map<CompressedTensor, Content> made = new IdentityHashMap<>();

  /** The bytes of a content, and where they went. */
  record Content(byte[] bytes, SectionBytes parts) {}

  /**
   * @param coding of levels and masks
   */
  public SectionCache(LevelCoding coding) {
    this.coding = requireNonNull(coding, "coding is null");
  }

  /** How many bytes some of a network's tensors and its architecture take, without an origin. */
  public int bytes(CompressedNetwork network, int[] tensors) {
    ByteSink architecture = new ByteSink();
    ArchitectureFormat.write(network.architecture(), architecture);
    int bytes = architecture.size();
    LevelCoders none = LevelCoders.none(network);
    List<ParameterTensor> places = network.architecture().tensors();
    for (int i : tensors) {
      bytes += of(network.tensors().get(i), places.get(i), none).bytes().length;
    }
    return bytes;
  }

  /**
   * The content of a tensor.
   *
   * @param first weights of its network, of the same origin at every call
   */
  Content of(CompressedTensor tensor, ParameterTensor place, LevelCoders first) {
    return made.computeIfAbsent(
        tensor,
        key -> {
          ByteSink content = new ByteSink();
          SectionBytes parts = TensorFormat.write(key, coding, first.coders(place), content);
          return new Content(content.toBytes(), parts);
        });
  }
}
