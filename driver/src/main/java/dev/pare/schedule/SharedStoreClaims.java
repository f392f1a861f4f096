package dev.pare.schedule;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pare.candidate.StageKey;
import dev.pare.data.FilePaths;
import dev.pare.pipeline.StrictJson;
import dev.pare.pipeline.WholeFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims in a store that several drivers use at the same time. A folder of the store has a file for
 * each claimed stage, which names the run that makes it, and the {@link DriverSign} of each run,
 * which its driver renews; what a dead driver had claimed is free.
 *
 * <p>Where the storage fails, or cannot create a file exclusively, as object stores cannot, both of
 * two drivers may go ahead.
 */
public final class SharedStoreClaims implements StageClaims {
  /** The folder within a store. */
  private static final String FOLDER = "claims";

  private static final Logger LOG = LoggerFactory.getLogger(SharedStoreClaims.class);
  private static final ObjectMapper JSON = StrictJson.mapper();
  private static final Pattern RUN = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  private static final Pattern CLAIM = Pattern.compile("[0-9a-f]{64}");
  private static final String SIGN = ".json";

  /** A store may be far away: many files at once. */
  private static final int THREADS = 16;

  private final Path folder;
  private final WholeFiles wholeFiles;
  private final FileSystem files;
  private final DriverSign own;
  private final Set<StageKey> held = ConcurrentHashMap.newKeySet();

  /** Of the runs that claims were seen of, until when they count as living without another look. */
  private final Map<String, Long> living = new ConcurrentHashMap<>();

  private final ScheduledExecutorService threads =
      Executors.newScheduledThreadPool(
          THREADS,
          runnable -> {
            Thread daemon = new Thread(runnable, "pare-claims");
            daemon.setDaemon(true);
            return daemon;
          });

