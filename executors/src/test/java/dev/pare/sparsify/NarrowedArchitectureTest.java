package dev.pare.sparsify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.candidate.ArchitectureForm;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.InputShape;
import dev.pare.graph.OperatorSamples;
import dev.pare.graph.Shape;
import dev.pare.model.NamedArchitecture;
import dev.pare.model.NamedArchitecture.Name;
import dev.pare.model.NamedArchitecture.Size;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NarrowedArchitectureTest {
  private static final InputShape IMAGE = new InputShape(1, 28, 28, 255);

  private static Architecture of(NamedArchitecture named) {
    return named.resolve(IMAGE, 10);
  }

  @Test
  void halfTheWidthIsTheFamilyOfHalfTheWidths() {
    assertThat(ReducedNetwork.narrowed(of(NamedArchitecture.of(Name.LENET_300_100)), 0.5))
        .isEqualTo(of(new NamedArchitecture(Name.MLP, List.of(150, 50))));
    assertThat(
            ReducedNetwork.narrowed(
                of(new NamedArchitecture(Name.RESNET, List.of(8, 12, 16), Map.of(Size.BLOCKS, 2))),
                0.5))
        .isEqualTo(
            of(new NamedArchitecture(Name.RESNET, List.of(4, 6, 8), Map.of(Size.BLOCKS, 2))));
    assertThat(ReducedNetwork.narrowed(of(new NamedArchitecture(Name.LSTM, List.of(24, 12))), 0.5))
        .isEqualTo(of(new NamedArchitecture(Name.LSTM, List.of(12, 6))));
  }

  @Test
  void numbersAreRoundedAndAtLeastOne() {
    assertThat(ReducedNetwork.narrowed(of(NamedArchitecture.of(Name.LENET_5)), 0.25).layers())
        .contains(
            new Convolution(5, 5, 1, Activation.IDENTITY),
            new Convolution(13, 5, 1, Activation.IDENTITY),
            new Dense(125, Activation.RELU));
    assertThat(ReducedNetwork.narrowed(of(new NamedArchitecture(Name.MLP, List.of(7, 3))), 0.01))
        .isEqualTo(of(new NamedArchitecture(Name.MLP, List.of(1, 1))));
  }

  /** Its positions and normalization read what a patch becomes; hidden layers are free. */
  @Test
  void whatAttentionReadsStays() {
    Map<Size, Integer> sizes = Map.of(Size.BLOCKS, 2, Size.HEADS, 2, Size.PATCH, 7);
    assertThat(
            ReducedNetwork.narrowed(
                of(new NamedArchitecture(Name.ATTENTION, List.of(16, 32), sizes)), 0.5))
        .isEqualTo(of(new NamedArchitecture(Name.ATTENTION, List.of(16, 16), sizes)));
  }

  @Test
  void everyOperatorsNetworkReadsAndSaysTheSame() {
    int narrower = 0;
    for (Architecture whole : OperatorSamples.all()) {
      Architecture half = ReducedNetwork.narrowed(whole, 0.5);
      assertThat(half.input()).isEqualTo(whole.input());
      assertThat(half.outputs()).isEqualTo(whole.outputs());
      assertThat(half.layers()).hasSameSizeAs(whole.layers());
      for (int layer = 0; layer < half.layers().size(); layer++) {
        Shape now = half.outputShape(layer);
        Shape before = whole.outputShape(layer);
        assertThat(now.channels()).isBetween(1, before.channels());
        assertThat(now.height()).isEqualTo(before.height());
        assertThat(now.width()).isEqualTo(before.width());
      }
      narrower += half.parameters() < whole.parameters() ? 1 : 0;
    }
    assertThat(narrower).isGreaterThan(OperatorSamples.all().size() / 2);
  }

  @Test
  void aFormIsThatOfOneArchitectureAndOfNoOther() {
    Set<ArchitectureForm> forms = new HashSet<>();
    List<Architecture> all = OperatorSamples.all().stream().distinct().toList();
    for (Architecture architecture : all) {
      ArchitectureForm form = ArchitectureForm.of(architecture);
      assertThat(form.architecture()).isEqualTo(architecture);
      assertThat(ArchitectureForm.of(form.architecture())).isEqualTo(form);
      forms.add(form);
    }
    assertThat(forms).hasSameSizeAs(all);
  }
}
