package dev.pare.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.pare.data.TestSeed;
import dev.pare.graph.InputShape;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import onnx.Onnx.ModelProto;
import org.junit.jupiter.api.Test;

/** Damaged models are read as networks or refused by the one exception, and quickly. */
class MutatedModelsTest {
  private static final int MUTATIONS = 6_000;

  /** On a machine that does much else; most take less than a millisecond. */
  private static final Duration MOST_TIME = Duration.ofSeconds(20);

  @Test
  void damagedBytes() throws IOException {
    SplittableRandom random = TestSeed.random();
    List<Map.Entry<String, InputShape>> models = List.copyOf(OnnxFiles.SUPPORTED.entrySet());
    int read = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      Map.Entry<String, InputShape> model = models.get(i % models.size());
      byte[] damaged = damaged(OnnxFiles.model(model.getKey()), random);
      if (isRead(damaged, model.getValue(), model.getKey() + " " + i)) {
        read++;
      }
    }
    // Else the damage would be such that little is tested.
    assertThat(read).isBetween(MUTATIONS / 10, MUTATIONS - MUTATIONS / 10);
  }

  private static boolean isRead(byte[] file, InputShape input, String name) {
    boolean[] read = new boolean[1];
    long start = System.nanoTime();
    assertThatCode(
            () -> {
              try {
                Import.of(GraphReader.read(OnnxFile.parsed(file)), input);
                read[0] = true;
              } catch (OnnxException e) {
                assertThat(e.getMessage()).hasSizeLessThan(2_000).doesNotContain("\n");
              }
            })
        .as(name)
        .doesNotThrowAnyException();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).as(name).isLessThan(MOST_TIME);
    return read[0];
  }

  private static byte[] damaged(byte[] file, SplittableRandom random) {
    byte[] bytes = file.clone();
    for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt();
        case 2 -> bytes[at] = (byte) (random.nextBoolean() ? 0 : -1);
        case 3 -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
        case 4 -> {
          int length = Math.min(random.nextInt(1, 20), bytes.length - at);
          System.arraycopy(bytes, random.nextInt(bytes.length - length + 1), bytes, at, length);
        }
        default -> bytes[at]++;
      }
    }
    return bytes;
  }

  /** Changes that leave a message a message. */
  @Test
  void damagedNodes() throws IOException {
    SplittableRandom random = TestSeed.random();
    for (Map.Entry<String, InputShape> entry : OnnxFiles.SUPPORTED.entrySet()) {
      ModelProto model = ModelProto.parseFrom(OnnxFiles.model(entry.getKey()));
      for (int i = 0; i < 200; i++) {
        ModelProto.Builder damaged = model.toBuilder();
        for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
          change(damaged, random);
        }
        isRead(damaged.build().toByteArray(), entry.getValue(), entry.getKey() + " " + i);
      }
    }
  }

  private static void change(ModelProto.Builder model, SplittableRandom random) {
    var graph = model.getGraphBuilder();
    var node = graph.getNodeBuilder(random.nextInt(graph.getNodeCount()));
    var other = graph.getNodeBuilder(random.nextInt(graph.getNodeCount()));
    switch (random.nextInt(8)) {
      case 0 -> node.setOpType(other.getOpType());
      case 1 -> {
        if (node.getInputCount() > 0 && other.getInputCount() > 0) {
          node.setInput(random.nextInt(node.getInputCount()), other.getInput(0));
        }
      }
      case 2 -> {
        if (node.getInputCount() > 0) {
          List<String> fewer = new ArrayList<>(node.getInputList());
          fewer.remove(random.nextInt(fewer.size()));
          node.clearInput().addAllInput(fewer);
        }
      }
      case 3 -> {
        if (node.getAttributeCount() > 0) {
          node.removeAttribute(random.nextInt(node.getAttributeCount()));
        }
      }
      case 4 -> {
        if (node.getAttributeCount() > 0) {
          var attribute = node.getAttributeBuilder(random.nextInt(node.getAttributeCount()));
          if (attribute.getIntsCount() > 0) {
            attribute.setInts(random.nextInt(attribute.getIntsCount()), extreme(random));
          } else {
            attribute.setI(extreme(random)).setF(Float.NaN);
          }
        }
      }
      case 5 -> {
        if (node.getAttributeCount() > 0 && other.getAttributeCount() > 0) {
          node.setAttribute(0, other.getAttribute(0));
        }
      }
      case 6 -> {
        var tensor = graph.getInitializerBuilder(random.nextInt(graph.getInitializerCount()));
        if (tensor.getDimsCount() > 0) {
          tensor.setDims(random.nextInt(tensor.getDimsCount()), extreme(random));
        } else {
          tensor.addDims(1);
        }
      }
      default -> {
        for (var attribute : node.getAttributeBuilderList()) {
          if (attribute.hasT() && attribute.getT().getDataType() == 7) {
            attribute
                .getTBuilder()
                .clearRawData()
                .clearDims()
                .addDims(1)
                .addInt64Data(extreme(random));
          }
        }
      }
    }
  }

  private static long extreme(SplittableRandom random) {
    long[] all = {
      0,
      1,
      2,
      3,
      -1,
      -2,
      5,
      1 << 20,
      Integer.MAX_VALUE,
      Integer.MIN_VALUE,
      Long.MAX_VALUE,
      Long.MIN_VALUE,
      1L << 32,
      65_536,
      100
    };
    return all[random.nextInt(all.length)];
  }
}
