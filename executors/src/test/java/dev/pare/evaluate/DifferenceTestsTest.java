package dev.pare.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.pare.candidate.Correctness;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

class DifferenceTestsTest {
  @Test
  void mcNemarCountsWhatOnlyOneGotRight() {
    BitSet first = new BitSet();
    first.set(0, 70);
    BitSet second = new BitSet();
    second.set(60, 100);

    assertThat(McNemarTest.of(Correctness.of(first, 100), Correctness.of(second, 100)))
        .isEqualTo(new McNemarTest(60, 30));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> McNemarTest.of(Correctness.of(first, 100), Correctness.of(second, 101)))
        .withMessageContaining("100 and 101");
  }

  @Test
  void mcNemarIsTheBinomialTail() {
    for (int n = 0; n <= 60; n++) {
      for (int first = 0; first <= n; first++) {
        BigInteger tail = BigInteger.ZERO;
        for (int k = 0; k <= Math.min(first, n - first); k++) {
          tail = tail.add(choose(n, k));
        }
        double p =
            new BigDecimal(tail.shiftLeft(1))
                .divide(new BigDecimal(BigInteger.TWO.pow(n)), MathContext.DECIMAL64)
                .doubleValue();
        assertThat(new McNemarTest(first, n - first).pValue())
            .isCloseTo(Math.min(1, p), within(1e-12));
      }
    }
  }

  @Test
  void fisherIsTheSumOverNoLikelierTables() {
    for (int firstTotal = 1; firstTotal <= 12; firstTotal++) {
      for (int secondTotal = 1; secondTotal <= 12; secondTotal++) {
        for (int first = 0; first <= firstTotal; first++) {
          for (int second = 0; second <= secondTotal; second++) {
            assertThat(new FisherTest(first, firstTotal, second, secondTotal).pValue())
                .isCloseTo(fisher(first, firstTotal, second, secondTotal), within(1e-9));
          }
        }
      }
    }
  }

  /** Over integers: the common denominator does not matter for what is no likelier. */
  private static double fisher(int first, int firstTotal, int second, int secondTotal) {
    int right = first + second;
    BigInteger observed = choose(firstTotal, first).multiply(choose(secondTotal, second));
    BigInteger extreme = BigInteger.ZERO;
    BigInteger all = BigInteger.ZERO;
    for (int k = Math.max(0, right - secondTotal); k <= Math.min(right, firstTotal); k++) {
      BigInteger table = choose(firstTotal, k).multiply(choose(secondTotal, right - k));
      all = all.add(table);
      extreme = table.compareTo(observed) <= 0 ? extreme.add(table) : extreme;
    }
    return extreme.doubleValue() / all.doubleValue();
  }

  @Test
  void manyExamplesAreNoTrouble() {
    assertThat(new McNemarTest(50_000, 50_000).pValue()).isEqualTo(1);
    assertThat(new McNemarTest(50_000, 60_000).pValue()).isLessThan(1e-100);
    // A fair coin: two standard deviations of √n/2 are exceeded one time in 22.
    assertThat(new McNemarTest(500_000 - 1000, 500_000 + 1000).pValue())
        .isCloseTo(0.0455, within(0.0002));
    assertThat(new FisherTest(98_000, 100_000, 98_000, 100_000).pValue())
        .isCloseTo(1, within(1e-6));
    assertThat(new FisherTest(98_000, 100_000, 97_000, 100_000).pValue()).isLessThan(1e-40);
  }

  @Test
  void countsThatCannotBeAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new McNemarTest(-1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new FisherTest(2, 1, 0, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new FisherTest(0, 0, 0, 1));
  }

  private static BigInteger choose(int n, int k) {
    BigInteger result = BigInteger.ONE;
    for (int i = 0; i < k; i++) {
      result = result.multiply(BigInteger.valueOf(n - i)).divide(BigInteger.valueOf(i + 1L));
    }
    return result;
  }
}
