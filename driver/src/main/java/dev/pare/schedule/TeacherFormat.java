package dev.pare.schedule;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.pare.artifact.ArtifactReader;
import dev.pare.data.Examples;
import dev.pare.data.TrainingData;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import dev.pare.onnx.KerasFile;
import dev.pare.onnx.OnnxFile;
import dev.pare.prepare.Preparation;
import dev.pare.train.Dl4jFile;
import dev.pare.train.ImportedNetwork;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * A kind of file that trained networks come in, known by what it holds, not by its name. All are in
 * one list, also those that are refused with a word on how to convert them.
 *
 * @param title what messages call it; null if it is refused
 * @param recognized whether a file is of this kind, by its first bytes or its structure
 * @param completed makes one of a file and others beside it
 * @param reader of the network
 */
record TeacherFormat(
    @Nullable String title, Predicate<byte[]> recognized, Completion completed, Reader reader) {
  /** On how many of the data's examples a network is compared with its own library. */
  private static final int COMPARED_EXAMPLES = 8;

  /** Where a zip has the length of its first entry's name, and the name. */
  private static final int ZIP_NAME_LENGTH = 26;

  private static final int ZIP_NAME = 30;
  private static final String ZIP = "PK\3\4";
  private static final String EXPORT =
      "; export it with torch.onnx.export, as Pare's README shows, and name the .onnx file";
  private static final String CONVERT =
      "; convert it with python -m tf2onnx.convert --%s FILE --output network.onnx, and name that";

  /** The file in a folder that TensorFlow saves. */
  private static final String SAVED_MODEL = "saved_model.pb";

  private static final String OF_TENSORFLOW =
      "is a saved model of TensorFlow" + CONVERT.formatted("saved-model");

  /** The first that recognizes a file reads it. */
  private static final List<TeacherFormat> ALL =
      List.of(
          whole("a .pare file", ArtifactReader::isArtifact, TeacherFormat::pare),
          refused(
              file -> zipEntry(file).matches("[^/]+/(data|constants).*"),
              "is a file of PyTorch" + EXPORT),
          refused(
              file -> zipEntry(file).equals("metadata.json"),
              "is a file of Keras" + CONVERT.formatted("keras")),
          whole("a DL4J zip", file -> begins(file, ZIP), TeacherFormat::dl4j),
          whole("a Keras .h5 file", KerasFile::isHdf5, TeacherFormat::keras),
          refused(
              file -> begins(file, 4, "TFL3"),
              "is a file of TensorFlow Lite" + CONVERT.formatted("tflite")),
          // The pickle protocol, from its second version on.
          refused(
              file ->
                  begins(file, "\u0080\2") || begins(file, "\u0080\3") || begins(file, "\u0080\4"),
              "is a Python pickle, as old versions of PyTorch save networks" + EXPORT),
          // Its schema has version 1; ONNX models have the number of a version from 3 on there.
          refused(file -> begins(file, "\b\1\22"), OF_TENSORFLOW),
          new TeacherFormat(
              "an ONNX model", OnnxFile::isModel, OnnxFile::complete, TeacherFormat::onnx));

  /** Brings in what a file has beside it. */
  @FunctionalInterface
  interface Completion {
    byte[] of(byte[] file, Path path, Configuration hadoop);
  }

  /**
   * What was read.
   *
   * @param comparison how its outputs differ from its own library's, null if it has no other
   */
  record Read(Network network, @Nullable String comparison) {
    private static Read of(ImportedNetwork imported) {
      return new Read(imported.network(), imported.comparison());
    }
  }

  /** Reads a network. */
  @FunctionalInterface
  interface Reader {
    /**
     * @param input what the data are
     * @param data to compare the network on
     * @throws IllegalArgumentException saying why it cannot be used
     */
    Read read(byte[] file, InputShape input, TrainingData data);
  }

  /**
   * The format of a file.
   *
   * @throws IllegalArgumentException if it is none that Pare knows
   */
  static TeacherFormat of(byte[] file) {
    return ALL.stream()
        .filter(format -> format.recognized.test(file))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    ALL.stream()
                        .map(TeacherFormat::title)
                        .filter(Objects::nonNull)
                        .collect(
                            Collectors.joining(
                                ", ",
                                "is no network that Pare reads: ",
                                "; those of others are exported to ONNX"))));
  }

  /**
   * Why a folder is no network.
   *
   * @param has whether it has a file of a name
   */
  static String ofFolder(Predicate<String> has) {
    return has.test(SAVED_MODEL) ? OF_TENSORFLOW : "is a folder, not a file";
  }

  private static TeacherFormat whole(
      @Nullable String title, Predicate<byte[]> recognized, Reader reader) {
    return new TeacherFormat(title, recognized, (file, path, hadoop) -> file, reader);
  }

  private static TeacherFormat refused(Predicate<byte[]> recognized, String message) {
    return whole(
        null,
        recognized,
        (file, input, data) -> {
          throw new IllegalArgumentException(message);
        });
  }

  private static boolean begins(byte[] file, String magic) {
    return begins(file, 0, magic);
  }

  private static boolean begins(byte[] file, int offset, String magic) {
    byte[] bytes = magic.getBytes(ISO_8859_1);
    return file.length >= offset + bytes.length
        && Arrays.equals(file, offset, offset + bytes.length, bytes, 0, bytes.length);
  }

  /** The name of a zip's first entry; empty if it is none. */
  private static String zipEntry(byte[] file) {
    if (!begins(file, ZIP) || file.length < ZIP_NAME) {
      return "";
    }
    int length = file[ZIP_NAME_LENGTH] & 0xFF | (file[ZIP_NAME_LENGTH + 1] & 0xFF) << 8;
    return new String(file, ZIP_NAME, Math.min(length, file.length - ZIP_NAME), ISO_8859_1);
  }

  /** A .pare file knows for which rows its network was trained. */
  private static Read pare(byte[] file, InputShape input, TrainingData data) {
    Preparation kept = new ArtifactReader().open(file).preparation();
    if (!kept.isNone() && !kept.equals(data.preparation())) {
      throw new IllegalArgumentException(
          "prepares rows otherwise than the settings of data do; see pare inspect");
    }
    Network network = new ArtifactReader().read(file).toNetwork();
    if (!network.architecture().input().equals(input)) {
      throw new IllegalArgumentException(
          "reads " + network.architecture().input() + ", but the data are " + input);
    }
    return new Read(network, null);
  }

  private static Read dl4j(byte[] file, InputShape input, TrainingData data) {
    return Read.of(Dl4jFile.read(file, input, examples(data.train()), data.train().task()));
  }

  private static Read keras(byte[] file, InputShape input, TrainingData data) {
    return Read.of(KerasFile.read(file, input, examples(data.train()), data.train().task()));
  }

  private static Read onnx(byte[] file, InputShape input, TrainingData data) {
    return Read.of(OnnxFile.read(file, input, examples(data.train()), data.train().task()));
  }

  /**
   * A few of the data's own, and as many drawn from the range of these: whole ones if these are.
   */
  private static float[] examples(Examples data) {
    int features = data.features();
    int own = Math.min(COMPARED_EXAMPLES, data.size());
    float[] examples = new float[2 * own * features];
    float least = Float.MAX_VALUE;
    float most = -Float.MAX_VALUE;
    for (int i = 0; i < own; i++) {
      data.copyFeatures(i, examples, i * features);
    }
    boolean whole = true;
    for (int i = 0; i < own * features; i++) {
      least = Math.min(least, examples[i]);
      most = Math.max(most, examples[i]);
      whole &= examples[i] == Math.rint(examples[i]);
    }
    SplittableRandom random = new SplittableRandom(0);
    for (int i = own * features; i < examples.length; i++) {
      double drawn = least + random.nextDouble() * ((double) most - least);
      examples[i] = (float) (whole ? Math.rint(drawn) : drawn);
    }
    return examples;
  }
}
