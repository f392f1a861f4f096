package dev.pare.schedule;

import dev.pare.artifact.ArtifactWriter;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.candidate.Spelling;
import dev.pare.candidate.Task;
import dev.pare.data.DataException;
import dev.pare.data.FilePaths;
import dev.pare.data.NotAFileException;
import dev.pare.data.TrainingData;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.InputShape;
import dev.pare.train.ImportedNetwork;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A teacher or another network from a file, of Pare or of another library. */
final class TeacherFile {
  /** The setting that names a teacher's file. */
  static final String SETTING = "teacher.model";

  private TeacherFile() {}

  /**
   * The network of a file, compared with its own library.
   *
   * @param setting that names the file
   * @throws DataException if it cannot be used for the data
   */
  static ImportedNetwork network(
      String setting, String model, byte[] file, InputShape input, TrainingData data) {
    try {
      ImportedNetwork read = TeacherFormats.of(file).read(file, input, data);
      check(read.network().architecture(), data);
      // The store would not take it, whatever its own library makes of it.
      ArtifactWriter.check(CompressedNetwork.of(read.network()));
      return read;
    } catch (RuntimeException e) {
      throw new DataException(setting + " = " + model + ": " + e.getMessage());
    }
  }

  /**
   * The revision of the reader of a file.
   *
   * @throws DataException if no format has such files
   */
  static int revision(String setting, String model, byte[] file) {
    try {
      return TeacherFormats.of(file).revision();
    } catch (IllegalArgumentException e) {
      throw new DataException(setting + " = " + model + ": " + e.getMessage());
    }
  }

  private static void check(Architecture network, TrainingData data) {
    Task task = data.train().task();
    Activation output = network.output();
    boolean softmax = output == Activation.SOFTMAX;
    boolean dense = network.layers().get(network.layers().size() - 1).whole() instanceof Dense;
    // Logits are what a softmax would read, and what any other last layer makes.
    boolean logits = softmax || output == Activation.IDENTITY || !dense;
    if (task == Task.CLASSIFICATION ? !logits : softmax) {
      throw new IllegalArgumentException(
          "ends with %s, but data.task = %s needs %s"
              .formatted(
                  Spelling.of(output),
                  task,
                  softmax ? "outputs without a softmax" : "a softmax or logits"));
    }
    if (network.outputs() != data.outputs()) {
      throw new IllegalArgumentException(
          network.outputs()
              + " outputs for "
              + switch (task) {
                case CLASSIFICATION -> data.outputs() + " classes";
                case REGRESSION -> "targets of " + data.outputs();
                case RECONSTRUCTION -> data.outputs() + " features";
              });
    }
  }

  /** A teacher's file, with what it has beside it. */
  static byte[] read(String key, String model, Configuration hadoop) {
    String setting = key + " = " + model + ": ";
    try {
      Path path = new Path(model);
      FileSystem fileSystem = path.getFileSystem(hadoop);
      if (fileSystem.getFileStatus(path).isDirectory()) {
        List<String> files =
            Stream.of(fileSystem.listStatus(path)).map(file -> file.getPath().getName()).toList();
        throw new DataException(setting + TeacherFormats.ofFolder(files::contains));
      }
      byte[] file;
      try (FSDataInputStream in = FilePaths.open(fileSystem, path)) {
        file = in.readAllBytes();
      }
      return TeacherFormats.of(file).complete(file, path, hadoop);
    } catch (FileNotFoundException e) {
      throw new DataException(setting + "no such file");
    } catch (IllegalArgumentException | NotAFileException e) {
      throw new DataException(setting + e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(setting + e.getMessage(), e);
    }
  }
}
