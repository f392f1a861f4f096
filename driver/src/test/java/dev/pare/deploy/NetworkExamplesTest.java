package dev.pare.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.SmallSweep;
import dev.pare.data.DataLoader;
import dev.pare.data.Examples;
import dev.pare.data.TrainingData;
import dev.pare.spec.SweepSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What conf/networks/examples.py makes of benchmarks' data in the form of their authors' archives.
 */
class NetworkExamplesTest {
  private static final int RATE = 16000;

  private final SplittableRandom random = new SplittableRandom(5);

  @TempDir private Path folder;

  /** The training examples, before any are set apart, as a sweep reads them. */
  private Examples made(String name, Path published) throws Exception {
    Path out = folder.resolve("out");
    Command done =
        Command.run(
            folder,
            Map.of("PYTHONDONTWRITEBYTECODE", "1"),
            List.of(
                "python3",
                SmallSweep.ROOT.resolve("conf/networks/examples.py").toString(),
                name,
                "--published",
                published.toString(),
                out.toString()));
    assertThat(done.code()).as(done.err()).isZero();
    String keys = SmallSweep.ROOT.resolve("conf/" + name + ".conf").toString();
    TrainingData data =
        DataLoader.loadTraining(
            SweepSpec.load(
                    keys,
                    List.of(
                        "data.validation=1",
                        "data.train.features=" + out.resolve("train.npy"),
                        "data.train.labels=" + out.resolve("train-labels.npy")))
                .data(),
            new Configuration());
    assertThat(out.resolve("test.npy")).isNotEmptyFile();
    return data.train();
  }

  private void wave(String name, int samples) throws IOException {
    byte[] sound = new byte[2 * samples];
    random.nextBytes(sound);
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    try (OutputStream out = Files.newOutputStream(file)) {
      AudioSystem.write(
          new AudioInputStream(
              new java.io.ByteArrayInputStream(sound),
              new AudioFormat(RATE, 16, 1, true, false),
              samples),
          AudioFileFormat.Type.WAVE,
          out);
    }
  }

  @Test
  void batchesOfCifarAreRead() throws Exception {
    List<String> names = new ArrayList<>(List.of("test_batch.bin"));
    for (int i = 1; i <= 5; i++) {
      names.add("data_batch_" + i + ".bin");
    }
    List<byte[]> images = new ArrayList<>();
    for (String name : names) {
      byte[] records = new byte[10 * 3073];
      random.nextBytes(records);
      for (int i = 0; i < 10; i++) {
        records[i * 3073] = (byte) i;
        images.add(Arrays.copyOfRange(records, i * 3073, (i + 1) * 3073));
      }
      Files.write(folder.resolve(name), records);
    }

    Examples training = made("resnet-8", folder);

    assertThat(training.size()).isEqualTo(49);
    assertThat(training.features()).isEqualTo(3072);
    float[] pixels = new float[3072];
    for (int i = 0; i < training.size(); i++) {
      training.copyFeatures(i, pixels, 0);
      byte[] record = new byte[3073];
      record[0] = (byte) training.label(i);
      for (int f = 0; f < pixels.length; f++) {
        record[f + 1] = (byte) (int) pixels[f];
      }
      assertThat(images).contains(record);
    }
  }

  @Test
  void speechCommandsAreRead() throws Exception {
    List<String> words =
        List.of("down", "go", "left", "no", "off", "on", "right", "stop", "up", "yes");
    StringBuilder tests = new StringBuilder();
    for (String word : words) {
      for (int i = 0; i < 4; i++) {
        wave(word + "/" + i + ".wav", 15000 + 500 * i);
      }
      tests.append(word).append("/3.wav\n");
    }
    for (int i = 0; i < 60; i++) {
      wave("bed/" + i + ".wav", RATE);
    }
    Files.writeString(folder.resolve("testing_list.txt"), tests);
    wave("_background_noise_/pink.wav", 3 * RATE);
    Files.writeString(folder.resolve("_background_noise_/README.md"), "");

    Examples training = made("ds-cnn", folder);

    assertThat(training.features()).isEqualTo(490);
    int[] counts = new int[12];
    for (int i = 0; i < training.size(); i++) {
      counts[training.label(i)]++;
    }
    // One example is set apart for validation.
    assertThat(Arrays.stream(counts).limit(10).sum()).isBetween(29, 30);
    assertThat(counts[10]).isBetween(2, 3);
    assertThat(counts[11]).isBetween(0, 12);
  }

  @Test
  void recordingsOfToyCarsAreRead() throws Exception {
    for (int i = 0; i < 4; i++) {
      wave("train/normal_id_01_" + i + ".wav", 2 * RATE);
      wave("test/normal_id_01_" + i + ".wav", 2 * RATE);
      wave("test/anomaly_id_01_" + i + ".wav", 2 * RATE);
    }

    Examples training = made("autoencoder", folder);

    assertThat(training.features()).isEqualTo(640);
    // Of 61 frames 57 fives, every eighth of them: 8 of a file. All anomalies are for validation.
    assertThat(training.size()).isBetween(47, 48);
  }
}
