package dev.pare.candidate;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Where and with what an outcome was computed.
 *
 * @param seed of the candidate's last stage
 * @param pareVersion version of Pare
 * @param javaVersion runtime version of Java
 * @param system operating system and architecture
 * @param blas the matrix library and its kernel
 * @param executor Spark's id of the executor and its host
 * @param comparison of a network from another library's file, how its outputs differ from that
 *     library's, for people; null of all others
 * @param device what trained it, with its driver; null where that was the processor
 */
public record Provenance(
    long seed,
    String pareVersion,
    String javaVersion,
    String system,
    String blas,
    String executor,
    @Nullable String comparison,
    @Nullable String device)
    implements Serializable {
  public Provenance {
    requireNonNull(pareVersion, "pareVersion is null");
    requireNonNull(javaVersion, "javaVersion is null");
    requireNonNull(system, "system is null");
    requireNonNull(blas, "blas is null");
    requireNonNull(executor, "executor is null");
  }

  /** Of what was computed here from the start. */
  public Provenance(
      long seed,
      String pareVersion,
      String javaVersion,
      String system,
      String blas,
      String executor) {
    this(seed, pareVersion, javaVersion, system, blas, executor, null, null);
  }

  /** The same with another seed. */
  public Provenance withSeed(long other) {
    return new Provenance(
        other, pareVersion, javaVersion, system, blas, executor, comparison, device);
  }

  /** The same of a network whose outputs were compared. */
  public Provenance withComparison(@Nullable String other) {
    return new Provenance(seed, pareVersion, javaVersion, system, blas, executor, other, device);
  }

  /** The same of what a device trained. */
  public Provenance withDevice(String other) {
    return new Provenance(
        seed, pareVersion, javaVersion, system, blas, executor, comparison, other);
  }
}
