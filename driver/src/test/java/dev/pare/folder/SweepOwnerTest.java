package dev.pare.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepOwnerTest {
  @TempDir private Path folder;

  private SweepOwner own(String configuration) {
    return SweepOwner.of(
        new SweepFolder(folder.toUri().toString(), new Configuration()), configuration);
  }

  private Path file() {
    return folder.resolve("owner.json");
  }

  private void write(String host, long process, long renewedMillis) throws IOException {
    Files.writeString(
        file(),
        """
        {"run": "x", "host": "%s", "process": %d, "configuration": "ab", "startedMillis": 0,
         "renewedMillis": %d}"""
            .formatted(host, process, renewedMillis));
  }

  @Test
  void anotherConfigurationIsRefusedWhileTheOwnerLives() {
    try (SweepOwner owner = own("a")) {
      assertThatThrownBy(() -> own("b"))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining(folder.toString())
          .hasMessageContaining("process " + ProcessHandle.current().pid() + " on ")
          .hasMessageContaining(" since 20");
      assertThatCode(owner::checkNow).doesNotThrowAnyException();
    }
    assertThat(folder).isEmptyDirectory();
    own("b").close();
  }

  @Test
  void theSameConfigurationSharesTheFolder() {
    try (SweepOwner first = own("a")) {
      own("a").close();
      first.checkNow();
      assertThat(file()).exists();
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void anOwnerThatIsNotRenewedIsSucceeded() throws IOException {
    long now = System.currentTimeMillis();
    write("elsewhere", 1, now - 50_000);
    assertThatThrownBy(() -> own("b")).hasMessageContaining("process 1 on elsewhere");
    write("elsewhere", 1, now - 61_000);
    own("b").close();
    // A clock that was wrong keeps nobody out for ever.
    write("elsewhere", 1, now + 1_000_000);
    own("b").close();
    write("elsewhere", 1, now);
    String whole = Files.readString(file());
    for (String content :
        List.of(
            "half",
            "null",
            "",
            whole + "{}",
            whole.replace(": 1,", ": \"1\","),
            whole.replace(": 1,", ": 1.5,"),
            whole.replace(": 1,", ": null,"),
            whole.replace("\"elsewhere\"", "5"),
            whole.replace("\"startedMillis\": 0,", ""))) {
      Files.writeString(file(), content);
      own("b").close();
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void anOwnerWhoseProcessHasEndedHereIsSucceededAtOnce() throws Exception {
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    write(InetAddress.getLocalHost().getHostName(), ended.pid(), System.currentTimeMillis());

    own("b").close();

    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void anOwnerThatWasSucceededLearnsOfIt() throws IOException {
    SweepOwner owner = own("a");
    write("elsewhere", 1, System.currentTimeMillis());

    assertThatThrownBy(owner::checkNow).hasMessageContaining("process 1 on elsewhere");
    assertThatThrownBy(owner::check).hasMessageContaining("process 1 on elsewhere");
    owner.close();
    assertThat(file()).as("that of the other").exists();
  }

  @RepeatedTest(50)
  void ofManyAtOnceOneOwns() throws Exception {
    int drivers = 6;
    ExecutorService threads = Executors.newFixedThreadPool(drivers);
    CyclicBarrier start = new CyclicBarrier(drivers);
    List<Future<Optional<SweepOwner>>> all = new ArrayList<>();
    for (int i = 0; i < drivers; i++) {
      String configuration = String.valueOf(i);
      Callable<Optional<SweepOwner>> driver =
          () -> {
            start.await();
            try {
              return Optional.of(own(configuration));
            } catch (UncheckedIOException e) {
              return Optional.empty();
            }
          };
      all.add(threads.submit(driver));
    }
    List<SweepOwner> owners = new ArrayList<>();
    for (Future<Optional<SweepOwner>> one : all) {
      one.get().ifPresent(owners::add);
    }
    threads.shutdown();

    assertThat(owners).hasSize(1);
    owners.get(0).close();
  }
}
