package dev.pare.pipeline;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * What a JVM keeps of what it has read, within a limit of bytes: what was not used for longest goes
 * first. The latest of each type of key stays whatever its size, since without it no task could
 * run.
 *
 * <p>Each value is made once, by the first thread that asks, while the others wait for it.
 */
public final class ProductCache {
  private final Map<Key<?>, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private long limitBytes;

  /**
   * @param limitBytes at least 0
   */
  public ProductCache(long limitBytes) {
    limit(limitBytes);
  }

  /** Names a value of type {@code V}; equal keys, equal values. */
  public interface Key<V> {}

  private static final class Entry {
    final CompletableFuture<Object> value = new CompletableFuture<>();

    /** 0 until it is there. */
    long bytes;
  }

  /** Sets the limit, from the next value on. */
  public synchronized void limit(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("limit = " + bytes + ": must be at least 0");
    }
    limitBytes = bytes;
  }

  /**
   * The value, made if it is not there. What {@code maker} throws is thrown, to those who wait,
   * too, and nothing is kept.
   *
   * @param bytes about how much memory a value takes
   */
  // A key's type is that of its values.
  @SuppressWarnings("unchecked")
  public <V> V get(Key<V> key, ToLongFunction<? super V> bytes, Supplier<? extends V> maker) {
    Entry mine = new Entry();
    Entry found;
    synchronized (this) {
      found = entries.putIfAbsent(key, mine);
    }
    if (found != null) {
      return (V) await(found);
    }
    try {
      V value = maker.get();
      synchronized (this) {
        mine.bytes = bytes.applyAsLong(value);
        evict();
      }
      mine.value.complete(value);
      return value;
    } catch (RuntimeException | Error e) {
      synchronized (this) {
        entries.remove(key, mine);
      }
      mine.value.completeExceptionally(e);
      throw e;
    }
  }

  /** Bytes of all that is kept. */
  synchronized long bytes() {
    return entries.values().stream().mapToLong(entry -> entry.bytes).sum();
  }

  private static Object await(Entry entry) {
    try {
      return entry.value.join();
    } catch (CompletionException e) {
      // As whoever made it saw it: a failing storage is told by its type.
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private void evict() {
    long kept = bytes();
    if (kept <= limitBytes) {
      return;
    }
    List<Map.Entry<Key<?>, Entry>> latestLast = new ArrayList<>(entries.entrySet());
    Set<Class<?>> types = new HashSet<>();
    Set<Key<?>> needed = new HashSet<>();
    for (int i = latestLast.size() - 1; i >= 0; i--) {
      Key<?> key = latestLast.get(i).getKey();
      if (types.add(key.getClass())) {
        needed.add(key);
      }
    }
    for (Map.Entry<Key<?>, Entry> entry : latestLast) {
      if (kept > limitBytes && entry.getValue().bytes > 0 && !needed.contains(entry.getKey())) {
        entries.remove(entry.getKey());
        kept -= entry.getValue().bytes;
      }
    }
  }
}
