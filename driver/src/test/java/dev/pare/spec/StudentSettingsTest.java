package dev.pare.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.pare.candidate.Prune;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StudentSettingsTest {
  private static final Map<String, List<String>> VALUES =
      Map.of(
          "rank", List.of("0.01", "1"),
          "energy", List.of("0.01", "1"),
          "singular-threshold", List.of("0", "0.9"),
          "threshold", List.of("0", "2"),
          "top-k-share", List.of("0.01", "1"),
          "strength", List.of("0", "1000"),
          "rate", List.of("0", "1000"));

  private static StudentSpec defaults() {
    Config config = SpecSource.reference().resolve();
    return StudentSettings.read(new Settings(config, "", "test", List.of()));
  }

  private static String draw(Dimension dimension, SplittableRandom random) {
    List<String> known =
        switch (dimension.key()) {
          case "rate-distortion" -> List.of("0", "1");
          case "sparsity", "output-sparsity", "sparse-residual" -> List.of("0", "0.5", "0.99");
          case "layer-sparsity" -> List.of("0.5/0.5/0", "0/0/0");
          case "layer-rank" -> List.of("0.5/1/1");
          case "granularity" -> List.of("weight", "2:4", "4x4", "unit", "head", "layer");
          case "temperature", "temperature-end" -> List.of("1", "1000");
          case "alpha", "alpha-end", "ramp" -> List.of("0", "1");
          case "label-smoothing", "average-from", "average-decay" -> List.of("0", "0.9");
          case "target-weight", "other-weight", "relation-weight", "adversarial-beta" ->
              List.of("0", "1000");
          case "learning-rate" -> List.of("0.1", "1e-9");
          case "group", "vector-dimension" -> List.of("2", "64");
          case "bits" -> List.of("1", "8", "32");
          case "order" -> List.of("prune-quantize", "quantize-prune");
          case "rank-budget", "epochs-share", "adversarial-radius" -> List.of("0.1", "1");
          case "repeat" -> List.of("0", "1");
          case "architecture" -> List.of("teacher", "small");
          case "width" -> List.of("1", "0.5");
          default -> VALUES.getOrDefault(dimension.key(), List.of());
        };
    if (known.isEmpty()) {
      String requirement = dimension.spelling().requirement();
      known = List.of(requirement.replace("one of ", "").split(", "));
    }
    return dimension.spell(known.get(random.nextInt(known.size())));
  }

  /** A dimension that is not checked against others must not be able to contradict them. */
  @Test
  void whatCombinesFreelyContradictsNothing() {
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < 3000; i++) {
      StudentSpec student = defaults();
      for (Dimension dimension : Dimension.all()) {
        if (random.nextInt(4) == 0) {
          student = student.with(dimension, draw(dimension, random));
        }
      }
      for (Dimension dimension : Dimension.all()) {
        if (dimension.isFree()) {
          StudentSpec other = student.with(dimension, draw(dimension, random));
          assertThat(other.conflict()).as("%s: %s", dimension, other).isEqualTo(student.conflict());
        }
      }
    }
  }

  @Test
  void aStageOfEffectiveSettingsIsItsOwn() {
    SplittableRandom random = new SplittableRandom(12);
    for (int i = 0; i < 1000; i++) {
      StudentSpec student = defaults();
      for (Dimension dimension : Dimension.all()) {
        student = student.with(dimension, draw(dimension, random));
      }
      Prune effective = StudentSettings.effective(student.prune());
      assertThat(StudentSettings.effective(effective)).isEqualTo(effective);
      assertThat(effective.removesNothing()).isEqualTo(student.prune().removesNothing());
      assertThat(StudentSettings.effective(student.encode())).isSameAs(student.encode());
    }
  }

  @Test
  void everySettingHasAKeyOfItsOwnAndIsWrittenAsItIsRead() {
    assertThat(StudentSettings.ALL).extracting(Setting::key).doesNotHaveDuplicates();
    StudentSpec student = defaults();
    for (Setting<?> setting : StudentSettings.ALL) {
      Object text = setting.text(student);
      if (text != null) {
        Config config =
            ConfigFactory.parseString(setting.key() + " = \"" + Domain.format(text) + "\"")
                .withFallback(SpecSource.reference())
                .resolve();
        assertThat(StudentSettings.read(new Settings(config, "", "test", List.of())))
            .as(setting.key())
            .isEqualTo(student);
      }
    }
  }
}
