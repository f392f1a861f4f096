package dev.pare.ledger;

import static dev.pare.SampleCandidates.candidate;
import static dev.pare.SampleCandidates.measurement;
import static dev.pare.SampleCandidates.provenance;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.LocalSpark;
import dev.pare.candidate.Candidate;
import dev.pare.candidate.Failure;
import dev.pare.candidate.FailureCode;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.StageSettings.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

class RunningLedgerTest {
  private static final StageKey KEY = new StageKey("a".repeat(64));
  private static final Candidate CANDIDATE = candidate(0.9, 4);
  private static final Outcome MEASURED =
      new Outcome.Measured(
          KEY, measurement(500), Map.of("prune", 8.0, "encode", 0.5), provenance("1@host"));

  private static SparkSession spark;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    spark = LocalSpark.open(2);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private String path() {
    return folder.resolve("ledger").toString();
  }

  private RunningLedger ledger(Collection<StageKey> candidates) {
    RunningLedger ledger = new RunningLedger(path(), new Configuration());
    ledger.expect(candidates);
    return ledger;
  }

  private List<Row> rows() {
    return Ledger.read(spark, path()).collectAsList();
  }

  private List<Row> written(Map<Candidate, Outcome> outcomes) {
    RunningLedger ledger = ledger(outcomes.values().stream().map(Outcome::key).toList());
    outcomes.forEach(ledger::add);
    ledger.write();
    return rows();
  }

  private static StageKey key(int number) {
    return new StageKey(String.format("%064x", number));
  }

  private static Outcome measured(int number) {
    return new Outcome.Measured(
        key(number), measurement(500 + number), Map.of("prune", 8.0), provenance("1@host"));
  }

  private static Outcome failed(int number) {
    return new Outcome.Failed(
        key(number), new Failure(FailureCode.INTERNAL, Kind.PRUNE, "gone"), provenance("0@host"));
  }

  private static <T> T value(Row row, String column) {
    return row.getAs(column);
  }

  @Test
  void aFolderMayBeNamedLikeAPattern() {
    String odd = folder.resolve("run[1]*/ledger").toString();
    RunningLedger ledger = new RunningLedger(odd, new Configuration());
    ledger.expect(List.of(KEY));
    ledger.add(CANDIDATE, MEASURED);
    ledger.write();

    assertThat(Ledger.read(spark, odd).collectAsList()).hasSize(1);
  }

  @Test
  void aMeasuredCandidateComesBackWhole() {
    List<Row> rows = written(Map.of(CANDIDATE, MEASURED));

    assertThat(rows).hasSize(1);
    Row row = rows.get(0);
    assertThat((String) value(row, "candidate")).isEqualTo("bits=4 sparsity=0.9");
    assertThat((String) value(row, "key")).isEqualTo(KEY.hex());
    assertThat(row.<String, String>getJavaMap(row.fieldIndex("point")))
        .containsOnly(Map.entry("bits", "4"), Map.entry("sparsity", "0.9"));
    assertThat(row.<String>getList(row.fieldIndex("stages"))).hasSize(3);
    assertThat(
            Stream.of("header", "index", "value", "codebook", "bias")
                .mapToLong(part -> value(row, part + "_bytes"))
                .sum())
        .isEqualTo(500)
        .isEqualTo((long) value(row, "bytes"));
    assertThat((long) value(row, "bytes_with_origin")).isEqualTo(500);
    assertThat((long) value(row, "bytes_without_origin")).isEqualTo(507);
    assertThat((double) value(row, "ratio")).isEqualTo(8);
    assertThat((long) value(row, "nonzero_weights")).isEqualTo(100);
    assertThat((long) value(row, "validation_correct")).isEqualTo(9);
    assertThat((double) value(row, "validation_accuracy")).isEqualTo(0.9);
    assertThat((double) value(row, "validation_low"))
        .isLessThan(0.9)
        .isLessThan(value(row, "validation_high"));
    assertThat((byte[]) value(row, "validation_bits")).containsExactly(0xFF, 0x01);
    assertThat(row.<String, Double>getJavaMap(row.fieldIndex("seconds")))
        .containsOnly(Map.entry("prune", 8.0), Map.entry("encode", 0.5));
    assertThat((long) value(row, "seed")).isEqualTo(7);
    assertThat((String) value(row, "executor")).isEqualTo("1@host");
    assertThat((String) value(row, "failure")).isNull();
  }

