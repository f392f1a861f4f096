package dev.pare.pipeline;

import dev.pare.artifact.ArtifactReader;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.Origin;
import dev.pare.candidate.Provenance;
import dev.pare.candidate.Sha256;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.Task;
import dev.pare.candidate.TeacherTraining;
import dev.pare.data.Examples;
import dev.pare.evaluate.Evaluator;
import dev.pare.graph.Architecture;
import dev.pare.graph.Initialization;
import dev.pare.graph.Network;
import dev.pare.pipeline.StageStore.Kind;
import dev.pare.prepare.Preparation;
import dev.pare.rewrite.WrittenNetwork;
import dev.pare.train.BatchLoss;
import dev.pare.train.DistillationLoss;
import dev.pare.train.MaskedWeights;
import dev.pare.train.Schedule;
import dev.pare.train.SquaredLoss;
import dev.pare.train.TargetScale;
import dev.pare.train.Trainer;
import dev.pare.train.TrainingDevice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stage that every path starts with: a teacher, and what it says about the training examples.
 */
public final class TeacherStage {
  private static final Logger LOG = LoggerFactory.getLogger(TeacherStage.class);
  private static final int BINDING_BYTES = 32;

  private TeacherStage() {}

  /**
   * Trains a teacher from scratch.
   *
   * @param examples all variants of the training examples, variant-major
   * @param originals how many examples an epoch has
   * @param seed of the first weights and of the order of the examples
   * @param device null to train on the processor
   */
  public static Network train(
      Architecture architecture,
      TeacherTraining settings,
      Examples examples,
      int originals,
      long seed,
      @Nullable TrainingDevice device) {
    if (examples.task() == Task.REGRESSION) {
      TargetScale scale = TargetScale.of(examples);
      Examples standardized = scale.standardized(examples);
      BatchLoss loss = SquaredLoss.ofTargets(standardized);
      return scale.scaled(
          train(architecture, settings, standardized, loss, originals, seed, device));
    }
    BatchLoss loss =
        examples.task() == Task.CLASSIFICATION
            ? DistillationLoss.ofLabels(examples, settings.labelSmoothing())
            : SquaredLoss.ofTargets(examples);
    return train(architecture, settings, examples, loss, originals, seed, device);
  }

  private static Network train(
      Architecture architecture,
      TeacherTraining settings,
      Examples examples,
      BatchLoss loss,
      int originals,
      long seed,
      @Nullable TrainingDevice device) {
    MaskedWeights weights = new MaskedWeights(Initialization.random(architecture, seed));
    new Trainer(architecture, examples, originals, loss, settings.training(), settings.l1(), seed)
        .train(weights, Schedule.NONE, device);
    return weights.network();
  }

  /** The teacher in the store, if it is there and the one that was kept. */
  public static Optional<Network> read(StageStore store, StageKey key) {
    return new StoredNetworks(store)
        .read(key)
        .map(file -> new ArtifactReader().read(file).toNetwork());
  }

  /** How the outputs of a teacher from another library's file differ from that library's. */
  public static Optional<String> comparison(StageStore store, StageKey key) {
    Optional<byte[]> report = store.read(key, Kind.REPORT);
    if (report.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(StageReport.fromJson(report.get()).provenance().comparison());
    } catch (IOException e) {
      // Whoever needs the rest of it sees to that.
      return Optional.empty();
    }
  }

  /** Keeps a teacher of unknown origin, bit-exact, unless one is there. */
  public static void write(StageStore store, StageKey key, Network teacher, Provenance provenance) {
    write(store, key, CompressedNetwork.of(teacher), provenance);
  }

  /**
   * Keeps a teacher that was trained from scratch, bit-exact, and where it began, unless one is
   * there.
   *
   * @param seed of its first weights, as {@link Initialization#random} drew them
   */
  public static void write(
      StageStore store, StageKey key, Network teacher, long seed, Provenance provenance) {
    Origin origin = Origin.of(teacher.architecture(), seed);
    write(store, key, CompressedNetwork.of(teacher).withOrigin(Optional.of(origin)), provenance);
  }

  private static void write(
      StageStore store, StageKey key, CompressedNetwork teacher, Provenance provenance) {
    if (new StoredNetworks(store).read(key).isPresent()) {
      return;
    }
    byte[] file = WrittenNetwork.of(teacher).file();
    store.write(key, Kind.NETWORK, file);
    StageReport report =
        new StageReport(key, Map.of(), null, null, provenance, ProductDigest.of(key, file), null);
    store.write(key, Kind.REPORT, report.toJson());
  }

  /** A teacher's .pare file, bit-exact, with what prepares the rows that it reads. */
  public static byte[] file(Network teacher, Preparation preparation) {
    return WrittenNetwork.of(CompressedNetwork.of(teacher).withPreparation(preparation)).file();
  }

  /**
   * The teacher's logits over all variants of the training examples, from the store or, unless
   * those there are of this very teacher and as they were written, computed and kept.
   *
   * @param teacher as it was read from the store
   */
  public static float[] logits(StageStore store, StoredNetworks.Read teacher, Examples examples) {
    StageKey key = teacher.digest().stage();
    Optional<byte[]> kept = store.read(key, Kind.LOGITS);
    if (kept.isPresent() && isOf(teacher.digest(), kept.get())) {
      return floats(kept.get());
    }
    if (kept.isPresent()) {
      LOG.warn(
          "{} are not this teacher's logits, or damaged; they are computed again",
          store.path(key, Kind.LOGITS));
    }
    float[] logits = Evaluator.logits(teacher.network().toNetwork(), examples);
    byte[] bytes =
        new byte[Math.addExact(BINDING_BYTES, Math.multiplyExact(logits.length, Float.BYTES))];
    ByteBuffer.wrap(bytes, BINDING_BYTES, bytes.length - BINDING_BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .put(logits);
    System.arraycopy(binding(teacher.digest(), bytes), 0, bytes, 0, BINDING_BYTES);
    store.write(key, Kind.LOGITS, bytes);
    return logits;
  }

  /**
   * What logits begin with: SHA-256 of whose they are, since the same teacher has others for
   * another stage's examples, and of the numbers behind it.
   */
  private static byte[] binding(ProductDigest teacher, byte[] logits) {
    String named =
        "%s %s %s"
            .formatted(teacher.stage().hex(), teacher.sha256(), Sha256.hex(logits, BINDING_BYTES));
    return HexFormat.of().parseHex(Sha256.hex(named.getBytes(StandardCharsets.US_ASCII)));
  }

  private static boolean isOf(ProductDigest teacher, byte[] logits) {
    return logits.length >= BINDING_BYTES
        && Arrays.equals(binding(teacher, logits), 0, BINDING_BYTES, logits, 0, BINDING_BYTES);
  }

  private static float[] floats(byte[] kept) {
    int start = BINDING_BYTES;
    float[] logits = new float[(kept.length - start) / Float.BYTES];
    ByteBuffer.wrap(kept, start, kept.length - start)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(logits);
    return logits;
  }
}
