package dev.pare.pipeline;

import static java.util.Objects.requireNonNull;

import dev.pare.codec.LevelMatrix;
import dev.pare.codec.RateModel;
import dev.pare.codec.Starts;
import dev.pare.model.Architecture;
import dev.pare.model.Initialization;
import dev.pare.model.Network;
import dev.pare.model.ParameterTensor;
import dev.pare.quantize.LevelCost;
import dev.pare.sparsify.Reduction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What levels cost by the coder of .pare files. */
final class CoderCost implements LevelCost {
  private final @Nullable Beginning beginning;

  /** Where the weights that are quantized began, reduced as they are. */
  private record Beginning(Architecture original, Architecture reduced, float[] parameters) {}

  private CoderCost(@Nullable Beginning beginning) {
    this.beginning = beginning;
  }

  /** Where the file will not tell where weights began. */
  static CoderCost plain() {
    return new CoderCost(null);
  }

  /**
   * Where the file will tell it.
   *
   * @param first the first network, of the architecture that was reduced
   * @param reduction to the network whose tensors are quantized
   */
  static CoderCost from(Network first, Reduction reduction) {
    return new CoderCost(
        new Beginning(
            first.architecture(),
            reduction.network().architecture(),
            reduction.select(first.parameters())));
  }

  @Override
  public LevelCost on(ParameterTensor tensor) {
    if (beginning == null) {
      return this;
    }
    List<ParameterTensor> tensors = beginning.reduced().tensors();
    ParameterTensor whole = beginning.original().tensors().get(tensors.indexOf(tensor));
    double unit = Initialization.deviation(beginning.original(), whole);
    short[] starts = new short[tensor.size()];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = Starts.ofDeviations(beginning.parameters()[tensor.offset() + i] / unit);
    }
    return new OfTensor(starts, unit);
  }

  @Override
  public Pass over(int rows, int columns, short[] levels) {
    return new Prices(new RateModel(new LevelMatrix(rows, columns, levels)));
  }

  /** What levels of a tensor cost whose first values the coder knows. */
  private static final class OfTensor implements LevelCost {
    private final short[] starts;
    private final double unit;

    OfTensor(short[] starts, double unit) {
      this.starts = requireNonNull(starts, "starts is null");
      this.unit = unit;
    }

    @Override
    public Pass over(int rows, int columns, short[] levels) {
      return plain().over(rows, columns, levels);
    }

    @Override
    public Pass over(int rows, int columns, short[] levels, Values values) {
      Starts known =
          new Starts(
              rows,
              columns,
              starts,
              (row, level) -> Starts.ofDeviations(values.of(row, level) / unit));
      return new Prices(new RateModel(new LevelMatrix(rows, columns, levels), known));
    }
  }

  private record Prices(RateModel model) implements Pass {
    @Override
    public boolean hasNext() {
      return model.hasNext();
    }

    @Override
    public int index() {
      return model.index();
    }

    @Override
    public double bits(int level) {
      return model.bits(level);
    }

    @Override
    public void choose(int level) {
      model.choose(level);
    }
  }
}
