package dev.pare.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.data.TestSeed;
import dev.pare.layers.Blas.Form;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class TeamTest {
  @Test
  void doesEachNumberOnceWhateverItsSize() {
    for (int size : new int[] {1, 2, 3, 64}) {
      AtomicIntegerArray done = new AtomicIntegerArray(100_000);
      Team.compute(
          size,
          () -> {
            Team.divide(
                3,
                done.length(),
                1,
                (from, to) -> {
                  for (int i = from; i < to; i++) {
                    done.incrementAndGet(i);
                  }
                });
            return size;
          });
      for (int i = 0; i < done.length(); i++) {
        assertThat(done.get(i)).isEqualTo(i < 3 ? 0 : 1);
      }
    }
  }

  @Test
  void whatAPartThrowsComesBackAndTheNextWorkIsDone() {
    Team.compute(
        2,
        () -> {
          for (int thrower = 0; thrower < Team.PARTS; thrower++) {
            int number = thrower;
            assertThatThrownBy(
                    () ->
                        Team.each(
                            part -> {
                              if (part == number) {
                                throw new IllegalStateException("part " + part);
                              }
                            }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("part " + number);
          }
          return null;
        });
    assertThat(Team.isThere()).isFalse();
  }

  @Test
  void anInterruptedThreadStaysSoAndItsWorkIsWhole() {
    AtomicIntegerArray done = new AtomicIntegerArray(Team.PARTS);
    Team.compute(
        3,
        () -> {
          Thread.currentThread().interrupt();
          Team.each(done::incrementAndGet);
          return null;
        });
    assertThat(Thread.interrupted()).isTrue();
    for (int part = 0; part < Team.PARTS; part++) {
      assertThat(done.get(part)).isEqualTo(1);
    }
  }

  /** On whatever kernels OpenBLAS has for this processor. */
  @Test
  void productsHaveTheBitsOfUndividedOnes() {
    SplittableRandom random = TestSeed.random();
    int[][] shapes = {
      {256, 300, 784}, {784, 300, 256}, {256, 300, 717}, {216, 300, 784}, {784, 300, 216},
      {300, 100, 256}, {256, 100, 300}, {64, 300, 784}, {33, 515, 799}, {1000, 500, 1000}
    };
    for (int[] shape : shapes) {
      int m = shape[0];
      int n = shape[1];
      int k = shape[2];
      float[] a = normals(m * k, random);
      float[] b = normals(k * n, random);
      for (Form formA : Form.values()) {
        int stride = formA == Form.PLAIN ? m : k;
        float[] alone = new float[m * n];
        multiply(formA, m, n, k, a, stride, b, alone);
        for (int size = 1; size <= Team.PARTS; size++) {
          float[] together = new float[m * n];
          Team.compute(
              size,
              () -> {
                multiply(formA, m, n, k, a, stride, b, together);
                return null;
              });
          assertThat(together).as("%d×%d×%d", m, n, k).isEqualTo(alone);
        }
      }
    }
  }

  private static void multiply(
      Form formA, int m, int n, int k, float[] a, int stride, float[] b, float[] c) {
    Blas.multiply(formA, Form.PLAIN, m, n, k, a, 0, stride, b, 0, k, 0, c, 0, m);
  }

  private static float[] normals(int count, SplittableRandom random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextDouble() - 0.5);
    }
    return values;
  }
}
