package dev.pare.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.pare.prepare.Column;
import dev.pare.prepare.Preparation;
import dev.pare.rewrite.EquivalentNetworks;
import dev.pare.rewrite.WrittenNetwork;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PreparationFormatTest {
  private static final Preparation SAMPLE =
      new Preparation(
          List.of(
              new Column.Numeric("width", Float.NaN, 0, 1),
              new Column.Numeric("höhe", 1.5f, 0, 1),
              new Column.Numeric("age", 2, 3, 0.5f),
              new Column.Categorical("a", List.of("", "x"), Column.Others.REFUSED),
              new Column.Categorical("b", List.of("r", "s"), Column.Others.ZEROS)),
          List.of("no", "yes"));

  private static final CompressedNetwork PLAIN =
      SampleNetworks.of(
          SampleNetworks.smallDense(), Representation.UNIFORM, 0.5, new SplittableRandom(1));

  @Test
  void comesBackFromAFileThatOthersReadWithoutIt() {
    CompressedNetwork network = PLAIN.withPreparation(SAMPLE);
    byte[] file = SampleNetworks.bytes(network);
    assertThat(new ArtifactReader().read(file)).isEqualTo(network);
    assertThat(new ArtifactReader().open(file).preparation()).isEqualTo(SAMPLE);
    assertThat(new ArtifactReader().decode(file).summary().size().totalBytes())
        .isEqualTo(file.length);
    byte[] names = SampleNetworks.bytes(PLAIN.withPreparation(ofClasses("no", "yes")));
    assertThat(new ArtifactReader().read(names).preparation()).isEqualTo(ofClasses("no", "yes"));
  }

  @Test
  void isKeptWithAndWithoutAnOrigin() {
    CompressedNetwork network = PLAIN.withPreparation(SAMPLE);
    assertThat(network.withTensors(network.tensors()).preparation()).isEqualTo(SAMPLE);
    WrittenNetwork written = EquivalentNetworks.withoutOrigin(network);
    assertThat(new ArtifactReader().read(written.file()).preparation()).isEqualTo(SAMPLE);
  }

  @Test
  void isAsSpecified() {
    byte[] plain = Bodies.of(SampleNetworks.bytes(PLAIN));
    byte[] prepared = Bodies.of(SampleNetworks.bytes(PLAIN.withPreparation(SAMPLE)));
    byte[] section =
        HexFormat.of()
            .parseHex(
                "8141"
                    + "05"
                    + "057769647468" // width
                    + "00"
                    + "0568c3b66865" // höhe
                    + "020000c03f"
                    + "03616765" // age
                    + "06000000400000404000"
                    + "00003f"
                    + "0161"
                    + "01"
                    + "02"
                    + "00"
                    + "0178"
                    + "0162"
                    + "03"
                    + "02"
                    + "0172"
                    + "0173"
                    + "02"
                    + "026e6f"
                    + "03796573");
    section[1] = (byte) (section.length - 2);
    int at = Arrays.mismatch(plain, prepared);
    assertThat(prepared).hasSize(plain.length + section.length);
    assertThat(Arrays.copyOfRange(prepared, at, at + section.length)).isEqualTo(section);
  }

  @Test
  void refusesWhatDoesNotFitTheNetwork() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PLAIN.withPreparation(ofClasses("a", "b", "c")))
        .withMessage("3 names for 2 classes");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> PLAIN.withPreparation(new Preparation(SAMPLE.columns().subList(0, 2), List.of())))
        .withMessage("a preparation of 2 features for a network that reads 7");
  }

  @Test
  void whateverASectionHoldsIsAPreparationOrMalformed() {
    SplittableRandom random = new SplittableRandom(5);
    byte[] body = Bodies.of(SampleNetworks.bytes(PLAIN.withPreparation(SAMPLE)));
    int start = Arrays.mismatch(body, Bodies.of(SampleNetworks.bytes(PLAIN)));
    int malformed = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] changed = body.clone();
      for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
        changed[start + random.nextInt(70)] = (byte) random.nextInt(256);
      }
      try {
        CompressedNetwork read = new ArtifactReader().read(Bodies.file(changed));
        byte[] again = SampleNetworks.bytes(read);
        assertThat(new ArtifactReader().read(again)).isEqualTo(read);
      } catch (MalformedArtifactException e) {
        malformed++;
      }
    }
    assertThat(malformed).isBetween(5_000, 20_000);
  }

  @Test
  void aSecondPreparationIsMalformed() {
    byte[] file = SampleNetworks.bytes(PLAIN.withPreparation(SAMPLE));
    ByteSink content = new ByteSink();
    PreparationFormat.write(SAMPLE, content);
    ByteSink section = new ByteSink();
    section.writeByte(PreparationFormat.KIND);
    section.writeVarint(content.size());
    section.writeBytes(content.toBytes());
    assertThatExceptionOfType(MalformedArtifactException.class)
        .isThrownBy(() -> new ArtifactReader().read(Bodies.append(file, section.toBytes())))
        .withMessageContaining("a preparation after another");
  }

  private static Preparation ofClasses(String... names) {
    return new Preparation(List.of(), List.of(names));
  }
}
