package dev.pare.quantize;

import static java.util.Objects.requireNonNull;

import dev.pare.artifact.Origin;
import dev.pare.codec.InitialValues;
import dev.pare.codec.LevelMatrix;
import dev.pare.codec.RateModel;
import dev.pare.graph.ParameterTensor;
import dev.pare.sparsify.ReducedNetwork;
import org.jspecify.annotations.Nullable;

/** What levels cost by the coder of .pare files. */
public final class CoderCost implements LevelCost {
  private final @Nullable Beginning beginning;

  /** Where the weights began that a reduction left. */
  private record Beginning(Origin origin, ReducedNetwork reduction, short[] starts) {}

  private CoderCost(@Nullable Beginning beginning) {
    this.beginning = beginning;
  }

  /** Of a file without the origin. */
  public static CoderCost plain() {
    return new CoderCost(null);
  }

  /**
   * Of a file with the origin.
   *
   * @param origin of the network that was reduced
   * @param reduction to the network whose tensors are quantized
   */
  public static CoderCost from(Origin origin, ReducedNetwork reduction) {
    return new CoderCost(new Beginning(origin, reduction, origin.starts(reduction.original())));
  }

  @Override
  public LevelCost on(ParameterTensor tensor) {
    if (beginning == null) {
      return this;
    }
    ReducedNetwork reduction = beginning.reduction();
    int index = reduction.network().architecture().tensors().indexOf(tensor);
    double unit =
        beginning
            .origin()
            .deviation(reduction.original(), reduction.original().tensors().get(index));
    short[] starts = new short[tensor.size()];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = beginning.starts()[reduction.position(tensor.offset() + i)];
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
      InitialValues known =
          new InitialValues(
              rows,
              columns,
              starts,
              (row, level) -> InitialValues.ofDeviations(values.of(row, level) / unit));
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
