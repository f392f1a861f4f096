package dev.pare.pipeline;

import dev.pare.artifact.ArtifactReader;
import dev.pare.artifact.ArtifactWriter;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.Origin;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.TeacherTraining;
import dev.pare.data.Examples;
import dev.pare.evaluate.Evaluator;
import dev.pare.model.Architecture;
import dev.pare.model.Initialization;
import dev.pare.model.Network;
import dev.pare.pipeline.StageStore.Kind;
import dev.pare.train.DistillationLoss;
import dev.pare.train.MaskedWeights;
import dev.pare.train.Schedule;
import dev.pare.train.Trainer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * The stage that every path starts with: a teacher, and what it says about the training examples.
 */
public final class TeacherStage {
  private TeacherStage() {}

  /**
   * Trains a teacher from scratch.
   *
   * @param examples all variants of the training examples, variant-major
   * @param originals how many examples an epoch has
   * @param seed of the first weights and of the order of the examples
   */
  public static Network train(
      Architecture architecture,
      TeacherTraining settings,
      Examples examples,
      int originals,
      long seed) {
    Network start = Initialization.random(architecture, seed);
    MaskedWeights weights = new MaskedWeights(start);
    DistillationLoss loss = DistillationLoss.ofLabels(examples, settings.labelSmoothing());
    new Trainer(architecture, examples, originals, loss, settings.training(), settings.l1(), seed)
        .train(weights, Schedule.NONE);
    return weights.network();
  }

  /** The teacher in the store, if it is there. */
  public static Optional<Network> read(StageStore store, StageKey key) {
    return store.read(key, Kind.NETWORK).map(file -> new ArtifactReader().read(file).toNetwork());
  }

  /** Keeps a teacher of unknown origin, bit-exact. */
  public static void write(StageStore store, StageKey key, Network teacher) {
    write(store, key, CandidatePipeline.floats(teacher));
  }

  /**
   * Keeps a teacher that was trained from scratch, bit-exact, and where it began.
   *
   * @param seed of its first weights, as {@link Initialization#random} drew them
   */
  public static void write(StageStore store, StageKey key, Network teacher, long seed) {
    Origin origin = Origin.of(teacher.architecture(), seed);
    write(store, key, CandidatePipeline.floats(teacher).withOrigin(Optional.of(origin)));
  }

  private static void write(StageStore store, StageKey key, CompressedNetwork teacher) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      new ArtifactWriter().write(teacher, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    store.write(key, Kind.NETWORK, out.toByteArray());
  }

  /** Writes a teacher as a .pare file, bit-exact. */
  public static void write(Network teacher, OutputStream out) throws IOException {
    new ArtifactWriter().write(CandidatePipeline.floats(teacher), out);
  }

  /**
   * Computes the teacher's logits over all variants of the training examples and keeps them, unless
   * they are there.
   */
  public static void computeLogits(StageStore store, StageKey key, Examples examples) {
    if (store.read(key, Kind.LOGITS).isPresent()) {
      return;
    }
    Network teacher =
        read(store, key)
            .orElseThrow(
                () ->
                    new UncheckedIOException(
                        new IOException(store.path(key, Kind.NETWORK) + ": no such file")));
    float[] logits = Evaluator.logits(teacher, examples);
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(logits.length, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(logits);
    store.write(key, Kind.LOGITS, bytes.array());
  }

  /** The logits that {@link #computeLogits} kept. */
  public static float[] logits(StageStore store, StageKey key) {
    byte[] bytes =
        store
            .read(key, Kind.LOGITS)
            .orElseThrow(
                () ->
                    new UncheckedIOException(
                        new IOException(store.path(key, Kind.LOGITS) + ": no such file")));
    float[] logits = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(logits);
    return logits;
  }
}
