package dev.pare.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.candidate.Sha256;
import dev.pare.candidate.StageKey;
import dev.pare.folder.References;
import dev.pare.folder.SweepFolder;
import dev.pare.pipeline.HadoopStageStore;
import dev.pare.pipeline.StageStore.Kind;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

class StoreCommandTest {
  private static final StageKey KEPT = new StageKey("a".repeat(64));
  private static final StageKey LOST = new StageKey("b".repeat(64));
  private static final StageKey RECENT = new StageKey("c".repeat(64));

  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path store;
  private Path sweep;

  private int run(String... args) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }

  @BeforeEach
  void fill() throws IOException {
    store = folder.resolve("store");
    sweep = Files.createDirectories(folder.resolve("sweeps/lenet"));
    note(sweep, KEPT);
    for (StageKey key : List.of(KEPT, LOST, RECENT)) {
      HadoopStageStore products = new HadoopStageStore(store.toString(), new Configuration());
      products.write(key, Kind.REPORT, "{}".getBytes(UTF_8));
      products.write(key, Kind.LOGITS, new byte[1000]);
    }
    Files.writeString(unfinished(KEPT), "half");
    Files.writeString(store.resolve("aa/notes.txt"), "of somebody");
    Files.writeString(Files.createDirectory(store.resolve("zz")).resolve(LOST.hex() + ".json"), "");
    for (Path file : files()) {
      if (!file.getFileName().toString().contains(RECENT.hex())) {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(8))));
      }
    }
  }

  private static void note(Path sweep, StageKey key) throws IOException {
    note(sweep, "sweep of " + key.hex(), List.of(key));
  }

  private static void note(Path sweep, String configuration, List<StageKey> keys)
      throws IOException {
    SweepFolder results = new SweepFolder(sweep.toString(), new Configuration());
    String digest = results.writeConfiguration(configuration);
    results.writeReferences(
        new References(Optional.of(digest), Map.of(), new LinkedHashSet<>(keys)));
  }

  /** Hadoop would find that the checksum differs before Pare sees the file. */
  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
  }

  private Path unfinished(StageKey key) {
    return store.resolve("aa/." + key.hex() + ".pare.12345678-1234-1234-1234-123456789abc");
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(store)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private List<String> names() throws IOException {
    return files().stream().map(file -> store.relativize(file).toString()).sorted().toList();
  }

  @Test
  void sweepsWithinSweepsAndDeepOnesAreHeeded() throws IOException {
    Path within = Files.createDirectories(sweep.resolve("seed-2"));
    note(within, LOST);
    Path deep = Files.createDirectories(folder.resolve("sweeps/team/best/net/run"));
    Files.writeString(deep.resolve("references.txt"), "not a key");
    String sweeps = folder.resolve("sweeps").toString();
    assertThat(run("store", "gc", store.toString(), "--ledger", sweeps)).isEqualTo(1);

    note(deep, RECENT);
    assertThat(run("store", "gc", store.toString(), "--ledger", sweeps)).isZero();
    assertThat(names()).contains(LOST.hex().substring(0, 2) + "/" + LOST.hex() + ".json");
  }

  /** Each way through ten links that lead back would be a folder: ten million in eight levels. */
  @Test
  @Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
  void linksThatLeadBackAreNotFollowedAgain() throws IOException {
    for (int i = 0; i < 10; i++) {
      Files.createSymbolicLink(folder.resolve("sweeps/l" + i), Path.of("."));
    }
    // Seen first where levels are left for it, though a link further down comes before it.
    Path far = Files.createDirectories(folder.resolve("far/1/2/3/4/5"));
    note(far, LOST);
    Path down = Files.createDirectories(folder.resolve("sweeps/a/b/c/d"));
    Files.createSymbolicLink(down.resolve("far"), folder.resolve("far"));
    Files.createSymbolicLink(folder.resolve("sweeps/z"), folder.resolve("far"));
    String sweeps = folder.resolve("sweeps").toString();

    assertThat(run("store", "gc", store.toString(), "--ledger", sweeps)).isZero();
    assertThat(names())
        .contains("aa/" + KEPT.hex() + ".json", "bb/" + LOST.hex() + ".json")
        .hasSize(8);
  }

  @Test
  void whatNoSweepRefersToGoesIfItIsOldAndNothingElse() throws IOException {
    assertThat(run("store", "gc", store.toString(), "--ledger", sweep.toString())).isZero();

    assertThat(names())
        .containsExactlyInAnyOrder(
            "aa/" + KEPT.hex() + ".json",
            "aa/" + KEPT.hex() + ".logits",
            "aa/notes.txt",
            "cc/" + RECENT.hex() + ".json",
            "cc/" + RECENT.hex() + ".logits",
            "zz/" + LOST.hex() + ".json");
    assertThat(out.toString().lines())
        .anyMatch(line -> line.matches("logits +1 file +1\\.02 KB"))
        .anyMatch(line -> line.matches("unfinished +1 file +4 B"))
        .anyMatch(line -> line.matches("freed +3 files +1\\.04 KB"));
  }

  @Test
  void ofYoungFilesOnlyThoseBeyondTheGivenAgeGo() throws IOException {
    assertThat(
            run(
                "store",
                "gc",
                store.toString(),
                "--ledger",
                folder.toString(),
                "--older-than",
                "0s"))
        .isZero();

    assertThat(names()).noneMatch(name -> name.startsWith("cc/"));
    assertThat(names()).contains("aa/" + KEPT.hex() + ".json");
  }

  @Test
  void aDryRunOnlyTells() throws IOException {
    List<String> before = names();

    assertThat(run("store", "gc", store.toString(), "--ledger", sweep.toString(), "--dry-run"))
        .isZero();

    assertThat(names()).isEqualTo(before);
    assertThat(out.toString()).contains("would free");
  }

  @Test
  void withoutALedgerNothingIsDone() throws IOException {
    List<String> before = names();

    assertThat(run("store", "gc", store.toString())).isEqualTo(2);
    assertThat(run("store", "gc", store.toString(), "--ledger", store.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("--ledger", "no sweep's results");
    write(sweep.resolve("references.txt"), "not a key");
    assertThat(run("store", "gc", store.toString(), "--ledger", sweep.toString())).isEqualTo(1);

    assertThat(names()).isEqualTo(before);
  }

  /** What is not in it would be deleted. */
  @Test
  void referencesThatMayHaveBeenCutAreRefused() throws IOException {
    List<String> before = names();
    Path references = sweep.resolve("references.txt");
    String keys = KEPT.hex() + "\n" + LOST.hex() + "\n";
    note(sweep, "c", List.of(KEPT, LOST));
    String whole = Files.readString(references);
    List<String> spoiled =
        new ArrayList<>(
            List.of(
                KEPT.hex() + "\nend 2\n",
                keys + "end 1\n",
                whole + keys,
                // As an earlier version wrote it: a changed key is not known.
                whole.replaceFirst("end 2 .*", "end 2"),
                whole.replaceFirst("bbbb", "bbab"),
                whole.replaceFirst("sweep.conf .*\n", "")));
    IntStream.range(0, whole.length()).forEach(end -> spoiled.add(whole.substring(0, end)));
    for (String text : spoiled) {
      write(references, text);
      assertThat(run("store", "gc", store.toString(), "--ledger", folder.toString()))
          .as(text)
          .isEqualTo(1);
      assertThat(err.toString()).contains(references + ": ");
      assertThat(names()).isEqualTo(before);
    }

    write(references, whole);
    Path other = Files.createDirectories(folder.resolve("sweeps/other"));
    Files.createDirectories(other.resolve("ledger"));
    Files.writeString(other.resolve("frontier.json"), "{}");
    assertThat(run("store", "gc", store.toString(), "--ledger", folder.toString())).isEqualTo(1);
    assertThat(err.toString())
        .contains(other + "/references.txt: there is no such file, though results of a sweep are");
    assertThat(names()).isEqualTo(before);
    note(other, RECENT);
    assertThat(run("store", "gc", store.toString(), "--ledger", folder.toString())).isZero();
  }

  /** All products of the sweep would go in its place. */
  @Test
  void referencesOfAnotherSweepAreRefused() throws IOException {
    List<String> before = names();
    Path other = Files.createDirectories(folder.resolve("sweeps/other"));
    note(other, LOST);
    Path references = sweep.resolve("references.txt");
    String own = Files.readString(references);
    write(references, Files.readString(other.resolve("references.txt")));

    assertThat(run("store", "gc", store.toString(), "--ledger", sweep.toString())).isEqualTo(1);
    assertThat(err.toString())
        .contains(
            references + ": is of another sweep than " + sweep.resolve("sweep.conf"),
            Sha256.hex(Files.readAllBytes(sweep.resolve("sweep.conf"))),
            Sha256.hex(Files.readAllBytes(other.resolve("sweep.conf"))));
    assertThat(names()).isEqualTo(before);

    // Of the same configuration, with other data.
    SweepFolder results = new SweepFolder(sweep.toString(), new Configuration());
    write(references, own);
    References its = References.of(results).orElseThrow();
    for (String name : List.of("frontier.json", "teacher.pare", "teacher.zip")) {
      Path file = Files.writeString(sweep.resolve(name), "own");
      String digest = Sha256.hex("other".getBytes(UTF_8));
      results.writeReferences(
          name.equals("frontier.json")
              ? its.withFrontiers(Set.of(digest))
              : new References(its.configuration(), Map.of(name, digest), its.keys()));
      assertThat(run("store", "gc", store.toString(), "--ledger", sweep.toString())).isEqualTo(1);
      assertThat(err.toString())
          .contains("is of another sweep than " + file + " beside it", digest);
      assertThat(names()).isEqualTo(before);
      Files.delete(file);
    }
    Files.delete(sweep.resolve("sweep.conf"));
    assertThat(run("store", "gc", store.toString(), "--ledger", sweep.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("there is no sweep.conf beside it");
    assertThat(names()).isEqualTo(before);
  }

  @Test
  void agesThatAreNoneAreRefused() {
    assertThat(
            run(
                "store",
                "gc",
                store.toString(),
                "--ledger",
                sweep.toString(),
                "--older-than",
                "soon"))
        .isEqualTo(2);
    assertThat(err.toString()).contains("\"soon\": must be a span of time, like 30m, 12h or 7d");
  }

  @Test
  void listCountsByKind() {
    assertThat(run("store", "list", store.toString())).isZero();

    assertThat(out.toString().lines())
        .anyMatch(line -> line.matches("logits +3 files +3\\.05 KB"))
        .anyMatch(line -> line.matches("report +3 files +57 B"))
        .anyMatch(line -> line.matches("all +7 files +3\\.11 KB"));
  }
}
