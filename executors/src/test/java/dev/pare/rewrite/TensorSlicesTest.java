package dev.pare.rewrite;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.pare.artifact.CompressedTensor;
import dev.pare.artifact.GroupedTensor;
import dev.pare.artifact.ProductTensor;
import dev.pare.codec.LevelMatrix;
import java.util.List;
import org.junit.jupiter.api.Test;

class TensorSlicesTest {
  @Test
  void columnsThatBelongTogetherStay() {
    for (CompressedTensor tensor :
        List.of(
            new GroupedTensor(
                new LevelMatrix(1, 5, new short[] {1, 1, 1, 1, 1}), 2, new float[] {1, 2, 3}),
            new ProductTensor(5, 2, new LevelMatrix(1, 3, new short[] {0, 0, 0}), new float[0]))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TensorSlices.of(tensor, new int[] {0}, new int[] {1, 0, 2, 3, 4}));
    }
  }
}
