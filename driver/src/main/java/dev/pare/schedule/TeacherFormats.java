package dev.pare.schedule;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.pare.artifact.ArtifactReader;
import dev.pare.data.TrainingData;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import dev.pare.onnx.KerasFile;
import dev.pare.onnx.OnnxFile;
import dev.pare.prepare.Preparation;
import dev.pare.train.Comparison;
import dev.pare.train.Dl4jFile;
import dev.pare.train.ImportedNetwork;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The kinds of files that trained networks come in: Pare's own, and those that {@link
 * ServiceLoader} finds. Some more are known to be refused with a word on how to convert them.
 */
final class TeacherFormats {
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

  /**
   * The first that recognizes a file reads it. Those of others come first, since a file of theirs
   * may look like one of these, and ONNX, which has no magic number, last.
   */
  private static final List<TeacherFormat> ALL =
      Stream.concat(
              ServiceLoader.load(TeacherFormat.class, TeacherFormat.class.getClassLoader()).stream()
                  .map(ServiceLoader.Provider::get),
              own())
          .toList();

  private TeacherFormats() {}

  private static Stream<TeacherFormat> own() {
    return Stream.of(
        new PareFile(),
        new Refusal(
            file -> zipEntry(file).matches("[^/]+/(data|constants).*"),
            "is a file of PyTorch" + EXPORT),
        new Refusal(
            file -> zipEntry(file).equals("metadata.json"),
            "is a file of Keras" + CONVERT.formatted("keras")),
        new Dl4jZip(),
        new KerasH5(),
        new Refusal(
            file -> begins(file, 4, "TFL3"),
            "is a file of TensorFlow Lite" + CONVERT.formatted("tflite")),
        // The pickle protocol, from its second version on.
        new Refusal(
            file ->
                begins(file, "\u0080\2") || begins(file, "\u0080\3") || begins(file, "\u0080\4"),
            "is a Python pickle, as old versions of PyTorch save networks" + EXPORT),
        // Its schema has version 1; ONNX models have the number of a version from 3 on there.
        new Refusal(file -> begins(file, "\b\1\22"), OF_TENSORFLOW),
        new OnnxModel());
  }

  /**
   * A kind of file that is not read.
   *
   * @param title why, and what to do
   */
  private record Refusal(Predicate<byte[]> recognized, String title) implements TeacherFormat {
    @Override
    public boolean recognizes(byte[] file) {
      return recognized.test(file);
    }

    @Override
    public ImportedNetwork read(byte[] file, InputShape input, TrainingData data) {
      throw new IllegalArgumentException(title);
    }
  }

  /**
   * The format of a file.
   *
   * @throws IllegalArgumentException if it is none that Pare knows
   */
  static TeacherFormat of(byte[] file) {
    return ALL.stream()
        .filter(format -> format.recognizes(file))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    ALL.stream()
                        .filter(format -> !(format instanceof Refusal))
                        .map(TeacherFormat::title)
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

  private static final class PareFile implements TeacherFormat {
    @Override
    public String title() {
      return "a .pare file";
    }

    @Override
    public boolean recognizes(byte[] file) {
      return ArtifactReader.isArtifact(file);
    }

    /** What makes outputs that are not finite is refused since 1. */
    @Override
    public int revision() {
      return 1;
    }

    /** It knows for which rows its network was trained. */
    @Override
    public ImportedNetwork read(byte[] file, InputShape input, TrainingData data) {
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
      Comparison.checkFinite(network, ComparedExamples.of(data.train(), input));
      return new ImportedNetwork(network, null);
    }
  }

  private static final class Dl4jZip implements TeacherFormat {
    @Override
    public String title() {
      return "a DL4J zip";
    }

    /** Numbers that are null, and the names of deviations, are DL4J's own since 1. */
    @Override
    public int revision() {
      return 1;
    }

    @Override
    public boolean recognizes(byte[] file) {
      return begins(file, ZIP);
    }

    @Override
    public ImportedNetwork read(byte[] file, InputShape input, TrainingData data) {
      return Dl4jFile.read(
          file, input, ComparedExamples.of(data.train(), input), data.train().task());
    }
  }

  private static final class KerasH5 implements TeacherFormat {
    @Override
    public String title() {
      return "a Keras .h5 file";
    }

    /**
     * Least deviations of batch normalization are TensorFlow's own since 1; compressed weights are
     * refused since 2.
     */
    @Override
    public int revision() {
      return 2;
    }

    @Override
    public boolean recognizes(byte[] file) {
      return KerasFile.isHdf5(file);
    }

    @Override
    public ImportedNetwork read(byte[] file, InputShape input, TrainingData data) {
      return KerasFile.read(
          file, input, ComparedExamples.of(data.train(), input), data.train().task());
    }
  }

  private static final class OnnxModel implements TeacherFormat {
    @Override
    public String title() {
      return "an ONNX model";
    }

    /** Each output is compared, and what mixes the examples of a batch is refused, since 1. */
    @Override
    public int revision() {
      return 1;
    }

    @Override
    public boolean recognizes(byte[] file) {
      return OnnxFile.isModel(file);
    }

    @Override
    public byte[] complete(byte[] file, Path path, Configuration hadoop) {
      return OnnxFile.complete(file, path, hadoop);
    }

    @Override
    public ImportedNetwork read(byte[] file, InputShape input, TrainingData data) {
      return OnnxFile.read(
          file, input, ComparedExamples.of(data.train(), input), data.train().task());
    }
  }
}
