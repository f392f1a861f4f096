package dev.pare.schedule;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.pare.SmallSweep;
import dev.pare.artifact.ArtifactWriter;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.candidate.StageKey;
import dev.pare.data.DataException;
import dev.pare.data.DataLoader;
import dev.pare.data.TrainingData;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import dev.pare.spec.SweepSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

class TeacherFormatsTest {
  @Test
  void aFormatOfOnesOwnIsAClassAndALine() {
    TeacherFormat format = TeacherFormats.of("toy network 7".getBytes(US_ASCII));
    assertThat(format).isInstanceOf(ToyTeacherFormat.class);
  }

  @Test
  void filesAreKnownByWhatTheyHold() throws IOException {
    Architecture architecture =
        new Architecture(new InputShape(3, 1, 1, 1), List.of(new Dense(2, Activation.SOFTMAX)));
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    new ArtifactWriter().write(CompressedNetwork.of(Initialization.random(architecture, 1)), file);
    assertThat(TeacherFormats.of(file.toByteArray()).title()).isEqualTo("a .pare file");
    assertThat(TeacherFormats.of("PK\3\4".getBytes(US_ASCII)).title()).isEqualTo("a DL4J zip");
  }

  @Test
  void whatAReaderMadeOfAFileBeforeItWasMendedIsNotFound(@TempDir Path folder) throws IOException {
    Path model = Files.writeString(folder.resolve("model"), "toy network 7");
    SweepSpec spec =
        SmallSweep.withTeacher("teacher.model = \"" + model + "\"", folder.resolve("out"));
    Configuration hadoop = new Configuration(false);
    TrainingData data = DataLoader.loadTraining(spec.data(), hadoop);
    StageKey before = TeacherProvider.key(spec, data, hadoop);
    ToyTeacherFormat.revision = 1;
    try {
      assertThat(TeacherProvider.key(spec, data, hadoop)).isNotEqualTo(before);
    } finally {
      ToyTeacherFormat.revision = 0;
    }
    assertThat(TeacherProvider.key(spec, data, hadoop)).isEqualTo(before);
  }

  @Test
  void aPareFileWhoseOutputsAreNotFiniteIsRefused(@TempDir Path folder) throws IOException {
    Path model = folder.resolve("huge.pare");
    SweepSpec spec =
        SmallSweep.withTeacher("teacher.model = \"" + model + "\"", folder.resolve("out"));
    Configuration hadoop = new Configuration(false);
    TrainingData data = DataLoader.loadTraining(spec.data(), hadoop);
    for (float weight : new float[] {1e-3f, Float.MAX_VALUE}) {
      InputShape input =
          new InputShape(
              data.shape().channels(), data.shape().height(), data.shape().width(), data.divisor());
      Architecture architecture =
          new Architecture(
              input,
              List.of(
                  new Dense(2, Activation.RELU), new Dense(data.outputs(), Activation.SOFTMAX)));
      float[] parameters = new float[architecture.parameters()];
      Arrays.fill(parameters, weight);
      ByteArrayOutputStream file = new ByteArrayOutputStream();
      new ArtifactWriter().write(CompressedNetwork.of(new Network(architecture, parameters)), file);
      Files.write(model, file.toByteArray());
      if (weight < 1) {
        assertThat(TeacherProvider.architecture(spec, data, hadoop)).isEqualTo(architecture);
      } else {
        assertThatExceptionOfType(DataException.class)
            .isThrownBy(() -> TeacherProvider.architecture(spec, data, hadoop))
            .withMessageStartingWith("teacher.model = " + model + ": its output 0 of example ")
            .withMessageEndingWith(", as Pare runs it: it must be finite for the data's examples");
      }
    }
  }

  @Test
  void whatNoneRecognizesIsAnsweredWithThoseThereAre() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TeacherFormats.of(new byte[] {0}))
        .withMessage(
            "is no network that Pare reads: a toy network, a .pare file, a DL4J zip, a Keras .h5"
                + " file, an ONNX model; those of others are exported to ONNX");
  }

  @Test
  @Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
  void aPipeIsNotWaitedFor(@TempDir Path folder) throws IOException, InterruptedException {
    String pipe = folder.resolve("teacher.onnx").toString();
    assertThat(new ProcessBuilder("mkfifo", pipe).start().waitFor()).isZero();

    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> TeacherFile.read(TeacherFile.SETTING, pipe, new Configuration()))
        .withMessage("teacher.model = " + pipe + ": is a pipe or a device, not a file");
  }
}
