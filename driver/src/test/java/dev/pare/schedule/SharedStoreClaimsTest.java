package dev.pare.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.candidate.StageKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SharedStoreClaimsTest {
  private static final StageKey ONE = new StageKey("1".repeat(64));
  private static final StageKey TWO = new StageKey("2".repeat(64));
  private static final StageKey THREE = new StageKey("3".repeat(64));
  private static final String OTHER = "01234567-89ab-cdef-0123-456789abcdef";

  @TempDir private Path store;

  private SharedStoreClaims claims() {
    return new SharedStoreClaims(store.toUri().toString(), "ab", new Configuration());
  }

  private Path file(String name) throws IOException {
    return Files.createDirectories(store.resolve("claims")).resolve(name);
  }

  private static boolean take(StageClaims claims, StageKey... keys) {
    return claims.take(List.of(List.of(keys))).get(0);
  }

  /** What a driver has left, whose process number is that of no process. */
  private void sign(long process, String host, long renewedMillis) throws IOException {
    Files.writeString(
        file(OTHER + ".json"),
        """
        {"run": "%s", "host": "%s", "process": %d, "configuration": "cd", "startedMillis": 0,
         "renewedMillis": %d}"""
            .formatted(OTHER, host, process, renewedMillis));
    Files.writeString(file(ONE.hex()), OTHER);
  }

  @Test
  void whatOneDriverMakesTheOtherOneWaitsFor() throws Exception {
    try (SharedStoreClaims first = claims();
        SharedStoreClaims second = claims()) {
      assertThat(take(first, ONE, TWO)).isTrue();
      assertThat(take(second, THREE, TWO)).isFalse();
      assertThat(take(first, ONE)).as("its own").isTrue();
      assertThat(take(second, THREE)).as("of a group that was not free").isTrue();
      first.release(List.of(ONE, TWO));
      while (!take(second, TWO)) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
    }
    try (Stream<Path> left = Files.list(store.resolve("claims"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void ofTwoWhoClaimTheSameAtOnceOneGetsIt() {
    try (SharedStoreClaims first = claims();
        SharedStoreClaims second = claims()) {
      List<List<StageKey>> ofFirst = pairs(0);
      List<List<StageKey>> ofSecond = pairs(1);
      List<List<Boolean>> taken = new ArrayList<>();
      Thread other = new Thread(() -> taken.add(second.take(ofSecond)));
      other.start();
      List<Boolean> own = first.take(ofFirst);
      join(other);
      for (int i = 0; i < own.size(); i++) {
        boolean after = taken.get(0).get(i);
        boolean before = i > 0 && taken.get(0).get(i - 1);
        assertThat(own.get(i) && (before || after)).as("pair " + i).isFalse();
      }
      assertThat(own.contains(true) || taken.get(0).contains(true)).isTrue();
    }
  }

  /** Keys of neighbouring numbers. */
  private static List<List<StageKey>> pairs(int from) {
    List<List<StageKey>> pairs = new ArrayList<>();
    for (int i = from; i < 600 + from; i += 2) {
      pairs.add(
          List.of(new StageKey("%064x".formatted(i)), new StageKey("%064x".formatted(i + 1))));
    }
    return pairs;
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void claimsOfALivingDriverElsewhereCount() throws Exception {
    sign(Long.MAX_VALUE, "elsewhere", System.currentTimeMillis());
    try (SharedStoreClaims claims = claims()) {
      assertThat(take(claims, ONE)).isFalse();
      assertThat(take(claims, TWO)).isTrue();
    }
    assertThat(file(ONE.hex())).as("another's").exists();
  }

  @Test
  void claimsOfDeadDriversAreFreeAndForgotten() throws Exception {
    sign(1, "elsewhere", System.currentTimeMillis() - TimeUnit.MINUTES.toMillis(2));
    try (SharedStoreClaims claims = claims()) {
      assertThat(file(ONE.hex())).doesNotExist();
      assertThat(file(OTHER + ".json")).doesNotExist();
      assertThat(take(claims, ONE)).isTrue();
    }
  }

  @Test
  void aDriverThatDiesMeanwhileFreesWhatItHad() throws Exception {
    try (SharedStoreClaims claims = claims()) {
      Files.writeString(file(ONE.hex()), OTHER);
      assertThat(take(claims, ONE)).as("no sign of life").isTrue();
      assertThat(Files.readString(file(ONE.hex()))).isNotEqualTo(OTHER);
    }
  }

  @Test
  void whatNoDriverWroteCountsForNothing() throws Exception {
    Files.writeString(file(ONE.hex()), "../../../etc/passwd");
    Files.writeString(file(TWO.hex()), "");
    Files.writeString(file(THREE.hex()), OTHER);
    Files.writeString(file(OTHER + ".json"), "{\"run\": 7}");
    Files.writeString(file("notes.txt"), "mine");
    try (SharedStoreClaims claims = claims()) {
      assertThat(take(claims, ONE, TWO, THREE)).isTrue();
    }
    assertThat(file("notes.txt")).hasContent("mine");
  }

  /** What nobody can tell the owner of must not be waited for. */
  @Test
  void whatCannotBeReadIsNotWaitedFor() throws Exception {
    Files.createDirectory(file(ONE.hex()));
    Files.createDirectory(file(OTHER + ".json"));
    Files.writeString(file(TWO.hex()), OTHER);
    try (SharedStoreClaims claims = claims()) {
      assertThat(take(claims, ONE)).isTrue();
      assertThat(take(claims, TWO)).isTrue();
    }
    assertThat(file(ONE.hex())).isDirectory();
  }

  /** A driver that was stopped for long does not take away what another one has by now. */
  @Test
  void onlyOnesOwnClaimsAreGivenUp() throws Exception {
    try (SharedStoreClaims claims = claims()) {
      assertThat(take(claims, ONE, TWO)).isTrue();
      Files.writeString(file(ONE.hex()), OTHER);
      Files.writeString(file(TWO.hex()), OTHER);
      claims.release(List.of(ONE));
    }
    assertThat(file(ONE.hex())).hasContent(OTHER);
    assertThat(file(TWO.hex())).hasContent(OTHER);
  }

  @Test
  void waitingEndsWhenTheStageIsGivenUp() throws Exception {
    try (SharedStoreClaims first = claims();
        SharedStoreClaims second = claims()) {
      List<String> told = new ArrayList<>();
      take(first, ONE);
      Thread thread =
          new Thread(
              () -> {
                second.await(ONE, () -> told.add("waits"));
                told.add("has it");
              });
      thread.start();
      while (told.isEmpty()) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
      first.release(List.of(ONE));
      thread.join();
      assertThat(told).containsExactly("waits", "has it");
    }
  }
}
