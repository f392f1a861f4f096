package dev.pare.data;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Files that somebody has tampered with. */
final class Mutations {
  private static final int COUNT = 20_000;
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final int[] TELLING = {0, 1, 0x7F, 0x80, 0xFF};

  private Mutations() {}

  /** Reads a file. */
  @FunctionalInterface
  interface Reader {
    void read(Path file);
  }

  /**
   * Reads 20,000 files that differ from a good one by a few bytes, or end early: all are read, or
   * refused with a {@link DataException}, and not one takes minutes or all memory.
   */
  static void read(byte[] good, Path file, Reader reader) {
    SplittableRandom random = TestSeed.random();
    int[] refused = {0};
    assertTimeoutPreemptively(
        LIMIT,
        () -> {
          // Opening a file so that it becomes empty takes more time than all else here.
          try (FileChannel out = FileChannel.open(file, CREATE, WRITE)) {
            for (int i = 0; i < COUNT; i++) {
              write(mutated(good, random), out);
              try {
                reader.read(file);
              } catch (DataException e) {
                refused[0]++;
              } catch (UncheckedIOException e) {
                throw new AssertionError("no failure of storage", e);
              }
            }
          }
        });
    assertThat(refused[0]).isGreaterThan(COUNT / 10);
  }

  private static void write(byte[] content, FileChannel out) throws IOException {
    ByteBuffer left = ByteBuffer.wrap(content);
    while (left.hasRemaining()) {
      out.write(left, left.position());
    }
    out.truncate(content.length);
  }

  private static byte[] mutated(byte[] good, SplittableRandom random) {
    byte[] changed = good.clone();
    int flips = random.nextInt(1, 5);
    for (int i = 0; i < flips; i++) {
      // Headers are at the beginning, and tables of contents at the end.
      int near = Math.min(changed.length, 256);
      int at =
          switch (random.nextInt(3)) {
            case 0 -> random.nextInt(near);
            case 1 -> changed.length - 1 - random.nextInt(near);
            default -> random.nextInt(changed.length);
          };
      if (random.nextInt(4) == 0 && at + 4 <= changed.length) {
        ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putInt(at, random.nextInt());
      } else {
        changed[at] =
            (byte)
                (random.nextBoolean()
                    ? TELLING[random.nextInt(TELLING.length)]
                    : random.nextInt(256));
      }
    }
    return random.nextInt(10) == 0
        ? Arrays.copyOf(changed, random.nextInt(changed.length + 1))
        : changed;
  }
}
