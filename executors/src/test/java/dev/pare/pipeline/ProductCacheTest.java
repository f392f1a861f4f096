package dev.pare.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ProductCacheTest {
  private final List<String> made = new ArrayList<>();

  private record Small(String name) implements ProductCache.Key<String> {}

  private record Large(String name) implements ProductCache.Key<String> {}

  private String get(ProductCache cache, ProductCache.Key<String> key, long bytes) {
    return cache.get(
        key,
        value -> bytes,
        () -> {
          made.add(key.toString());
          return key.toString();
        });
  }

  @Test
  void aValueIsMadeOnceWhileItFits() {
    ProductCache cache = new ProductCache(10);
    for (int i = 0; i < 3; i++) {
      assertThat(get(cache, new Small("a"), 4)).isEqualTo("Small[name=a]");
      get(cache, new Small("b"), 6);
    }
    assertThat(made).hasSize(2);
    assertThat(cache.bytes()).isEqualTo(10);
  }

  @Test
  void whatWasNotUsedForLongestGoes() {
    ProductCache cache = new ProductCache(10);
    get(cache, new Small("a"), 4);
    get(cache, new Small("b"), 4);
    get(cache, new Small("a"), 4);
    get(cache, new Small("c"), 4);
    made.clear();

    get(cache, new Small("a"), 4);
    get(cache, new Small("b"), 4);

    assertThat(made).containsExactly("Small[name=b]");
    assertThat(cache.bytes()).isLessThanOrEqualTo(10);
  }

  @Test
  void theLatestOfEachTypeStaysHoweverLarge() {
    ProductCache cache = new ProductCache(0);
    get(cache, new Large("data"), 1000);
    get(cache, new Small("a"), 4);
    get(cache, new Small("b"), 4);
    made.clear();

    get(cache, new Large("data"), 1000);
    get(cache, new Small("b"), 4);
    assertThat(made).isEmpty();
    assertThat(cache.bytes()).isEqualTo(1004);
  }

  @Test
  void aFailureIsThrownAsItIsAndTriedAgain() {
    ProductCache cache = new ProductCache(10);
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(
              () ->
                  cache.get(
                      new Small("a"),
                      value -> 1,
                      () -> {
                        throw new UncheckedIOException(new IOException("disk"));
                      }))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("disk");
    }
    assertThat(get(cache, new Small("a"), 1)).isNotNull();
  }

  @Test
  void threadsThatAskAtOnceGetTheOneValue() throws Exception {
    ProductCache cache = new ProductCache(10);
    AtomicInteger makings = new AtomicInteger();
    CountDownLatch start = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<String>> values = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        values.add(
            threads.submit(
                () -> {
                  start.await();
                  return cache.get(
                      new Small("a"), value -> 1, () -> "made " + makings.incrementAndGet());
                }));
      }
      start.countDown();
      for (Future<String> value : values) {
        assertThat(value.get()).isEqualTo("made 1");
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