  @Test
  void aFailedCandidateHasItsReasonAndNoMeasurement() {
    Outcome failed =
        new Outcome.Failed(
            KEY,
            new Failure(FailureCode.TRAINING_DIVERGED, Kind.PRUNE, "loss is NaN"),
            provenance("0@host"));

    Row row = written(Map.of(CANDIDATE, failed)).get(0);

    assertThat((String) value(row, "failure")).isEqualTo("TRAINING_DIVERGED");
    assertThat((long) value(row, "failure_number")).isEqualTo(100);
    assertThat((String) value(row, "failure_stage")).isEqualTo("PRUNE");
    assertThat((String) value(row, "failure_message")).isEqualTo("loss is NaN");
    for (String column :
        List.of(
            "bytes",
            "bytes_without_origin",
            "sha256",
            "ratio",
            "validation_accuracy",
            "validation_bits")) {
      assertThat(row.isNullAt(row.fieldIndex(column))).as(column).isTrue();
    }
    assertThat((String) value(row, "executor")).isEqualTo("0@host");
  }

  @Test
  void entriesReadBackAreWhatWasWritten() {
    written(Map.of(CANDIDATE, measured(1)));
    assertThat(LedgerEntries.read(spark, path()))
        .containsExactly(LedgerEntry.of(CANDIDATE, measured(1)));

    written(Map.of(CANDIDATE, failed(1)));
    assertThat(LedgerEntries.read(spark, path()))
        .containsExactly(LedgerEntry.of(CANDIDATE, failed(1)));
  }

  /** Before Spark reads it, whose tasks would print stack traces. */
  @Test
  void damageIsToldByTheFilesName() throws IOException {
    written(Map.of(CANDIDATE, MEASURED));
    Path file = folder.resolve("ledger/ledger.parquet");
    byte[] whole = Files.readAllBytes(file);
    Files.deleteIfExists(folder.resolve("ledger/.ledger.parquet.crc"));
    byte[] pages = whole.clone();
    Arrays.fill(pages, 4, 200, (byte) 0x5A);
    for (byte[] damaged : List.of(Arrays.copyOf(whole, whole.length / 2), new byte[0], pages)) {
      Files.write(file, damaged);
      assertThatThrownBy(() -> LedgerEntries.read(spark, path()))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("ledger.parquet: is damaged, or no ledger: ");
    }
  }

  @Test
  @Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
  void aPipeInPlaceOfALedgerIsRefusedAndReplaced() throws IOException, InterruptedException {
    Path pipe = Files.createDirectories(folder.resolve("ledger")).resolve("ledger.parquet");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();

    assertThatThrownBy(() -> LedgerEntries.read(spark, path()))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageEndingWith("ledger/ledger.parquet: is a pipe or a device, not a file");

    RunningLedger ledger = ledger(List.of(key(1), key(2)));
    ledger.add(candidate(0.9, 1), measured(1));
    ledger.write();
    assertThat(LedgerEntries.read(spark, path())).hasSize(1);
  }

  /** Spark would go round through the links until the system ends it. */
  @Test
  @Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
  void whatIsWithinFoldersOfALedgerIsNoneOfItsRows() throws IOException {
    written(Map.of(CANDIDATE, MEASURED));
    for (int i = 0; i < 6; i++) {
      Files.createSymbolicLink(folder.resolve("ledger/l" + i), Path.of("."));
    }
    assertThat(LedgerEntries.read(spark, path())).hasSize(1);
  }

  @Test
  void aLedgerWithoutFilesHasNoRows() throws IOException {
    Files.createDirectories(folder.resolve("ledger"));

    assertThat(rows()).isEmpty();
    assertThat(Ledger.read(spark, path()).columns()).isEqualTo(Ledger.SCHEMA.names());
  }

