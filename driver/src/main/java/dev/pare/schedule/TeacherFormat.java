package dev.pare.schedule;

import dev.pare.data.TrainingData;
import dev.pare.graph.InputShape;
import dev.pare.train.ImportedNetwork;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A kind of file that trained networks come in, known by what it holds, not by its name. Formats
 * are found by {@link java.util.ServiceLoader}: one class with a public constructor, and a line in
 * {@code META-INF/services/dev.pare.schedule.TeacherFormat}.
 *
 * <p>Stateless. Files come from outside: no length that one declares is trusted before the bytes
 * are there.
 */
public interface TeacherFormat {
  /** What messages call a file of it, with an article. */
  String title();

  /** Whether a file is of this kind, by its first bytes or its structure. */
  boolean recognizes(byte[] file);

  /**
   * Part of the keys of all that comes of a network, and so changes whenever some file is read as
   * another network than before, or is refused: what a store has of it is not used any more.
   */
  default int revision() {
    return 0;
  }

  /** Makes one file of a file and others that lie beside it. */
  default byte[] complete(byte[] file, Path path, Configuration hadoop) {
    return file;
  }

  /**
   * Reads a network.
   *
   * @param input what the data are
   * @param data to compare the network on
   * @return the network, and how its outputs differ from its own library's, if it has one
   * @throws IllegalArgumentException saying why it cannot be used
   */
  ImportedNetwork read(byte[] file, InputShape input, TrainingData data);
}
