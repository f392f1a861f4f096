package dev.pare.artifact;

import dev.pare.codec.LevelCoding;
import dev.pare.graph.ParameterTensor;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * The contents of tensors' sections, each made when it is first asked for: to code one takes long,
 * and whoever looks for the smallest file needs most of them several times.
 */
final class SectionCache {
  private final LevelCoding coding;
  private final Map<CompressedTensor, Content> made = new IdentityHashMap<>();

  /** The bytes of a content, and where they went. */
  record Content(byte[] bytes, SectionBytes parts) {}

  SectionCache(LevelCoding coding) {
    this.coding = coding;
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
