package dev.pare.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFilesTest {
  @TempDir private Path folder;

  private Path file;
  private org.apache.hadoop.fs.Path path;
  private WholeFiles whole;

  @BeforeEach
  void open() throws IOException {
    file = folder.resolve("file");
    path = new org.apache.hadoop.fs.Path(file.toUri());
    whole = new WholeFiles(path, new Configuration());
  }

  private WholeFiles.Content slow(String text, String meanwhile) {
    return out -> {
      Files.writeString(file, meanwhile);
      out.write(text.getBytes(UTF_8));
    };
  }

  @Test
  void aFileThatComesMeanwhileStaysUnlessItIsToBeReplaced() throws IOException {
    whole.create(path, slow("second", "first"));
    assertThat(folder).isDirectoryContaining("glob:**/file");
    assertThat(file).hasContent("first");

    whole.replace(path, slow("fourth", "third"));
    assertThat(file).hasContent("fourth");
    assertThat(folder.toFile().list()).containsExactly("file");
  }

  /** Writes a file below folders that are not there; in a process with a umask of its own. */
  static final class WriteOne {
    private WriteOne() {}

    public static void main(String[] arguments) throws IOException {
      org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(arguments[0]);
      new WholeFiles(path, new Configuration()).replace(path, out -> out.write(1));
    }
  }

  @Test
  void theUmaskHoldsForFilesAndFolders() throws Exception {
    for (String umask : new String[] {"077", "000"}) {
      Path written = folder.resolve(umask + "/store/ab/file");
      Process process =
          new ProcessBuilder(
                  "bash",
                  "-c",
                  "umask " + umask + " && exec \"$0\" -cp \"$1\" \"$2\" \"$3\"",
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  System.getProperty("java.class.path"),
                  WriteOne.class.getName(),
                  written.toUri().toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor()).as(said).isZero();
      int mask = Integer.parseInt(umask, 8);
      assertThat(Files.getAttribute(written, "unix:mode")).isEqualTo(0100000 | (0666 & ~mask));
      for (Path parent = written.getParent();
          !folder.equals(parent);
          parent = java.util.Objects.requireNonNull(parent).getParent()) {
        assertThat(Files.getAttribute(parent, "unix:mode")).isEqualTo(0040000 | (0777 & ~mask));
      }
    }
  }

  @Test
  void aFolderInTheFilesPlaceIsNamedAndStaysEmpty() throws IOException {
    Files.createDirectory(file);

    assertThatIOException()
        .isThrownBy(() -> whole.replace(path, out -> out.write(1)))
        .withMessageContaining(file.toString())
        .withMessageContaining("directory");
    assertThat(file).isEmptyDirectory();
    assertThat(folder.toFile().list()).containsExactly("file");
  }

  @Test
  void anErrorOfALocalDiskIsAnExceptionLikeAnyOther() throws IOException {
    FileSystem local = FileSystem.getLocal(new Configuration()).getRaw();

    assertThatIOException()
        .isThrownBy(
            () ->
                whole.replace(
                    path,
                    out -> {
                      // Hadoop throws an error, not an exception.
                      try (OutputStream full =
                          local.create(new org.apache.hadoop.fs.Path("/dev/full"), true)) {
                        full.write(1);
                      }
                    }))
        .withMessage("No space left on device");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void nothingIsLeftOfAFileThatCannotBeFinished() throws IOException {
    assertThatIOException()
        .isThrownBy(
            () ->
                whole.create(
                    path,
                    out -> {
                      out.write(1);
                      throw new IOException("no more");
                    }));
    assertThat(folder).isEmptyDirectory();
    whole.create(path, out -> out.write("whole".getBytes(UTF_8)));
    assertThat(file).hasContent("whole");
    assertThat(folder.toFile().list()).containsExactly("file");
  }
}
