package dev.pare.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import dev.pare.artifact.FileHeader.Kind;
import dev.pare.artifact.MalformedArtifactException.Fault;
import dev.pare.codec.RandomSeed;
import dev.pare.export.DeltaExport;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DamagedDeltaTest {
  private final DeltaReader reader = new DeltaReader(new ArtifactReader(1 << 20));

  /** A file, an older one, and the delta between them. */
  private record Pair(byte[] old, byte[] now, byte[] delta) {
    static Pair of(CompressedNetwork old, CompressedNetwork now) {
      byte[] before = SampleNetworks.bytes(old);
      byte[] after = SampleNetworks.bytes(now);
      return new Pair(before, after, DeltaExport.of(before, after));
    }

    byte[] body() {
      FileHeader header = FileHeader.read(Kind.DELTA, delta);
      return Arrays.copyOfRange(delta, header.bodyStart(), (int) header.bodyEnd());
    }
  }

  /** In each representation, with units that changed places, and with an origin. */
  private static List<Pair> pairs() {
    SplittableRandom random = new SplittableRandom(5);
    List<Pair> pairs = new ArrayList<>();
    for (Representation representation : Representation.values()) {
      CompressedNetwork old =
          SampleNetworks.of(SampleNetworks.smallDense(), representation, 0.4, random);
      List<CompressedTensor> tensors = new ArrayList<>(old.tensors());
      CompressedTensor next = SampleNetworks.tensor(representation, 2, 5, 0.4, random);
      tensors.set(2, next);
      pairs.add(Pair.of(old, old.withTensors(tensors)));
      pairs.add(
          Pair.of(
              old, SampleNetworks.of(SampleNetworks.smallDense(), representation, 0.4, random)));
    }
    List<CompressedNetwork> trained = SampleNetworks.trained();
    pairs.add(Pair.of(trained.get(0), trained.get(1)));
    pairs.add(Pair.of(trained.get(0), trained.get(2)));
    pairs.add(
        Pair.of(
            trained.get(0).withOrigin(Optional.empty()),
            trained.get(2).withOrigin(Optional.empty())));
    return pairs;
  }

  @Test
  void everyTruncationIsToldAsOne() {
    for (Pair pair : pairs()) {
      for (int length = 0; length < pair.delta().length; length++) {
        assertFault(pair.old(), Arrays.copyOf(pair.delta(), length), Fault.TRUNCATED);
      }
    }
  }

  @Test
  void everyFlippedBitIsATypedError() {
    for (Pair pair : pairs()) {
      for (int bit = 0; bit < 8 * pair.delta().length; bit++) {
        byte[] flipped = pair.delta().clone();
        flipped[bit / 8] ^= (byte) (1 << bit % 8);
        // Nothing depends on the minor version; the checksum covers it, too.
        MalformedArtifactException e =
            catchThrowableOfType(
                MalformedArtifactException.class, () -> reader.apply(pair.old(), flipped));
        assertThat(e).as("bit " + bit).isNotNull();
      }
    }
  }

  @Test
  void bytesChangedUnderARightChecksumAreATypedErrorOrTheSameFile() {
    SplittableRandom random = RandomSeed.random("bodies");
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int decoded = 0;
    for (Pair pair : pairs()) {
      byte[] body = pair.body();
      for (int trial = 0; trial < 2000; trial++) {
        byte[] changed = body.clone();
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
          changed[random.nextInt(2 * Digest.BYTES, changed.length)] = (byte) random.nextInt(256);
        }
        byte[] delta = FileHeader.file(Kind.DELTA, changed);
        long before = threads.getCurrentThreadAllocatedBytes();
        try {
          assertThat(reader.apply(pair.old(), delta)).isEqualTo(pair.now());
        } catch (MalformedArtifactException e) {
          assertThat(e.offset()).isBetween(0L, (long) delta.length);
          assertThat(e.fault()).isIn(Fault.INVALID_CONTENT, Fault.TOO_LARGE, Fault.OTHER_FILE);
          decoded += e.fault() == Fault.OTHER_FILE ? 1 : 0;
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(64L << 20);
      }
    }
    // So many were files, but not the one that is said.
    assertThat(decoded).isPositive();
  }

  @Test
  void anotherOldFileIsToldAsOne() {
    Pair pair = pairs().get(0);
    byte[] other = Bodies.append(pair.old(), new byte[] {(byte) 200, 1, 1});
    MalformedArtifactException e = assertFault(other, pair.delta(), Fault.OTHER_FILE);
    assertThat(e).hasMessageContaining("the delta is against a file with SHA-256 ");
  }

  @Test
  void whatIsNoDeltaAndWhatIsNewerIsToldAsThat() {
    Pair pair = pairs().get(0);
    assertFault(pair.old(), pair.now(), Fault.WRONG_MAGIC);
    assertFault(pair.old(), FileHeader.file(Kind.DELTA, 2, 0, pair.body()), Fault.NEWER_VERSION);
    assertFault(
        pair.old(), Arrays.copyOf(pair.delta(), pair.delta().length + 1), Fault.TRAILING_BYTES);
  }

  /** Each byte of a delta could otherwise ask for a copy of the whole file. */
  @Test
  void nothingIsTakenTwice() {
    SplittableRandom random = new SplittableRandom(6);
    CompressedNetwork network = SampleNetworks.mixed(SampleNetworks.smallDense(), random);
    byte[] file = Bodies.append(SampleNetworks.bytes(network), new byte[] {(byte) 200, 1, 1});
    Pair pair = new Pair(file, file, DeltaExport.of(file, file));
    byte[] body = pair.body();
    byte[] tensors = Arrays.copyOf(body, body.length + 1);
    tensors[body.length] = DeltaReader.SAME;
    assertFault(file, FileHeader.file(Kind.DELTA, tensors), Fault.INVALID_CONTENT);
    byte[] optional = Arrays.copyOf(body, body.length + 2);
    optional[body.length] = DeltaReader.SAME_OPTIONAL;
    optional[body.length + 1] = (byte) 200;
    assertFault(file, FileHeader.file(Kind.DELTA, optional), Fault.INVALID_CONTENT);
  }

  /** A byte of a delta could otherwise become an object each. */
  @Test
  void sectionsOfWhichNoNetworkHasSoManyAreRefused() {
    CompressedNetwork network =
        SampleNetworks.mixed(SampleNetworks.smallDense(), new SplittableRandom(6));
    byte[] file = SampleNetworks.bytes(network);
    byte[] body = new Pair(file, file, DeltaExport.of(file, file)).body();
    for (byte way : new byte[] {DeltaReader.SAME, DeltaReader.WHOLE}) {
      byte[] flood = Arrays.copyOf(body, body.length + 30_000);
      for (int i = body.length; way == DeltaReader.WHOLE && i < flood.length; i += 3) {
        flood[i] = way;
        flood[i + 1] = (byte) 200;
      }
      MalformedArtifactException e =
          catchThrowableOfType(
              MalformedArtifactException.class,
              () -> new DeltaReader().apply(file, FileHeader.file(Kind.DELTA, flood)));
      assertThat(e).hasMessageContaining("sections");
    }
    byte[] many = new byte[30_000];
    for (int i = 0; i < many.length; i += 2) {
      many[i] = (byte) 201;
    }
    byte[] large = Bodies.append(file, many);
    MalformedArtifactException e =
        catchThrowableOfType(
            MalformedArtifactException.class, () -> FileParts.of(large, new ArtifactReader()));
    assertThat(e).hasMessageContaining("sections");
  }

  @Test
  void parametersBeyondTheLimitAreRefused() {
    Pair pair = pairs().get(0);
    DeltaReader small = new DeltaReader(new ArtifactReader(16));
    MalformedArtifactException e =
        catchThrowableOfType(
            MalformedArtifactException.class, () -> small.apply(pair.old(), pair.delta()));
    assertThat(e.fault()).isEqualTo(Fault.TOO_LARGE);
  }

  private MalformedArtifactException assertFault(byte[] old, byte[] delta, Fault fault) {
    MalformedArtifactException e =
        catchThrowableOfType(MalformedArtifactException.class, () -> reader.apply(old, delta));
    assertThat(e).isNotNull();
    assertThat(e.fault()).isEqualTo(fault);
    return e;
  }
}
