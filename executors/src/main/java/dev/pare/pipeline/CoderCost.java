package dev.pare.pipeline;

import dev.pare.codec.LevelMatrix;
import dev.pare.codec.RateModel;
import dev.pare.quantize.LevelCost;

/** What levels cost by the coder of .pare files. */
final class CoderCost implements LevelCost {
  @Override
  public Pass over(int rows, int columns, short[] levels) {
    return new Prices(new RateModel(new LevelMatrix(rows, columns, levels)));
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
