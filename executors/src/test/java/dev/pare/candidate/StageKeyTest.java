package dev.pare.candidate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.candidate.Distillation.Logits;
import dev.pare.candidate.Distillation.Loss;
import dev.pare.candidate.Distillation.Relation;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StageKeyTest {
  private record Everything(
      int whole,
      long large,
      boolean flag,
      double number,
      float small,
      String text,
      Prune.Scope constant,
      StageKey key,
      List<Integer> list,
      Map<String, Object> map,
      Encode nested) {}

  @Test
  void theCanonicalJsonIsAsDocumented() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("b", 1);
    map.put("a", List.of());
    StageKey key = new StageKey("0123456789abcdef".repeat(4));
    assertThat(
            CanonicalJson.of(
                new Everything(
                    -1,
                    1L << 40,
                    true,
                    1e-4,
                    0.5f,
                    "ü \"quoted\" \\ \n",
                    Prune.Scope.LAYER,
                    key,
                    List.of(3, 1, 2),
                    map,
                    new Encode(Encode.Precision.FLOAT32))))
        .isEqualTo(
            "{\"is\":\"Everything\",\"constant\":\"LAYER\",\"flag\":true,\"key\":\""
                + key.hex()
                + "\",\"large\":1099511627776,\"list\":[3,1,2],\"map\":{\"a\":[],\"b\":1},"
                + "\"nested\":{\"is\":\"Encode\",\"batchNormalization\":\"FOLD\",\"normalizationPrecision\":\"FLOAT32\",\"origin\":\"ON\",\"precision\":\"FLOAT32\"},"
                + "\"number\":1.0E-4,\"small\":0.5,"
                + "\"text\":\"ü \\\"quoted\\\" \\\\ \\u000a\",\"whole\":-1}");
  }

  /** If this fails, every stored product is lost: raise the stage's revision on purpose instead. */
  @Test
  void keysDoNotChangeUnnoticed() {
    assertThat(CanonicalJson.of(Samples.PRUNE))
        .isEqualTo(
            "{\"is\":\"Prune\",\"calibration\":{\"is\":\"Calibration\",\"block\":64,\"damping\":0.01,"
                + "\"examples\":1024},\"granularity\":{\"is\":\"Granularity\",\"columns\":1,"
                + "\"kind\":\"WEIGHT\",\"rows\":1},\"layerSparsity\":[],\"outputSparsity\":null,\"ramp\":0.5,\"regrowth\":{\"is\":\"Regrowth\",\"interval\":100,\"share\":0.3},\"saliency\":\"MAGNITUDE\","
                + "\"schedule\":\"GRADUAL\",\"scope\":\"GLOBAL\",\"sparsity\":0.95,\"start\":\"TEACHER\",\"training\":"
                + "{\"is\":\"Training\",\"alpha\":0.7,\"batch\":64,\"decay\":\"COSINE\","
                + "\"epochs\":20,\"l2\":1.0E-4,\"learningRate\":0.001,\"temperature\":4.0}}");
    assertThat(StageKey.of(Samples.PRUNE).hex())
        .isEqualTo("743ecfd16d9a21471c2669e5c391cbfeba3db1cf6dd1f487b78aa6151233c38d");
    assertThat(StageKey.of(Samples.QUANTIZE).hex())
        .isEqualTo("2207f50da6f119eaea8f8ddaedc1a1ae935334900a5ab33043f0545d0a2acd20");
    assertThat(StageKey.of(new Encode(Encode.Precision.FLOAT32)).hex())
        .isEqualTo("fd43086bbbf55f6b0139736ac017ffad01e603e7f98fa8da91620ff014b74669");
    assertThat(StageKey.of(new Activate(Activate.Rule.TOP_K, 0, 0.2, Samples.TRAINING)).hex())
        .isEqualTo("38a6eaad5d712740f6c4eed8e8d757b1cb48ffad891f52513ec12aad65b9b4c1");
    assertThat(
            StageKey.of(
                    Factorize.none(Samples.TRAINING)
                        .but()
                        .method(Factorize.Method.SVD)
                        .rank(0.2)
                        .build())
                .hex())
        .isEqualTo("299e3ee2f75931e618eab48652cb551b5b573e2bcd3fc9330553a8212a6661c4");
  }

  @Test
  void everySettingChangesTheKey() {
    Training training = Samples.TRAINING;
    List<Record> all =
        List.of(
            prune(0.95, null, Prune.Scope.GLOBAL, Prune.Schedule.GRADUAL, 0.5, training),
            prune(0.9, null, Prune.Scope.GLOBAL, Prune.Schedule.GRADUAL, 0.5, training),
            prune(0.95, 0.5, Prune.Scope.GLOBAL, Prune.Schedule.GRADUAL, 0.5, training),
            prune(0.95, null, Prune.Scope.LAYER, Prune.Schedule.GRADUAL, 0.5, training),
            prune(0.95, null, Prune.Scope.GLOBAL, Prune.Schedule.ONE_SHOT, 0.5, training),
            prune(0.95, null, Prune.Scope.GLOBAL, Prune.Schedule.GRADUAL, 0.6, training),
            pruneWith(new Training(21, 64, 0.001, Training.Decay.COSINE, 1e-4, 4, 0.7)),
            pruneWith(new Training(20, 65, 0.001, Training.Decay.COSINE, 1e-4, 4, 0.7)),
            pruneWith(new Training(20, 64, 0.002, Training.Decay.COSINE, 1e-4, 4, 0.7)),
            pruneWith(new Training(20, 64, 0.001, Training.Decay.NONE, 1e-4, 4, 0.7)),
            pruneWith(new Training(20, 64, 0.001, Training.Decay.COSINE, 0, 4, 0.7)),
            pruneWith(new Training(20, 64, 0.001, Training.Decay.COSINE, 1e-4, 5, 0.7)),
            pruneWith(new Training(20, 64, 0.001, Training.Decay.COSINE, 1e-4, 4, 0.8)),
            distilled(0.1, Loss.SOFT_TARGETS, Logits.RAW, 1, null, null),
            distilled(0, Loss.DECOUPLED, Logits.RAW, 1, null, null),
            distilled(0, Loss.DECOUPLED, Logits.RAW, 2, null, null),
            distilled(0, Loss.SOFT_TARGETS, Logits.STANDARDIZED, 1, null, null),
            distilled(0, Loss.SOFT_TARGETS, Logits.RAW, 1, 1.0, null),
            distilled(0, Loss.SOFT_TARGETS, Logits.RAW, 1, null, 0.0),
            related(7, Relation.NONE, null),
            averaged(new Averaging(Averaging.Kind.EMA, 0.75, 0.99)),
            averaged(new Averaging(Averaging.Kind.SWA, 0.75, 0.99)),
            averaged(new Averaging(Averaging.Kind.SWA, 0.5, 0.99)),
            averaged(new Averaging(Averaging.Kind.EMA, 0.75, 0.9)),
            attacked(new Adversarial(Adversarial.Method.PGD, 0.1, 3, 6)),
            attacked(new Adversarial(Adversarial.Method.TRADES, 0.1, 3, 6)),
            attacked(new Adversarial(Adversarial.Method.TRADES, 0.2, 3, 6)),
            attacked(new Adversarial(Adversarial.Method.TRADES, 0.1, 4, 6)),
            attacked(new Adversarial(Adversarial.Method.TRADES, 0.1, 3, 5)),
            related(8, Relation.DISTANCE, null),
            related(8, Relation.ANGLE, null),
            related(8, Relation.ANGLE, 3.0),
            Samples.PRUNE.but().initialization(Prune.Initialization.RANDOM).build(),
            Samples.PRUNE.but().regrowth(new Regrowth(99, 0.3)).build(),
            Samples.PRUNE.but().regrowth(new Regrowth(100, 0.4)).build(),
            new Start("tiny", 1, null, null, training),
            new Start("tiny", 0.5, null, null, training),
            new Start("", 1, new ArchitectureForm("AAAA"), null, training),
            new Start("", 1, new ArchitectureForm("AAAB"), null, training),
            new Start("", 1, new ArchitectureForm("AAAA"), StageKey.of(Samples.PRUNE), training),
            Samples.REGULARIZE,
            new Regularize(Regularize.Penalty.L1, 0.02, 0.3, training),
            new Regularize(Regularize.Penalty.L1, 0.01, 0.4, training),
            new Regularize(Regularize.Penalty.VARIATIONAL_DROPOUT, 0.01, 0.3, training),
            new Quantize(3, Quantize.Quantizer.CODEBOOK, 0, training),
            new Quantize(4, Quantize.Quantizer.CODEBOOK, 0, training),
            new Quantize(3, Quantize.Quantizer.UNIFORM, 0, training),
            new Quantize(3, Quantize.Quantizer.CODEBOOK, 0.01, training),
            quantize(16, 4, Quantize.Weight.NONE, BatchNormalization.FOLD, training),
            quantize(64, 8, Quantize.Weight.NONE, BatchNormalization.FOLD, training),
            quantize(64, 4, Quantize.Weight.FISHER, BatchNormalization.FOLD, training),
            quantize(64, 4, Quantize.Weight.NONE, BatchNormalization.KEEP, training),
            rated(0.01, training),
            rated(0.02, training),
            new Encode(Encode.Precision.FLOAT32),
            new Encode(
                Encode.Precision.FLOAT32,
                Encode.NormalizationPrecision.FLOAT16,
                BatchNormalization.FOLD,
                Encode.Origin.ON),
            new Encode(
                Encode.Precision.FLOAT32,
                Encode.NormalizationPrecision.FLOAT32,
                BatchNormalization.KEEP,
                Encode.Origin.ON),
            new Encode(
                Encode.Precision.FLOAT32,
                Encode.NormalizationPrecision.FLOAT32,
                BatchNormalization.FOLD,
                Encode.Origin.OFF),
            attackedFile(0.1),
            attackedFile(0.2),
            training);
    Set<StageKey> keys = new HashSet<>();
    all.forEach(record -> assertThat(keys.add(StageKey.of(record))).as("%s", record).isTrue());
    assertThat(StageKey.of(pruneWith(training))).isEqualTo(StageKey.of(all.get(0)));
  }

  @Test
  void aStartIsKnownByItsLayersWhateverTheyAreCalled() {
    ArchitectureForm layers = new ArchitectureForm("AAAA");
    assertThat(StageKey.of(new Start("tiny", 0.5, null, null, Samples.TRAINING).with(layers, null)))
        .isEqualTo(
            StageKey.of(new Start("small", 1, null, null, Samples.TRAINING).with(layers, null)));
  }

  /** Keys of what was there before a setting are those that they were. */
  @Test
  void aLaterSettingIsPartOfTheKeyWhereItIsSet() {
    String without = CanonicalJson.of(rated(null, Samples.TRAINING));
    assertThat(without).doesNotContain("\"rate\"");
    assertThat(CanonicalJson.of(rated(0.5, Samples.TRAINING)))
        .isEqualTo(without.replace("\"rateDistortion\"", "\"rate\":0.5,\"rateDistortion\""));
  }

  private static Prune distilled(
      double smoothing,
      Loss loss,
      Logits logits,
      double targetWeight,
      @Nullable Double temperatureEnd,
      @Nullable Double alphaEnd) {
    return with(
        new Distillation(
            smoothing,
            loss,
            logits,
            targetWeight,
            8,
            temperatureEnd,
            alphaEnd,
            Relation.NONE,
            null));
  }

  private static Prune related(double otherWeight, Relation relation, @Nullable Double weight) {
    return with(
        new Distillation(
            0, Loss.SOFT_TARGETS, Logits.RAW, 1, otherWeight, null, null, relation, weight));
  }

  private static Prune averaged(Averaging averaging) {
    return pruneWith(
        new Training(
            20,
            64,
            0.001,
            Training.Decay.COSINE,
            1e-4,
            4,
            0.7,
            Distillation.USUAL,
            averaging,
            null));
  }

  private static Encode attackedFile(double radius) {
    return new Encode(
        Encode.Precision.FLOAT32,
        Encode.NormalizationPrecision.FLOAT32,
        BatchNormalization.FOLD,
        Encode.Origin.ON,
        radius);
  }

  private static Prune attacked(Adversarial adversarial) {
    return pruneWith(
        new Training(
            20,
            64,
            0.001,
            Training.Decay.COSINE,
            1e-4,
            4,
            0.7,
            Distillation.USUAL,
            Averaging.NONE,
            null,
            adversarial));
  }

  private static Prune with(Distillation distillation) {
    return pruneWith(
        new Training(
            20,
            64,
            0.001,
            Training.Decay.COSINE,
            1e-4,
            4,
            0.7,
            distillation,
            Averaging.NONE,
            null));
  }

  private static Quantize rated(Double rate, Training training) {
    return new Quantize(
        3,
        Quantize.Quantizer.ENTROPY_PENALIZED,
        64,
        4,
        rate,
        0,
        Quantize.Weight.NONE,
        null,
        BatchNormalization.FOLD,
        Encode.Origin.ON,
        training);
  }

  private static Quantize quantize(
      int group,
      int dimension,
      Quantize.Weight weight,
      BatchNormalization normalization,
      Training training) {
    return new Quantize(
        3,
        Quantize.Quantizer.CODEBOOK,
        group,
        dimension,
        null,
        0,
        weight,
        null,
        normalization,
        Encode.Origin.ON,
        training);
  }

  private static Prune pruneWith(Training training) {
    return prune(0.95, null, Prune.Scope.GLOBAL, Prune.Schedule.GRADUAL, 0.5, training);
  }

  private static Prune prune(
      double sparsity,
      Double output,
      Prune.Scope scope,
      Prune.Schedule schedule,
      double ramp,
      Training training) {
    return new Prune(sparsity, output, Prune.Saliency.MAGNITUDE, scope, schedule, ramp, training);
  }

  private record Described(Map<String, Integer> map) {}

  @Test
  void theOrderOfMapEntriesDoesNotMatter() {
    Map<String, Integer> one = new LinkedHashMap<>();
    Map<String, Integer> other = new LinkedHashMap<>();
    one.put("x", 1);
    one.put("y", 2);
    other.put("y", 2);
    other.put("x", 1);
    assertThat(StageKey.of(new Described(one))).isEqualTo(StageKey.of(new Described(other)));
    assertThat(StageKey.of(new Described(Map.of("x", 2, "y", 1))))
        .isNotEqualTo(StageKey.of(new Described(one)));
  }

  private record Unknown(Object value) {}

  @Test
  void whatHasNoCanonicalFormIsRefused() {
    assertThatThrownBy(() -> StageKey.of(new Unknown(new int[0])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no canonical JSON for class [I");
  }

  @Test
  void theSeedIsTheFirstEightBytes() {
    assertThat(new StageKey("ffffffffffffffff" + "0".repeat(48)).seed()).isEqualTo(-1);
    assertThat(new StageKey("00000000000000ff" + "1".repeat(48)).seed()).isEqualTo(255);
    assertThat(new StageKey("0123456789abcdef".repeat(4)).abbreviated()).isEqualTo("0123456789ab");
  }

  @Test
  void onlySha256IsAKey() {
    for (String bad : List.of("", "0".repeat(63), "0".repeat(65), "A".repeat(64))) {
      assertThatThrownBy(() -> new StageKey(bad)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