  @Test
  void bytesThatAreNotTheirPartsSumAreDamage() {
    written(Map.of(CANDIDATE, MEASURED));
    String other = folder.resolve("other").toString();
    spark.read().parquet(path()).withColumn("bytes", lit(7L)).write().parquet(other);

    assertThatThrownBy(() -> LedgerEntries.read(spark, other))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageStartingWith(other + ": is damaged, or no ledger: bytes = 7, but its parts");
  }

  @Test
  void aFooterThatPromisesMoreThanTheFileHasIsDamage() throws IOException {
    written(Map.of(CANDIDATE, MEASURED));
    Path file = folder.resolve("ledger/ledger.parquet");
    byte[] whole = Files.readAllBytes(file);
    Files.deleteIfExists(folder.resolve("ledger/.ledger.parquet.crc"));
    refuses(
        file,
        withFooter(
            whole,
            group ->
                group
                    .getColumns()
                    .forEach(
                        chunk -> chunk.getMeta_data().setTotal_compressed_size(2_000_000_000))),
        "are not within the file of");
    refuses(
        file,
        withFooter(whole, group -> group.setNum_rows(2_000_000_000)),
        "a group of 2000000000 rows after 0: must be at most");
    Files.write(file, withFooter(whole, group -> {}));
    assertThat(LedgerEntries.read(spark, path())).hasSize(1);
  }

  private void refuses(Path file, byte[] bytes, String problem) throws IOException {
    Files.write(file, bytes);
    assertThatThrownBy(() -> LedgerEntries.read(spark, path()))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("ledger.parquet: is damaged, or no ledger: ")
        .hasMessageContaining(problem);
  }

