package dev.pare.schedule;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.StageKey;
import dev.pare.graph.Network;
import dev.pare.task.DistillationDataSource;
import org.jspecify.annotations.Nullable;

/**
 * The network to compress.
 *
 * @param key its content address, root of all others
 * @param comparison how its outputs differ from those of the library that it comes from, for
 *     people; null if it comes from none
 * @param distillation where executors find what it teaches
 */
public record Teacher(
    StageKey key,
    Network network,
    @Nullable String comparison,
    DistillationDataSource distillation) {
  public Teacher {
    requireNonNull(key, "key is null");
    requireNonNull(network, "network is null");
    requireNonNull(distillation, "distillation is null");
  }
}
