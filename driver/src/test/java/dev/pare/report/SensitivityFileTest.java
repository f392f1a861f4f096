package dev.pare.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.candidate.StageKey;
import dev.pare.folder.SweepFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SensitivityFileTest {
  private static final StageKey TEACHER = new StageKey("a".repeat(64));
  private static final StageKey OTHER = new StageKey("b".repeat(64));

  @TempDir private Path folder;

  private SensitivityFile file;
  private Path csv;

  @BeforeEach
  void open() {
    file = new SensitivityFile(new SweepFolder(folder.toString(), new Configuration()));
    csv = folder.resolve("sensitivity.csv");
  }

  private static SensitivityTable table(StageKey teacher, double loss, String... scans) {
    return table(teacher, "own", loss, scans);
  }

  private static SensitivityTable table(
      StageKey teacher, String settings, double loss, String... scans) {
    return new SensitivityTable(
        teacher,
        settings,
        Stream.of(scans)
            .flatMap(
                scan ->
                    Stream.of(0.0, 0.5)
                        .map(s -> new SensitivityTable.Row(scan, "2:4", "0_W", s, loss, 0.9)))
            .toList());
  }

  @Test
  void whatWasWrittenIsRead() throws IOException {
    SensitivityTable table = table(TEACHER, 0.25, "magnitude", "fisher");

    assertThat(file.read()).isEmpty();
    assertThat(file.add(table)).isEqualTo(table);
    assertThat(file.read()).contains(table);
    assertThat(Files.readString(csv))
        .startsWith(
            "teacher,settings,saliency,granularity,layer,sparsity,loss,accuracy,table_sha256\n")
        .contains(",fisher,2:4,0_W,0.5,0.250000,0.900000,");
  }

  @Test
  void scansOfOneTeacherAddUpAndTheLastOfAKindCounts() throws IOException {
    file.add(table(TEACHER, 0.25, "magnitude", "fisher"));

    SensitivityTable all = file.add(table(TEACHER, 0.5, "fisher", "random"));

    assertThat(all.rows())
        .extracting(row -> row.saliency() + " " + row.loss())
        .containsExactly(
            "magnitude 0.25",
            "magnitude 0.25",
            "fisher 0.5",
            "fisher 0.5",
            "random 0.5",
            "random 0.5");
    assertThat(file.read()).contains(all);
  }

  @Test
  void scansOfAnotherTeacherGo() throws IOException {
    file.add(table(OTHER, 0.25, "magnitude"));
    assertThat(file.add(table(TEACHER, 0.25, "fisher")).rows()).hasSize(2);

    assertThat(file.add(table(OTHER, 0.25)).rows()).isEmpty();
    assertThat(csv).doesNotExist();
  }

  @Test
  void whatIsKnownStaysWhereNothingIsMeasured() throws IOException {
    SensitivityTable table = file.add(table(TEACHER, 0.25, "magnitude"));

    assertThat(file.add(table(TEACHER, 0.25))).isEqualTo(table);
    assertThat(file.read()).contains(table);
  }

  private static String sealed(String... lines) {
    return new SealedCsv(
            "teacher,settings,saliency,granularity,layer,sparsity,loss,accuracy", "", "")
        .of(List.of(lines));
  }

  private static Stream<String> spoiled() {
    return Stream.of(
        "",
        "saliency,granularity,layer,sparsity,loss,accuracy\nmagnitude,weight,0_W,0,0,0\n",
        sealed(),
        sealed("x,s,magnitude,weight,0_W,0,0,0"),
        sealed("x,magnitude"),
        sealed("x,s,m,w,0_W,half,0,0"),
        // Of an earlier version.
        "teacher,settings,saliency,granularity,layer,sparsity,loss,accuracy\n"
            + TEACHER.hex()
            + ",s,m,w,0_W,0.5,0,0\n",
        table(TEACHER, 0.25, "magnitude").csv().replaceFirst("0.9000", "0.8000"),
        table(TEACHER, 0.25, "magnitude").csv().replace(TEACHER.hex(), OTHER.hex()));
  }

  @ParameterizedTest
  @MethodSource("spoiled")
  void aSpoiledFileIsNamedToReadersAndReplacedBySweeps(String text) throws IOException {
    Files.writeString(csv, text);
    SensitivityTable table = table(TEACHER, 0.25, "magnitude");

    assertThatThrownBy(file::read).isInstanceOf(IOException.class).hasMessageContaining(csv + ": ");
    assertThat(file.readable()).isEmpty();
    assertThat(file.add(table)).isEqualTo(table);
    assertThat(file.read()).contains(table);
  }

  @Test
  void aFileOfSeveralTeachersIsNone() throws IOException {
    String row = ",own,magnitude,2:4,0_W,0.5,0.250000,0.900000";
    Files.writeString(csv, sealed(TEACHER.hex() + row, OTHER.hex() + row));

    assertThatThrownBy(file::read).hasMessageContaining("several teachers: a");
    Files.writeString(csv, sealed(TEACHER.hex() + row, TEACHER.hex() + row.replace("own", "b")));
    assertThatThrownBy(file::read).hasMessageContaining("several settings: own, b");
  }

  /** As of other calibration examples: what they had would be taken for these. */
  @Test
  void scansByOtherSettingsGo() throws IOException {
    file.add(table(TEACHER, "other", 0.25, "magnitude"));
    SensitivityTable own = table(TEACHER, "own", 0.25, "fisher");
    assertThat(file.add(own)).isEqualTo(own);

    assertThat(file.add(table(TEACHER, "other", 0.25)).rows()).isEmpty();
    assertThat(csv).doesNotExist();
  }
}
