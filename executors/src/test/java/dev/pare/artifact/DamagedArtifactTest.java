package dev.pare.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import dev.pare.artifact.MalformedArtifactException.Fault;
import dev.pare.codec.RandomSeed;
import dev.pare.graph.ChannelSelection;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class DamagedArtifactTest {
  private final ArtifactReader reader = new ArtifactReader();

  @Test
  void everyTruncationIsToldAsOne() {
    List<byte[]> files = smallFiles();
    SplittableRandom random = RandomSeed.random("truncation");
    while (files.size() < 24) {
      files.add(
          SampleNetworks.bytes(SampleNetworks.mixed(SampleNetworks.smallConvolutional(), random)));
    }
    for (byte[] file : files) {
      for (int length = 0; length < file.length; length++) {
        byte[] cut = Arrays.copyOf(file, length);
        assertFault(cut, Fault.TRUNCATED);
        assertThatThrownBy(() -> reader.read(new ByteArrayInputStream(cut)))
            .isInstanceOfSatisfying(
                MalformedArtifactException.class,
                e -> assertThat(e.fault()).isEqualTo(Fault.TRUNCATED));
      }
    }
  }

  @Test
  void everyFlippedBitIsATypedErrorOrTheSameNetwork() {
    for (byte[] file : smallFiles()) {
      CompressedNetwork network = reader.read(file);
      for (int bit = 0; bit < 8 * file.length; bit++) {
        byte[] flipped = file.clone();
        flipped[bit / 8] ^= (byte) (1 << bit % 8);
        try {
          assertThat(reader.read(flipped)).isEqualTo(network);
        } catch (MalformedArtifactException e) {
          assertThat(e.offset()).isBetween(0L, (long) file.length);
        }
        MalformedArtifactException e =
            catchThrowableOfType(MalformedArtifactException.class, () -> reader.inspect(flipped));
        assertThat(e).isNotNull();
      }
    }
  }

  @Test
  void bytesChangedUnderARightChecksumAreATypedErrorOrSomeNetwork() {
    SplittableRandom random = RandomSeed.random("bodies");
    ArtifactReader small = new ArtifactReader(1 << 20);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int read = 0;
    for (byte[] file : smallFiles()) {
      byte[] body = Bodies.of(file);
      for (int trial = 0; trial < 4000; trial++) {
        byte[] changed = body.clone();
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
          int at = random.nextBoolean() ? random.nextInt(changed.length) : random.nextInt(40);
          changed[at] = (byte) random.nextInt(256);
        }
        byte[] changedFile = Bodies.file(changed);
        long before = threads.getCurrentThreadAllocatedBytes();
        try {
          small.read(changedFile);
          small.inspect(changedFile);
          read++;
        } catch (MalformedArtifactException e) {
          assertThat(e.offset()).isBetween(0L, (long) changedFile.length);
          assertThat(e.fault()).isIn(Fault.INVALID_CONTENT, Fault.TOO_LARGE);
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(64L << 20);
      }
    }
    // Floats may be any finite ones; the rest mostly not.
    assertThat(read).isPositive();
  }

  @Test
  void anythingElseHasTheWrongMagic() {
    assertFault(new byte[] {'P', 'K', 3, 4, 0, 0, 0, 0}, Fault.WRONG_MAGIC);
    assertFault("{}".getBytes(StandardCharsets.US_ASCII), Fault.WRONG_MAGIC);
  }

  @Test
  void aNewerMajorVersionIsToldAsOne() {
    byte[] file = smallFiles().get(0);
    file[4] = 8;
    MalformedArtifactException e = assertFault(withRightChecksum(file), Fault.NEWER_VERSION);
    assertThat(e).hasMessageContaining("format 8 is newer than 7").hasMessageContaining("byte 4");
  }

  @Test
  void aNewerMinorVersionIsRead() {
    byte[] file = smallFiles().get(0);
    CompressedNetwork network = reader.read(file);
    file[5] = 7;
    byte[] newer = withRightChecksum(file);
    assertThat(reader.read(newer)).isEqualTo(network);
    assertThat(reader.inspect(newer).minorVersion()).isEqualTo(7);
  }

  @Test
  void trailingBytesAreToldAsSuch() {
    for (byte[] file : smallFiles()) {
      MalformedArtifactException e =
          assertFault(Arrays.copyOf(file, file.length + 1), Fault.TRAILING_BYTES);
      assertThat(e.offset()).isEqualTo(file.length);
    }
  }

  @Test
  void changedBytesAreToldByTheChecksum() {
    byte[] file = smallFiles().get(0);
    file[file.length - 7] ^= 1;
    assertFault(file, Fault.CORRUPT);
  }

  @Test
  void parametersBeyondTheLimitAreRefused() {
    byte[] file = smallFiles().get(0);
    long parameterBytes = 4L * reader.read(file).architecture().parameters();
    assertThat(new ArtifactReader(parameterBytes).read(file)).isNotNull();
    assertThatThrownBy(() -> new ArtifactReader(parameterBytes - 1).read(file))
        .isInstanceOfSatisfying(
            MalformedArtifactException.class,
            e -> assertThat(e.fault()).isEqualTo(Fault.TOO_LARGE));
  }

  @Test
  void anEndlessStreamIsNotReadToItsEnd() {
    byte[] start = {'P', 'A', 'R', 'E', 1, 0, 100};
    InputStream endless =
        new InputStream() {
          private int next;

          @Override
          public int read() throws IOException {
            if (next > 1000) {
              throw new IOException("read on");
            }
            return next < start.length ? start[next++] : next++ & 1;
          }
        };
    assertThatThrownBy(() -> reader.read(endless))
        .isInstanceOfSatisfying(
            MalformedArtifactException.class,
            e -> assertThat(e.fault()).isEqualTo(Fault.TRAILING_BYTES));
  }

  @Test
  void aPromisedLengthMakesNoRoomBeforeItsBytesCome() {
    // 2^31 − 1 bytes promised, none there.
    byte[] file = {'P', 'A', 'R', 'E', 1, 0, -1, -1, -1, -1, 7};
    assertFault(file, Fault.TRUNCATED);
    assertThatThrownBy(() -> reader.read(new ByteArrayInputStream(file)))
        .isInstanceOfSatisfying(
            MalformedArtifactException.class,
            e -> assertThat(e.fault()).isEqualTo(Fault.TOO_LARGE));
    byte[] within = {'P', 'A', 'R', 'E', 1, 0, -1, -1, -1, -1, 1};
    assertThatThrownBy(() -> reader.read(new ByteArrayInputStream(within)))
        .isInstanceOfSatisfying(
            MalformedArtifactException.class,
            e -> assertThat(e.fault()).isEqualTo(Fault.TRUNCATED));
  }

  @Test
  void aMillionChannelsOfAFewBytesAreTakenOnce() {
    int channels = ChannelSelection.MOST_CHANNELS;
    ByteSink sink = new ByteSink();
    sink.writeVarint(channels);
    sink.writeVarint(1);
    sink.writeVarint(1);
    sink.writeFloats(1);
    sink.writeVarint(2000);
    for (int layer = 0; layer < 2000; layer++) {
      sink.writeByte(15); // of the numbered forms
      sink.writeVarint(4); // the selection of channels
      sink.writeVarint(channels);
      sink.writeVarint(0);
      sink.writeVarint(channels);
      sink.writeVarint(2); // a step of 1
    }
    byte[] bytes = sink.toBytes();
    assertThatThrownBy(
            () ->
                ArchitectureFormat.read(
                    new ByteSource(bytes, 0, bytes.length, Fault.INVALID_CONTENT)))
        .isInstanceOf(MalformedArtifactException.class)
        .hasMessageContaining("selections of more than " + channels + " channels");
  }

  @Test
  void missingAndSurplusTensorsAreInvalid() {
    byte[] file = smallFiles().get(0);
    byte[] body = Bodies.of(file);
    // The last section is the bias of two floats.
    MalformedArtifactException e =
        assertFault(Bodies.file(Arrays.copyOf(body, body.length - 10)), Fault.INVALID_CONTENT);
    assertThat(e).hasMessageContaining("3 tensors, must be 4");
    byte[] last = Arrays.copyOfRange(body, body.length - 10, body.length);
    assertFault(Bodies.append(file, last), Fault.INVALID_CONTENT);
  }

  private MalformedArtifactException assertFault(byte[] file, Fault fault) {
    MalformedArtifactException e =
        catchThrowableOfType(MalformedArtifactException.class, () -> reader.read(file));
    assertThat(e).isNotNull();
    assertThat(e.fault()).isEqualTo(fault);
    assertThat(e).hasMessageContaining("byte " + e.offset());
    return e;
  }

  /** One in each representation. */
  private static List<byte[]> smallFiles() {
    SplittableRandom random = new SplittableRandom(3);
    List<byte[]> files = new ArrayList<>();
    for (Representation representation : Representation.values()) {
      files.add(
          SampleNetworks.bytes(
              SampleNetworks.of(SampleNetworks.smallDense(), representation, 0.4, random)));
    }
    files.add(
        SampleNetworks.bytes(SampleNetworks.mixed(SampleNetworks.smallConvolutional(), random)));
    files.add(SampleNetworks.bytes(SampleNetworks.mixed(SampleNetworks.manyLayers(), random)));
    files.add(SampleNetworks.bytes(SampleNetworks.mixed(SampleNetworks.sparseLayers(), random)));
    files.add(SampleNetworks.bytes(SampleNetworks.mixed(SampleNetworks.factoredLayers(), random)));
    SampleNetworks.trained().forEach(network -> files.add(SampleNetworks.bytes(network)));
    return files;
  }

  private static byte[] withRightChecksum(byte[] file) {
    CRC32 checksum = new CRC32();
    checksum.update(file, 0, file.length - 4);
    ByteSink out = new ByteSink();
    out.writeBytes(Arrays.copyOf(file, file.length - 4));
    out.writeInt((int) checksum.getValue());
    return out.toBytes();
  }
}
