package dev.pare.schedule;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pare.candidate.Sha256;
import dev.pare.candidate.StageKey;
import dev.pare.spec.SweepSpec;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;

/**
 * Which stages this driver makes, where others may be making the same. Claims save work and protect
 * nothing: whoever makes a stage makes the same bytes.
 */
public interface StageClaims extends AutoCloseable {
  /** Of a store that no other driver uses: all that is asked for is this one's. */
  StageClaims NONE =
      new StageClaims() {
        @Override
        public boolean areShared() {
          return false;
        }

        @Override
        public List<Boolean> take(List<List<StageKey>> groups) {
          return Collections.nCopies(groups.size(), true);
        }

        @Override
        public void release(List<StageKey> keys) {}

        @Override
        public void close() {}
      };

  /**
   * The claims of a sweep that runs now: where its store is not its own, others may use it.
   *
   * @throws java.io.UncheckedIOException if the storage fails
   */
  static StageClaims of(SweepSpec spec, Configuration hadoop) {
    return spec.hasOwnStore()
        ? NONE
        : new SharedStoreClaims(spec.store(), Sha256.hex(spec.render().getBytes(UTF_8)), hadoop);
  }

  /** Whether others may be making, or may have made meanwhile, what is claimed. */
  boolean areShared();

  /**
   * Claims stages for this driver, each group as a whole or not at all. No stage is in two groups.
   *
   * @return for each group whether it is this driver's now; not if another, living one has claimed
   *     one of its stages
   */
  List<Boolean> take(List<List<StageKey>> groups);

  /**
   * Claims a stage, waiting while another driver makes it.
   *
   * @param waiting told once, if there is something to wait for
   * @throws IllegalStateException if the thread is interrupted meanwhile
   */
  default void await(StageKey key, Runnable waiting) {
    List<List<StageKey>> alone = List.of(List.of(key));
    boolean told = false;
    while (!take(alone).get(0)) {
      if (!told) {
        waiting.run();
        told = true;
      }
      try {
        TimeUnit.SECONDS.sleep(1);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while another sweep makes a stage", e);
      }
    }
  }

  /** Gives claimed stages up: they are made, or are not being made any more. */
  void release(List<StageKey> keys);

  /** Gives all up. */
  @Override
  void close();
}
