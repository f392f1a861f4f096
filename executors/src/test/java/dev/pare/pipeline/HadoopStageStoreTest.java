package dev.pare.pipeline;

import static dev.pare.pipeline.SampleStages.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.candidate.StageKey;
import dev.pare.pipeline.StageStore.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HadoopStageStoreTest {
  private static final StageKey KEY = key('a');
  private static final byte[] PRODUCT = {1, 2, 3};

  @TempDir private Path folder;

  private StageStore store() {
    return new HadoopStageStore(folder.resolve("store").toUri().toString(), new Configuration());
  }

  private List<String> names() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith(".crc"))
          .toList();
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
  void whatIsThereStaysAsItIs() {
    store().write(KEY, Kind.NETWORK, PRODUCT);
    store().write(KEY, Kind.NETWORK, new byte[] {9});

    assertThat(store().read(KEY, Kind.NETWORK)).hasValue(PRODUCT);
  }

  @Test
  void thePathIsThatOfTheFile() {
    store().write(KEY, Kind.NETWORK, PRODUCT);

    assertThat(store().path(KEY, Kind.NETWORK))
        .startsWith("file:/")
        .endsWith("/" + KEY.hex() + ".pare");
    assertThat(Path.of(store().path(KEY, Kind.NETWORK).substring("file:".length())))
        .hasBinaryContent(PRODUCT);
  }

  @Test
  void writersAtOnceLeaveOneWholeProductAndNothingElse() throws Exception {
    int writers = 8;
    byte[] product = new byte[1 << 18];
    java.util.Arrays.fill(product, (byte) 7);
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
  void aStorageThatFailsIsNamed() throws IOException {
    // A file where the store's folder should be.
    Files.writeString(folder.resolve("store"), "");

    assertThatThrownBy(() -> store().write(KEY, Kind.NETWORK, PRODUCT))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("store/aa/" + KEY.hex() + ".pare");
    assertThat(names()).containsExactly("store");
  }
}
