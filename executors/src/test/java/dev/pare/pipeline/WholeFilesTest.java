package dev.pare.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
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
