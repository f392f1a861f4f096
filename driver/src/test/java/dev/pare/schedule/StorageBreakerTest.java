package dev.pare.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.candidate.StageKey;
import dev.pare.task.TransientFailure;
import org.junit.jupiter.api.Test;

class StorageBreakerTest {
  private final StorageBreaker breaker = new StorageBreaker();

  private boolean fail(int task, String executor) {
    return breaker.failure(
        new StageKey(String.format("%064x", task)),
        new TransientFailure(TransientFailure.Kind.STORAGE, "no space left", executor, null),
        2);
  }

  @Test
  void opensWhenManyTasksFailInARow() {
    for (int i = 0; i < 7; i++) {
      fail(i, "driver");
    }
    assertThat(breaker.isOpen(2, 100, false)).isFalse();
    fail(7, "driver");
    assertThat(breaker.isOpen(2, 100, false)).isTrue();
    assertThat(breaker.isOpen(16, 100, false)).as("as many were running").isFalse();
  }

  @Test
  void whileNothingSucceedsNoTaskIsAtFaultTwice() {
    assertThat(fail(1, "driver")).isTrue();
    assertThat(fail(1, "driver")).isFalse();
    assertThat(fail(2, "driver")).isTrue();
    assertThat(fail(1, "driver")).isFalse();
    breaker.success();
    assertThat(fail(1, "driver")).as("others can").isTrue();
    for (int i = 0; i < 6; i++) {
      assertThat(fail(1, "driver")).isFalse();
    }
    assertThat(fail(1, "driver")).as("nor is the storage down").isTrue();
  }

  @Test
  void aSuccessStartsTheRowAnew() {
    for (int i = 0; i < 7; i++) {
      fail(i, "driver");
    }
    breaker.success();
    fail(7, "driver");

    assertThat(breaker.failures()).isEqualTo(1);
    assertThat(breaker.isOpen(2, 100, false)).isFalse();
  }

  @Test
  void oneTaskAloneIsNoProofWhileOthersCouldRun() {
    for (int i = 0; i < 20; i++) {
      fail(1, "driver");
    }

    assertThat(breaker.isOpen(2, 100, false)).isFalse();
    assertThat(breaker.isOpen(2, 1, false)).isTrue();
  }

  @Test
  void oneExecutorAloneIsNoProofWhereThereAreOthers() {
    for (int i = 0; i < 20; i++) {
      fail(i, "1@bad-host");
    }
    assertThat(breaker.isOpen(2, 100, true)).isFalse();
    fail(20, "2@good-host");
    assertThat(breaker.isOpen(2, 100, true)).isTrue();
  }

  @Test
  void pausesGrowUpToASecondOrTwo() {
    assertThat(breaker.pauseNanos()).isZero();
    fail(0, "driver");
    long first = breaker.pauseNanos();
    fail(1, "driver");
    assertThat(breaker.pauseNanos()).isEqualTo(2 * first);
    for (int i = 0; i < 100; i++) {
      fail(i, "driver");
    }
    assertThat(breaker.pauseNanos()).isBetween(1_000_000_000L, 2_000_000_000L);
  }
}