  private static byte[] withFooter(byte[] file, Consumer<RowGroup> change) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int length = bytes.getInt(file.length - 8);
    int start = file.length - 8 - length;
    FileMetaData footer = Util.readFileMetaData(new ByteArrayInputStream(file, start, length));
    footer.getRow_groups().forEach(change);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(file, 0, start);
    Util.writeFileMetaData(footer, out);
    int written = out.size() - start;
    out.write(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(written).array());
    out.writeBytes("PAR1".getBytes(StandardCharsets.US_ASCII));
    return out.toByteArray();
  }

  @Test
  void aLedgerFromBeforeLayersWereKeptIsReadWithoutThem() {
    written(Map.of(CANDIDATE, MEASURED));
    String old = folder.resolve("old").toString();
    spark.read().parquet(path()).drop("layers").write().parquet(old);

    assertThat(LedgerEntries.read(spark, old))
        .extracting(entry -> ((Outcome.Measured) entry.outcome()).measurement().layers())
        .containsExactly(List.of());
  }

  @Test
  void aColumnOfAnEarlierNameIsReadUnderTodays() {
    written(Map.of(CANDIDATE, MEASURED));
    String old = folder.resolve("old").toString();
    spark
        .read()
        .parquet(path())
        .withColumnRenamed("effective_multiply_adds", "multiply_adds_effective")
        .write()
        .parquet(old);

    assertThat(Ledger.read(spark, old).collectAsList()).isEqualTo(rows());
    assertThat(Ledger.read(spark, old).schema()).isEqualTo(Ledger.read(spark, path()).schema());
    assertThat(LedgerEntries.read(spark, old)).isEqualTo(LedgerEntries.read(spark, path()));
  }

  @Test
  void rowsAreInTheOrderOfTheCandidatesWhateverTheOrderOfTheirEnds() {
    RunningLedger ledger = ledger(List.of(key(3), key(1), key(2)));
    for (int number : new int[] {2, 3, 1}) {
      ledger.add(candidate(0.9, number), measured(number));
    }
    ledger.write();

    assertThat(rows())
        .extracting(row -> value(row, "key"))
        .containsExactly(key(3).hex(), key(1).hex(), key(2).hex());
  }

  @Test
  void whileASweepRunsItsLedgerHasWhatEndedAndWhatAnEarlierRunCameTo() {
    written(Map.of(candidate(0.8, 4), measured(1), candidate(0.9, 4), failed(2)));
    RunningLedger larger = ledger(List.of(key(1), key(2), key(3)));
    larger.add(candidate(0.95, 4), measured(3));
    larger.write();

    assertThat(rows())
        .extracting(row -> value(row, "key"))
        .containsExactlyInAnyOrder(key(1).hex(), key(2).hex(), key(3).hex());

    larger.add(candidate(0.9, 4), measured(2));
    larger.write();

    assertThat(rows()).hasSize(3).allMatch(row -> value(row, "failure") == null);
  }

  @Test
  void candidatesThatAreNoMoreGo() {
    written(Map.of(candidate(0.8, 4), measured(1), candidate(0.9, 4), measured(2)));

    assertThat(written(Map.of(candidate(0.9, 4), measured(2))))
        .extracting(row -> value(row, "key"))
        .containsExactly(key(2).hex());
  }

  @Test
  void anOutcomeTakesTheEarlierOnesPlace() {
    RunningLedger ledger = ledger(List.of(key(1)));
    ledger.add(CANDIDATE, failed(1));
    ledger.write();
    ledger.add(CANDIDATE, measured(1));
    ledger.write();

    assertThat(rows()).singleElement().matches(row -> value(row, "failure") == null);
  }

  @Test
  void partsOfOtherWritersAreTakenOverAndNeverSeenTwice() throws IOException {
    written(Map.of(CANDIDATE, measured(1)));
    spark.read().parquet(path()).write().mode("append").parquet(path());

    RunningLedger ledger = ledger(List.of(key(1), key(2)));
    ledger.add(candidate(0.8, 4), measured(2));
    ledger.write();

    assertThat(rows())
        .extracting(row -> value(row, "key"))
        .containsExactlyInAnyOrder(key(1).hex(), key(2).hex());
    assertThat(visible()).containsExactly("ledger.parquet");
  }

  @Test
  void aLedgerThatIsNoneIsReplaced() throws IOException {
    Files.createDirectories(folder.resolve("ledger"));
    Files.writeString(folder.resolve("ledger/ledger.parquet"), "half of a le");

    RunningLedger ledger = ledger(List.of(key(1), key(2)));
    ledger.add(CANDIDATE, measured(1));
    ledger.write();

    assertThat(rows()).hasSize(1);
  }

  @Test
  void nothingIsWrittenWhereNothingWasAdded() throws IOException {
    ledger(List.of(key(1))).write();

    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void whoeverReadsWhileItIsWrittenFindsEachCandidateOnce() throws Exception {
    List<StageKey> keys = IntStream.range(0, 40).mapToObj(RunningLedgerTest::key).toList();
    RunningLedger ledger = ledger(keys);
    ledger.add(candidate(0.9, 1), measured(0));
    ledger.write();
    Thread writer =
        new Thread(
            () -> {
              for (int i = 1; i < 40; i++) {
                ledger.add(candidate(0.9, 1 + i % 8), measured(i));
                ledger.write();
              }
            });
    writer.start();
    long before = 0;
    while (writer.isAlive()) {
      try {
        List<String> seen = read();
        assertThat(seen).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo((int) before);
        before = seen.size();
      } catch (IOException | RuntimeException e) {
        // It had looked at the old file and opened the new one.
      }
    }
    writer.join();

    assertThat(read()).hasSize(40);
    assertThat(visible()).containsExactly("ledger.parquet");
  }

  /** Without Spark, whose readers list the folder first and find a file gone that was replaced. */
  private List<String> read() throws IOException {
    List<String> keys = new ArrayList<>();
    try (ParquetReader<Group> reader =
        ParquetReader.builder(
                new GroupReadSupport(), new org.apache.hadoop.fs.Path(path(), "ledger.parquet"))
            .build()) {
      for (Group row = reader.read(); row != null; row = reader.read()) {
        keys.add(row.getString("key", 0));
      }
    }
    return keys;
  }

  private List<String> visible() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("ledger"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.startsWith(".") && !name.startsWith("_"))
          .toList();
    }
  }
}
