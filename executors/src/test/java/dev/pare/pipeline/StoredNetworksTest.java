package dev.pare.pipeline;

import static dev.pare.pipeline.SampleStages.TEACHER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.graph.Initialization;
import dev.pare.graph.Network;
import org.junit.jupiter.api.Test;

class StoredNetworksTest {
  private final MemoryStore store = new MemoryStore();
  private final StoredNetworks networks = new StoredNetworks(store);
  private final ProductCache cache = new ProductCache(1 << 20);

  @Test
  void aFileIsReadByItsDigestThoughAnotherWasReadInItsPlaceBefore() {
    Network first = SampleStages.teacher();
    Network second = Initialization.random(first.architecture(), 6);
    TeacherStage.write(store, TEACHER, first, SampleStages.PROVENANCE);
    ProductDigest before = networks.product(TEACHER);
    assertThat(networks.network(TEACHER, cache).digest()).isEqualTo(before);

    store.remove(TEACHER, StageStore.Kind.NETWORK);
    store.remove(TEACHER, StageStore.Kind.REPORT);
    TeacherStage.write(store, TEACHER, second, SampleStages.PROVENANCE);
    ProductDigest after = networks.product(TEACHER);

    assertThat(after).isNotEqualTo(before);
    StoredNetworks.Read read = networks.network(after, cache);
    assertThat(read.digest()).isEqualTo(after);
    assertThat(read.network().toNetwork().parameters()).isEqualTo(second.parameters());
    assertThat(networks.network(before, cache).network().toNetwork().parameters())
        .isEqualTo(first.parameters());
  }

  @Test
  void aFileThatIsNoLongerThereIsMissing() {
    TeacherStage.write(store, TEACHER, SampleStages.teacher(), SampleStages.PROVENANCE);
    ProductDigest other = new ProductDigest(TEACHER, "ab".repeat(32), 7);

    assertThatThrownBy(() -> networks.network(other, cache))
        .isInstanceOf(MissingProductException.class);
    assertThatThrownBy(() -> networks.product(SampleStages.key('1')))
        .isInstanceOf(MissingProductException.class);
  }
}
