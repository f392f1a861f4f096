package dev.pare.pipeline;

import dev.pare.candidate.StageKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A store that remembers what was done with it, and fails when told to. */
final class MemoryStore implements StageStore {
  final List<String> written = new ArrayList<>();
  private final Map<String, byte[]> products = new HashMap<>();
  private boolean full;

  /** No more can be written. */
  void fill() {
    full = true;
  }

  /** Puts something in a product's place, as a faulty disk would. */
  void replace(StageKey key, Kind kind, byte[] product) {
    products.put(path(key, kind), product);
  }

  @Override
  public Optional<byte[]> read(StageKey key, Kind kind) {
    return Optional.ofNullable(products.get(path(key, kind))).map(byte[]::clone);
  }

  @Override
  public OptionalLong storedBytes(StageKey key, Kind kind) {
    byte[] product = products.get(path(key, kind));
    return product == null ? OptionalLong.empty() : OptionalLong.of(product.length);
  }

  @Override
  public void write(StageKey key, Kind kind, byte[] product) {
    if (full) {
      throw new UncheckedIOException(new IOException("no space left"));
    }
    written.add(path(key, kind));
    products.put(path(key, kind), product.clone());
  }

  @Override
  public void remove(StageKey key, Kind kind) {
    products.remove(path(key, kind));
  }

  @Override
  public String path(StageKey key, Kind kind) {
    return key.hex().charAt(0) + kind.extension();
  }
}
