package dev.pare.ledger;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageKey;
import dev.pare.data.FilePaths;
import dev.pare.pipeline.WholeFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledger of a sweep while it runs: the outcomes there are, and of the candidates that have none
 * yet the ones that an earlier run came to. Candidates that the sweep no longer has are left out.
 *
 * <p>It is one Parquet file that is replaced as a whole, without a Spark job: whoever reads it, at
 * any time and after any crash, finds each candidate once at most. A reader who has looked at the
 * old file and opens the new one fails, and has to look again.
 *
 * <p>Any thread may add, one at a time writes.
 */
public final class RunningLedger {
  private static final Logger LOG = LoggerFactory.getLogger(RunningLedger.class);

  private static final String FILE = "ledger.parquet";
  private static final ParquetRows ROWS = new ParquetRows(Ledger.SCHEMA);
  private static final Map<String, String> METADATA =
      Map.of("org.apache.spark.sql.parquet.row.metadata", Ledger.SCHEMA.json());

  private final Path folder;
  private final Configuration hadoop;
  private final Set<StageKey> candidates = new LinkedHashSet<>();
  private final Map<StageKey, LedgerEntry> entries = new HashMap<>();
  private final Object writing = new Object();
  private boolean changed;

  /** What there is to be written. */
  private record Content(List<StageKey> order, Map<StageKey, LedgerEntry> entries) {}

  /**
   * A ledger of no candidates yet.
   *
   * @param folder any Hadoop path
   */
  public RunningLedger(String folder, Configuration hadoop) {
    this.folder = new Path(folder);
    this.hadoop = requireNonNull(hadoop, "hadoop is null");
  }

  /**
   * Makes room for more candidates of the sweep.
   *
   * @param keys of them, whose rows follow those of before in this order
   */
  public synchronized void expect(Collection<StageKey> keys) {
    candidates.addAll(keys);
  }

  /** Takes an outcome, in place of an earlier one. */
  public synchronized void add(Candidate candidate, Outcome outcome) {
    if (!candidates.contains(outcome.key())) {
      throw new IllegalArgumentException(candidate.label() + " is no candidate of this sweep");
    }
    entries.put(outcome.key(), LedgerEntry.of(candidate, outcome));
    changed = true;
  }

  /** The outcomes there are, in the order of {@link #expect}. */
  public synchronized List<LedgerEntry> entries() {
    List<LedgerEntry> ordered = new ArrayList<>(entries.size());
    for (StageKey key : candidates) {
      LedgerEntry entry = entries.get(key);
      if (entry != null) {
        ordered.add(entry);
      }
    }
    return ordered;
  }

  /**
   * Writes what was added since it was last written.
   *
   * @return whether anything was
   * @throws UncheckedIOException if the storage fails; all is tried again with the next writing
   */
  public boolean write() {
    synchronized (writing) {
      Content content = takeChanged();
      if (content.entries.isEmpty()) {
        return false;
      }
      boolean written = false;
      try {
        WholeFiles wholeFiles = new WholeFiles(folder, hadoop);
        FileSystem files = wholeFiles.fileSystem();
        wholeFiles.replace(new Path(folder, FILE), out -> writeTo(out, files, content));
        written = true;
        return true;
      } catch (IOException e) {
        throw new UncheckedIOException(folder + ": " + e.getMessage(), e);
      } finally {
        if (!written) {
          synchronized (this) {
            changed = true;
          }
        }
      }
    }
  }

  private synchronized Content takeChanged() {
    if (!changed) {
      return new Content(List.of(), Map.of());
    }
    changed = false;
    return new Content(List.copyOf(candidates), new HashMap<>(entries));
  }

  private void writeTo(OutputStream out, FileSystem files, Content content) throws IOException {
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new StreamedFile(out))
            .withType(ROWS.layout())
            .withExtraMetaData(METADATA)
            .withCompressionCodec(CompressionCodecName.SNAPPY)
            .withConf(hadoop)
            .build()) {
      for (StageKey key : content.order) {
        LedgerEntry entry = content.entries.get(key);
        if (entry != null) {
          writer.write(ROWS.group(Ledger.row(entry)));
        }
      }
      if (content.entries.size() < content.order.size()) {
        keepEarlier(files, content, writer);
      }
    }
    for (Path other : earlier(files)) {
      // Its rows would be seen twice.
      if (!other.getName().equals(FILE)) {
        files.delete(other, false);
      }
    }
  }

  private void keepEarlier(FileSystem files, Content content, ParquetWriter<Group> writer)
      throws IOException {
    Set<String> missing = new HashSet<>();
    for (StageKey key : content.order) {
      if (!content.entries.containsKey(key)) {
        missing.add(key.hex());
      }
    }
    for (Path file : earlier(files)) {
      if (FilePaths.isStream(files, file)) {
        LOG.warn("{} is a pipe or a device and is left out of the new ledger", file);
        continue;
      }
      try (ParquetReader<Group> reader =
          ParquetReader.builder(new GroupReadSupport(), file).withConf(hadoop).build()) {
        for (Group row = reader.read(); row != null; row = reader.read()) {
          if (!row.getType().equals(ROWS.layout())) {
            // Of another version of Pare: what is in the store comes back as its outcomes are
            // found.
            break;
          }
          if (missing.remove(row.getString("key", 0))) {
            writer.write(row);
          }
        }
      } catch (RuntimeException e) {
        LOG.warn("{} cannot be read and is left out of the new ledger: {}", file, e.toString());
      }
    }
  }

  private List<Path> earlier(FileSystem files) throws IOException {
    return files.exists(folder)
        ? Ledger.files(folder, hadoop).stream().map(FileStatus::getPath).toList()
        : List.of();
  }
}
