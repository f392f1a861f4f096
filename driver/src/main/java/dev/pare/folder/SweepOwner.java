package dev.pare.folder;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pare.pipeline.StrictJson;
import dev.pare.schedule.DriverSign;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A driver's hold on the folder of its results: {@code owner.json} there says who writes into it,
 * and is renewed while that driver lives. Drivers with the same configuration write the same
 * results, and share the folder; one with another configuration is refused until the file is gone
 * or has not been renewed for {@link DriverSign#STALE}, or its process has ended on this host.
 *
 * <p>Two drivers that start at the same moment may both find no owner on a storage that cannot
 * create a file exclusively. The one whose file is overwritten fails the next time that it asks.
 */
public final class SweepOwner implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SweepOwner.class);
  private static final ObjectMapper JSON = StrictJson.mapper();

  private final SweepFolder folder;
  private final DriverSign own;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          runnable -> {
            Thread daemon = new Thread(runnable, "pare-owner");
            daemon.setDaemon(true);
            return daemon;
          });
  private volatile @Nullable DriverSign other;

  private SweepOwner(SweepFolder folder, String configuration) {
    this.folder = folder;
    this.own = DriverSign.of(SweepFolder.digest(configuration));
  }

  /**
   * Takes hold of a folder.
   *
   * @param folder of the results
   * @param configuration all that the results depend on, rendered
   * @throws UncheckedIOException if a driver with another configuration lives there; the message
   *     names it
   */
  public static SweepOwner of(SweepFolder folder, String configuration) {
    try {
      SweepOwner owner = new SweepOwner(folder, configuration);
      owner.take();
      owner.thread.scheduleWithFixedDelay(
          owner::renew,
          DriverSign.RENEWAL.toMillis(),
          DriverSign.RENEWAL.toMillis(),
          TimeUnit.MILLISECONDS);
      return owner;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The sign of the driver that lives there; none if none does, or its file is none of Pare's. */
  public static Optional<DriverSign> living(SweepFolder folder) throws IOException {
    Optional<byte[]> json = folder.find(SweepFolder.OWNER);
    try {
      return json.isEmpty()
          ? Optional.empty()
          : Optional.of(StrictJson.read(JSON, json.get(), DriverSign.class))
              .filter(DriverSign::lives);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private void take() throws IOException {
    Optional<DriverSign> there = read();
    if (there.isEmpty()) {
      if (!folder.has(SweepFolder.OWNER)) {
        folder.create(SweepFolder.OWNER, out -> out.write(JSON.writeValueAsBytes(own.renewed())));
      }
      // Another driver may have been faster.
      there = read();
    }
    if (there.filter(this::isRival).isPresent()) {
      throw new IOException(refusal(there.get()));
    }
    if (there.isEmpty() || !there.get().run().equals(own.run())) {
      write();
    }
  }

  private boolean isRival(DriverSign sign) {
    return !sign.configuration().equals(own.configuration()) && sign.lives();
  }

  private String refusal(DriverSign sign) {
    return folder.root()
        + ": a sweep of another configuration writes its results there, process "
        + sign.process()
        + " on "
        + sign.host()
        + " since "
        + Instant.ofEpochMilli(sign.startedMillis())
        + "; wait for its end or set another sweep.out ("
        + SweepFolder.OWNER
        + " counts for "
        + DriverSign.STALE.toSeconds()
        + " s after its last renewal)";
  }

  /** The file's content; none if there is no such file, or it is none of Pare's. */
  private Optional<DriverSign> read() throws IOException {
    Optional<byte[]> json = folder.find(SweepFolder.OWNER);
    if (json.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(StrictJson.read(JSON, json.get(), DriverSign.class));
    } catch (IOException e) {
      LOG.warn("{} cannot be read and is replaced: {}", file(), e.getMessage());
      return Optional.empty();
    }
  }

  private Path file() {
    return folder.path(SweepFolder.OWNER);
  }

  private void write() throws IOException {
    folder.replace(SweepFolder.OWNER, out -> out.write(JSON.writeValueAsBytes(own.renewed())));
  }

  private void renew() {
    try {
      Optional<DriverSign> there = read();
      if (there.filter(this::isRival).isPresent()) {
        other = there.get();
      } else {
        write();
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("{} cannot be renewed: {}", file(), e.getMessage());
    }
  }

  /**
   * Does nothing while the folder is this driver's.
   *
   * @throws UncheckedIOException if a driver with another configuration has taken it over; the
   *     message names it
   */
  public void check() {
    DriverSign rival = other;
    if (rival != null) {
      throw new UncheckedIOException(new IOException(refusal(rival)));
    }
  }

  /** The same, from the storage: before something is replaced that another driver may rely on. */
  public void checkNow() {
    renew();
    check();
  }

  /** Gives the folder up. */
  @Override
  public void close() {
    thread.shutdownNow();
    boolean interrupted = Thread.interrupted();
    try {
      thread.awaitTermination(DriverSign.STALE.toSeconds(), TimeUnit.SECONDS);
      if (read().filter(sign -> sign.run().equals(own.run())).isPresent()) {
        folder.delete(SweepFolder.OWNER);
      }
    } catch (InterruptedException e) {
      interrupted = true;
    } catch (IOException | RuntimeException e) {
      LOG.warn("{} cannot be deleted: {}", file(), e.getMessage());
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
