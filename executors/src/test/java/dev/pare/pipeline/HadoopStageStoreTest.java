package dev.pare.pipeline;

import static dev.pare.pipeline.SampleStages.key;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.candidate.StageKey;
import dev.pare.data.TestSeed;
import dev.pare.pipeline.StageStore.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HadoopStageStoreTest {
  private static final StageKey KEY = key('a');
  private static final byte[] PRODUCT = file();
  private static final byte[] REPORT = "{ \"a\": 1 }".getBytes(UTF_8);

  @TempDir private Path folder;

  private static byte[] file() {
    MemoryStore memory = new MemoryStore();
    TeacherStage.write(memory, KEY, SampleStages.teacher(), SampleStages.PROVENANCE);
    return memory.read(KEY, Kind.NETWORK).orElseThrow();
  }

  private static byte[] product(Kind kind) {
    return switch (kind) {
      case NETWORK -> PRODUCT;
      case LOGITS -> new byte[4096];
      case REPORT -> REPORT;
    };
  }

  private StageStore store() {
    return new HadoopStageStore(folder.resolve("store").toUri().toString(), new Configuration());
  }

  private Path place(Kind kind) {
    return Path.of(store().path(KEY, kind).substring("file:".length()));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void whatWasWrittenIsReadByKeyAndKind() {
    store().write(KEY, Kind.NETWORK, PRODUCT);

    assertThat(store().read(KEY, Kind.NETWORK)).hasValue(PRODUCT);
    assertThat(store().read(KEY, Kind.REPORT)).isEmpty();
    assertThat(store().read(key('b'), Kind.NETWORK)).isEmpty();
  }

  @Test
  void whatIsWrittenTakesThePlaceOfOtherBytesAndEqualOnesStay() throws IOException {
    for (Kind kind : List.of(Kind.LOGITS, Kind.REPORT)) {
      store().write(KEY, kind, REPORT);
      store().write(KEY, kind, new byte[] {9});
      assertThat(store().read(KEY, kind)).hasValue(new byte[] {9});
    }

    FileTime past = FileTime.fromMillis(0);
    Files.setLastModifiedTime(place(Kind.LOGITS), past);
    store().write(KEY, Kind.LOGITS, new byte[] {9});
    assertThat(Files.getLastModifiedTime(place(Kind.LOGITS))).isEqualTo(past);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aProductThatWasDamagedOrCutOffIsMissingUntilItIsWrittenAgain(Kind kind) throws IOException {
    SplittableRandom random = TestSeed.random();
    byte[] product = product(kind);
    store().write(KEY, kind, product);
    byte[] stored = Files.readAllBytes(place(kind));
    for (int i = 0; i < 50; i++) {
      byte[] damaged = Arrays.copyOf(stored, stored.length);
      damaged[random.nextInt(stored.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(
          place(kind), i % 2 == 0 ? damaged : Arrays.copyOf(stored, i * stored.length / 50));

      assertThat(store().read(KEY, kind)).isEmpty();
      assertThat(store().storedBytes(KEY, kind)).isPresent();
      store().write(KEY, kind, product);
      assertThat(store().read(KEY, kind)).hasValue(product);
    }
    assertThat(names()).containsExactly(place(kind).getFileName().toString());
  }

  @Test
  void theLengthOfWhatIsThereIsKnownWithoutReading() {
    assertThat(store().storedBytes(KEY, Kind.NETWORK)).isEmpty();
    store().write(KEY, Kind.NETWORK, PRODUCT);
    assertThat(store().storedBytes(KEY, Kind.NETWORK)).hasValue(PRODUCT.length);
  }

  @Test
  void aReportIsTextWithItsChecksumInALineOfItsOwn() throws IOException {
    store().write(KEY, Kind.REPORT, REPORT);

    assertThat(Files.readString(place(Kind.REPORT)))
        .matches("\\{ \"a\": 1 }\ncrc32c [0-9a-f]{8}\n");
  }

  @Test
  void thePathIsThatOfTheFile() {
    store().write(KEY, Kind.NETWORK, PRODUCT);

    assertThat(store().path(KEY, Kind.NETWORK))
        .startsWith("file:/")
        .endsWith("/" + KEY.hex() + ".pare");
    assertThat(place(Kind.NETWORK)).hasBinaryContent(PRODUCT);
  }

  @Test
  void writersAtOnceLeaveOneWholeProductAndNothingElse() throws Exception {
    int writers = 8;
    byte[] product = new byte[1 << 18];
    Arrays.fill(product, (byte) 7);
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    try {
      CountDownLatch start = new CountDownLatch(1);
      List<Future<byte[]>> read = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        Callable<byte[]> writer =
            () -> {
              start.await();
              store().write(KEY, Kind.LOGITS, product);
              return store().read(KEY, Kind.LOGITS).orElseThrow();
            };
        read.add(threads.submit(writer));
      }
      start.countDown();
      for (Future<byte[]> bytes : read) {
        assertThat(bytes.get()).isEqualTo(product);
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(names()).containsExactly(KEY.hex() + ".logits");
  }

  @Test
  @Timeout(60)
  void aPipeIsNotWaitedFor() throws IOException, InterruptedException {
    Path pipe = place(Kind.NETWORK);
    Files.createDirectories(pipe.getParent());
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    assertThatThrownBy(() -> store().read(KEY, Kind.NETWORK))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageEndingWith(".pare: is a pipe or a device, not a file");
  }

  @Test
  void aStorageThatFailsIsNamed() throws IOException {
    // A file where the store's folder should be.
    Files.writeString(folder.resolve("store"), "");

    assertThatThrownBy(() -> store().write(KEY, Kind.NETWORK, PRODUCT))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("store/aa/" + KEY.hex() + ".pare");
    assertThat(names()).containsExactly("store");
  }

  @Test
  void aDiskThatIsFullIsSaidToBeWithThePathAndNothingHalfIsLeft() throws IOException {
    Configuration hadoop = new Configuration();
    hadoop.setClass("fs.full.impl", FullDisk.class, FileSystem.class);
    String root = "full:" + folder.resolve("store");
    StageStore store = new HadoopStageStore(root, hadoop);
    store.write(KEY, Kind.REPORT, REPORT);

    assertThatThrownBy(() -> store.write(key('b'), Kind.LOGITS, new byte[2000]))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage(root + "/bb/" + key('b').hex() + ".logits: No space left on device");

    assertThat(names()).containsExactly(KEY.hex() + ".json");
    assertThat(store.read(KEY, Kind.REPORT)).hasValue(REPORT);
    assertThat(store.read(key('b'), Kind.LOGITS)).isEmpty();
  }
}
