package dev.pare.csource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.codec.RandomSeed;
import dev.pare.csource.Arena.Buffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Where activations lie. */
class ArenaTest {
  private final SplittableRandom random = RandomSeed.random("ArenaTest");

  @Test
  void aChainNeedsRoomForTwoNeighbours() {
    Arena arena = new Arena();
    int[] sizes = {784, 300, 100, 10};
    for (int i = 0; i < sizes.length; i++) {
      arena.buffer("layer_" + i, Element.LEVEL, sizes[i], i, Math.min(i + 1, sizes.length - 1));
    }
    assertThat(arena.place()).isEqualTo(784 + 300);
  }

  @Test
  void whatIsKeptLongerIsNotOverwritten() {
    Arena arena = new Arena();
    arena.buffer("a", Element.LEVEL, 5, 0, 1).keepUntil(2);
    arena.buffer("b", Element.LEVEL, 5, 2, 2);
    assertThat(arena.place()).isEqualTo(10);
  }

  @Test
  void buffersThatAreNeededAtOnceDoNotOverlap() {
    for (int round = 0; round < 100; round++) {
      Arena arena = new Arena();
      int count = random.nextInt(1, 12);
      int[] sizes = new int[count];
      int[] from = new int[count];
      int[] to = new int[count];
      long sum = 0;
      for (int i = 0; i < count; i++) {
        Element element = Element.values()[random.nextInt(Element.values().length)];
        int elements = random.nextInt(1, 20);
        sizes[i] = elements * element.bytes();
        from[i] = random.nextInt(10);
        to[i] = from[i] + random.nextInt(4);
        // What may be left out before it, for its place to be a multiple of its elements' size.
        sum += sizes[i] + element.bytes() - 1;
        arena.buffer("b" + i, element, elements, from[i], to[i]);
      }
      long size = arena.place();
      assertThat(size).isLessThanOrEqualTo(sum);
      for (int i = 0; i < count; i++) {
        Buffer one = arena.buffers().get(i);
        assertThat(one.offset() + sizes[i]).isLessThanOrEqualTo(size);
        assertThat(one.offset() % one.element().bytes()).isZero();
        for (int k = 0; k < i; k++) {
          Buffer other = arena.buffers().get(k);
          boolean atOnce = from[i] <= to[k] && from[k] <= to[i];
          boolean apart =
              one.offset() + sizes[i] <= other.offset()
                  || other.offset() + sizes[k] <= one.offset();
          assertThat(!atOnce || apart).isTrue();
        }
      }
    }
  }
}
