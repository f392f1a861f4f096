package dev.pare.cli;

import com.github.luben.zstd.Zstd;
import dev.pare.artifact.CodebookTensor;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.CompressedTensor;
import dev.pare.artifact.GroupedTensor;
import dev.pare.artifact.PowerTensor;
import dev.pare.artifact.ProductTensor;
import dev.pare.artifact.UniformTensor;
import dev.pare.codec.CodeCost;
import dev.pare.codec.LevelMatrix;
import dev.pare.codec.RelativeHuffman;
import dev.pare.graph.ParameterTensor;
import dev.pare.rewrite.EquivalentNetworks;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/**
 * Bytes of one network's payload, the levels of its weights and all else as 32-bit floats, under
 * different codes; scales, codebooks and headers, which are the same for all, do not count. xz and
 * zstd get the levels in as few bits each as they need. All of them code the weights alone, as if
 * the network had no origin, its units in the order that Pare's codes are shortest in.
 *
 * @param pare real codes of Pare
 * @param ideal their ideal length
 * @param huffman Deep Compression's relative indices
 */
record PayloadSizes(long pare, long ideal, long huffman, long xz, long zstd) {
  private static final int ZSTD_LEVEL = 19;

  /** The levels of a tensor, or the numbers of its words, if that is what it consists of. */
  static Optional<LevelMatrix> levels(CompressedTensor tensor) {
    if (tensor instanceof CodebookTensor codebook) {
      return Optional.of(codebook.levels());
    }
    if (tensor instanceof GroupedTensor grouped) {
      return Optional.of(grouped.levels());
    }
    if (tensor instanceof PowerTensor powers) {
      return Optional.of(powers.levels());
    }
    if (tensor instanceof ProductTensor product) {
      return Optional.of(product.codes());
    }
    return tensor instanceof UniformTensor uniform
        ? Optional.of(uniform.levels())
        : Optional.empty();
  }

  /** The sizes for a network all of whose weights are levels. */
  static Optional<PayloadSizes> of(CompressedNetwork any) throws IOException {
    CompressedNetwork network = EquivalentNetworks.withoutOrigin(any).network();
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(packed);
    long pare = 0;
    long ideal = 0;
    long huffman = 0;
    List<float[]> floats = new ArrayList<>();
    List<Optional<CodeCost>> costs = network.codeCosts();
    List<ParameterTensor> places = network.architecture().tensors();
    for (int i = 0; i < places.size(); i++) {
      CompressedTensor tensor = network.tensors().get(i);
      if (!places.get(i).isWeight()) {
        floats.add(tensor.toFloats());
        continue;
      }
      Optional<LevelMatrix> levels = levels(tensor);
      if (levels.isEmpty()) {
        return Optional.empty();
      }
      CodeCost cost = costs.get(i).orElseThrow();
      pare += cost.totalBits();
      ideal += cost.indexBits() + cost.valueBits();
      huffman += RelativeHuffman.bits(levels.get());
      pack(levels.get(), out);
    }
    long floatBytes = 0;
    for (float[] values : floats) {
      for (float value : values) {
        out.writeFloat(value);
      }
      floatBytes += (long) Float.BYTES * values.length;
    }
    byte[] payload = packed.toByteArray();
    return Optional.of(
        new PayloadSizes(
            bytes(pare) + floatBytes,
            bytes(ideal) + floatBytes,
            bytes(huffman) + floatBytes,
            xz(payload),
            zstd(payload)));
  }

  private static long bytes(long bits) {
    return (bits + Byte.SIZE - 1) / Byte.SIZE;
  }

  private static void pack(LevelMatrix levels, DataOutputStream out) throws IOException {
    int width = Integer.SIZE - Integer.numberOfLeadingZeros(levels.highest() - levels.lowest());
    int pending = 0;
    int bits = 0;
    for (int i = 0; i < levels.size(); i++) {
      bits = bits << width | levels.at(i) - levels.lowest();
      pending += width;
      for (; pending >= Byte.SIZE; pending -= Byte.SIZE) {
        out.writeByte(bits >>> pending - Byte.SIZE);
      }
    }
    if (pending > 0) {
      out.writeByte(bits << Byte.SIZE - pending);
    }
  }

  private static long xz(byte[] payload) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (XZOutputStream xz = new XZOutputStream(out, new LZMA2Options(LZMA2Options.PRESET_MAX))) {
      xz.write(payload);
    }
    return out.size();
  }

  private static long zstd(byte[] payload) {
    return Zstd.compress(payload, ZSTD_LEVEL).length;
  }
}
