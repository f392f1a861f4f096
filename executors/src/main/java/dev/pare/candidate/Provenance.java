package dev.pare.candidate;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;

/**
 * Where and with what an outcome was computed.
 *
 * @param seed of the candidate's last stage
 * @param pareVersion version of Pare
 * @param javaVersion runtime version of Java
 * @param system operating system and architecture
 * @param blas the matrix library and its kernel
 * @param executor Spark's id of the executor and its host
 */
public record Provenance(
    long seed, String pareVersion, String javaVersion, String system, String blas, String executor)
    implements Serializable {
  public Provenance {
    requireNonNull(pareVersion, "pareVersion is null");
    requireNonNull(javaVersion, "javaVersion is null");
    requireNonNull(system, "system is null");
    requireNonNull(blas, "blas is null");
    requireNonNull(executor, "executor is null");
  }

  /** The same with another seed. */
  public Provenance withSeed(long other) {
    return new Provenance(other, pareVersion, javaVersion, system, blas, executor);
  }
}