  /**
   * Shows others that this driver lives from now on.
   *
   * @param store its folder
   * @param configuration of the sweep, for the sign of life
   * @throws UncheckedIOException if the storage fails
   */
  public SharedStoreClaims(String store, String configuration, Configuration hadoop) {
    this.folder = new Path(store, FOLDER);
    this.own = DriverSign.of(configuration);
    try {
      this.wholeFiles = new WholeFiles(folder, hadoop);
      this.files = wholeFiles.fileSystem();
      forgetDeadRuns();
      renew();
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": " + e.getMessage(), e);
    }
    threads.scheduleWithFixedDelay(
        this::keepRenewed,
        DriverSign.RENEWAL.toMillis(),
        DriverSign.RENEWAL.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  @Override
  public boolean areShared() {
    return true;
  }

  @Override
  public List<Boolean> take(List<List<StageKey>> groups) {
    List<Future<Boolean>> taken = new ArrayList<>();
    for (List<StageKey> group : groups) {
      taken.add(threads.submit(() -> takeWhole(sorted(group))));
    }
    List<Boolean> results = new ArrayList<>();
    for (Future<Boolean> one : taken) {
      try {
        results.add(one.get());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while claiming stages", e);
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      }
    }
    return results;
  }

  /** So that of two drivers that claim the same stages at once one gets them. */
  private static List<StageKey> sorted(List<StageKey> keys) {
    return keys.stream().sorted(Comparator.comparing(StageKey::hex)).toList();
  }

  private boolean takeWhole(List<StageKey> keys) {
    List<StageKey> taken = new ArrayList<>();
    for (StageKey key : keys) {
      try {
        if (!take(key)) {
          taken.forEach(held::remove);
          taken.forEach(this::forgetUnlessHeld);
          return false;
        }
        taken.add(key);
      } catch (IOException | FSError e) {
        LOG.warn("{} cannot be claimed and is made in any case: {}", claim(key), e.getMessage());
      }
    }
    return true;
  }

  private boolean take(StageKey key) throws IOException {
    Path claim = claim(key);
    Optional<String> run = read(claim);
    if (run.isPresent() && !run.get().equals(own.run())) {
      if (isAlive(run.get())) {
        return false;
      }
      files.delete(claim, false);
    }
    wholeFiles.create(claim, out -> out.write(own.run().getBytes(UTF_8)));
    Optional<String> there = read(claim);
    if (there.isEmpty() && files.exists(claim)) {
      throw new IOException("what lies there cannot be read");
    }
    // Another driver may have been faster.
    if (!there.equals(Optional.of(own.run()))) {
      return false;
    }
    held.add(key);
    return true;
  }

  @Override
  public void release(List<StageKey> keys) {
    keys.forEach(held::remove);
    threads.execute(() -> keys.forEach(this::forgetUnlessHeld));
  }

  /** It may have been claimed once more meanwhile, by others, too, if this driver was stopped. */
  private void forgetUnlessHeld(StageKey key) {
    if (!held.contains(key)) {
      forget(key);
    }
  }

  private void forget(StageKey key) {
    try {
      if (read(claim(key)).equals(Optional.of(own.run()))) {
        delete(claim(key));
      }
    } catch (IOException | FSError e) {
      LOG.warn("{} cannot be deleted: {}", claim(key), e.getMessage());
    }
  }

  private void delete(Path file) {
    try {
      files.delete(file, false);
    } catch (IOException e) {
      LOG.warn("{} cannot be deleted: {}", file, e.getMessage());
    }
  }

  private Path claim(StageKey key) {
    return new Path(folder, key.hex());
  }

  private Path signFile(String run) {
    return new Path(folder, run + SIGN);
  }

  private Optional<String> read(Path file) throws IOException {
    try (FSDataInputStream in = FilePaths.open(files, file)) {
      return Optional.of(new String(in.readAllBytes(), UTF_8));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /** What is no run's name was not written by one. */
  private boolean isAlive(String run) {
    if (!RUN.matcher(run).matches()) {
      return false;
    }
    long now = System.nanoTime();
    Long until = living.get(run);
    if (until != null && until - now > 0) {
      return true;
    }
    boolean alive = sign(run).map(DriverSign::lives).orElse(false);
    if (alive) {
      living.put(run, now + DriverSign.RENEWAL.toNanos());
    }
    return alive;
  }

  private Optional<DriverSign> sign(String run) {
    try {
      Optional<String> json = read(signFile(run));
      if (json.isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(StrictJson.read(JSON, json.get().getBytes(UTF_8), DriverSign.class))
          .filter(sign -> sign.run().equals(run));
    } catch (IOException e) {
      LOG.warn("{} cannot be read and counts for nothing: {}", signFile(run), e.getMessage());
      return Optional.empty();
    }
  }

  private void renew() throws IOException {
    wholeFiles.replace(
        signFile(own.run()), out -> out.write(JSON.writeValueAsBytes(own.renewed())));
  }

  private void keepRenewed() {
    try {
      renew();
    } catch (IOException | RuntimeException | FSError e) {
      LOG.warn("{} cannot be renewed: {}", signFile(own.run()), e.getMessage());
    }
  }

  /** Deletes what killed drivers have left. */
  private void forgetDeadRuns() throws IOException {
    FileStatus[] all;
    try {
      all = files.listStatus(folder);
    } catch (FileNotFoundException e) {
      return;
    }
    Set<String> dead = new HashSet<>();
    for (FileStatus status : all) {
      String name = status.getPath().getName();
      String run = name.endsWith(SIGN) ? name.substring(0, name.length() - SIGN.length()) : "";
      if (RUN.matcher(run).matches() && !isAlive(run)) {
        dead.add(run);
      }
    }
    for (FileStatus status : all) {
      if (CLAIM.matcher(status.getPath().getName()).matches()
          && !dead.isEmpty()
          && isOf(dead, status.getPath())) {
        delete(status.getPath());
      }
    }
    dead.forEach(run -> delete(signFile(run)));
  }

  private boolean isOf(Set<String> runs, Path claim) {
    try {
      return read(claim).filter(runs::contains).isPresent();
    } catch (IOException | FSError e) {
      LOG.warn("{} cannot be read and stays: {}", claim, e.getMessage());
      return false;
    }
  }

  @Override
  public void close() {
    // What was released is deleted yet, and the sign not renewed any more.
    threads.shutdown();
    boolean interrupted = Thread.interrupted();
    try {
      threads.awaitTermination(DriverSign.STALE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    held.forEach(this::forget);
    delete(signFile(own.run()));
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
