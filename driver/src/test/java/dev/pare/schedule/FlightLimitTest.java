package dev.pare.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FlightLimitTest {
  private final AtomicLong now = new AtomicLong();
  private final AtomicInteger slots = new AtomicInteger(16);
  private final FlightLimit limit = new FlightLimit(slots::get, now::get);

  private void pass(long millis) {
    now.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  @Test
  void aFewTasksWaitForEachSlot() {
    assertThat(limit.most()).isEqualTo(48);
  }

  @Test
  void withoutASlotThereIsDemandYet() {
    assertThat(new FlightLimit(() -> 0, now::get).most()).isEqualTo(4);
  }

  @Test
  void shortTasksWaitInGreaterNumbersWhileTheyAreShort() {
    for (int i = 0; i < 500; i++) {
      limit.finished();
    }
    assertThat(limit.most()).isEqualTo(500);
    pass(1100);
    assertThat(limit.most()).isEqualTo(500);
    pass(1100);
    assertThat(limit.most()).isEqualTo(48);
  }

  @Test
  void thereIsAnEndToIt() {
    for (int i = 0; i < 100_000; i++) {
      limit.finished();
    }
    assertThat(limit.most()).isEqualTo(4096);
  }

  @Test
  void newExecutorsAreSeenWithinASecond() {
    slots.set(160);
    assertThat(limit.most()).isEqualTo(48);
    pass(1000);
    assertThat(limit.most()).isEqualTo(480);
    assertThat(limit.slots()).isEqualTo(160);
  }
}
