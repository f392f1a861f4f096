package dev.pare.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class TransientFailureTest {
  @Test
  void storageIsToldFromMemoryAndTheRest() {
    assertThat(TransientFailure.of(new IOException("disk"), "1@a").kind())
        .isEqualTo(TransientFailure.Kind.STORAGE);
    assertThat(TransientFailure.of(new OutOfMemoryError("heap"), "1@a").kind())
        .isEqualTo(TransientFailure.Kind.MEMORY);
    assertThat(TransientFailure.of(new OutOfMemoryError("heap"), "1@a").message())
        .contains("OutOfMemoryError: heap", "PARE_MEMORY", "slots");
    assertThat(TransientFailure.of(new NoClassDefFoundError("x"), "1@a").kind())
        .isEqualTo(TransientFailure.Kind.OTHER);
  }

  @Test
  void whatIsWrappedIsSeen() {
    TransientFailure failure =
        TransientFailure.of(
            new CompletionException(
                new UncheckedIOException("file:/a: gone", new FileNotFoundException("gone"))),
            "1@a");

    assertThat(failure.kind()).isEqualTo(TransientFailure.Kind.STORAGE);
    assertThat(failure.executor()).isEqualTo("1@a");
  }

  @Test
  void messagesAreOneLineAndNameTheFile() {
    UncheckedIOException full =
        new UncheckedIOException("file:/a: no space left", new IOException("no space left"));

    assertThat(TransientFailure.of(full, "1@a").message()).isEqualTo("file:/a: no space left");
    assertThat(TransientFailure.of(new OutOfMemoryError("heap"), "1@a").message())
        .contains("OutOfMemoryError: heap", "PARE_MEMORY", "slots");
    assertThat(TransientFailure.of(new NoClassDefFoundError("org/x\nmore"), "1@a").message())
        .isEqualTo("java.lang.NoClassDefFoundError: org/x");
  }
}
