package dev.pare.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class TroubleTest {
  @Test
  void storageIsToldFromMemoryAndTheRest() {
    assertThat(Trouble.of(new IOException("disk"), "1@a").kind()).isEqualTo(Trouble.Kind.STORAGE);
    assertThat(Trouble.of(new OutOfMemoryError("heap"), "1@a").kind())
        .isEqualTo(Trouble.Kind.MEMORY);
    assertThat(Trouble.of(new OutOfMemoryError("heap"), "1@a").message())
        .contains("OutOfMemoryError: heap", "PARE_MEMORY", "slots");
    assertThat(Trouble.of(new NoClassDefFoundError("x"), "1@a").kind())
        .isEqualTo(Trouble.Kind.OTHER);
  }

  @Test
  void whatIsWrappedIsSeen() {
    Trouble trouble =
        Trouble.of(
            new CompletionException(
                new UncheckedIOException("file:/a: gone", new FileNotFoundException("gone"))),
            "1@a");

    assertThat(trouble.kind()).isEqualTo(Trouble.Kind.STORAGE);
    assertThat(trouble.executor()).isEqualTo("1@a");
  }

  @Test
  void messagesAreOneLineAndNameTheFile() {
    UncheckedIOException full =
        new UncheckedIOException("file:/a: no space left", new IOException("no space left"));

    assertThat(Trouble.of(full, "1@a").message()).isEqualTo("file:/a: no space left");
    assertThat(Trouble.of(new OutOfMemoryError("heap"), "1@a").message())
        .contains("OutOfMemoryError: heap", "PARE_MEMORY", "slots");
    assertThat(Trouble.of(new NoClassDefFoundError("org/x\nmore"), "1@a").message())
        .isEqualTo("java.lang.NoClassDefFoundError: org/x");
  }
}
