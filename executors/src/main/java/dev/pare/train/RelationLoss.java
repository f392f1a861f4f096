package dev.pare.train;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Distillation;

/** Another loss, and how a batch's outputs relate to each other as their teacher's do. */
public final class RelationLoss implements BatchLoss {
  private final BatchLoss own;
  private final Relation relation;
  private final double weight;
  private final float[] teacher;
  private final int outputs;
  private float[] rows = {};

  /**
   * @param own of the examples, each by itself
   * @param teacher what the teacher says, {@code [examples × outputs]}
   */
  public RelationLoss(BatchLoss own, Distillation settings, float[] teacher, int outputs) {
    this.own = requireNonNull(own, "own is null");
    this.relation =
        switch (settings.relation()) {
          case NONE -> throw new IllegalArgumentException("no relation");
          case DISTANCE -> new DistanceRelation();
          case ANGLE -> new AngleRelation();
          case SIMILARITY -> new SimilarityRelation();
        };
    this.weight = settings.lambda();
    this.teacher = requireNonNull(teacher, "teacher is null");
    this.outputs = outputs;
  }

  @Override
  public void setProgress(double progress) {
    own.setProgress(progress);
  }

  @Override
  public Engine.LogitLoss on(int[] indices) {
    Engine.LogitLoss first = own.on(indices);
    if (rows.length < indices.length * outputs) {
      rows = new float[indices.length * outputs];
    }
    return (logits, batch, gradient) -> {
      double loss = first.gradient(logits, batch, gradient);
      for (int b = 0; b < batch; b++) {
        System.arraycopy(teacher, indices[b] * outputs, rows, b * outputs, outputs);
      }
      return loss + weight * relation.add(logits, rows, batch, outputs, weight, gradient);
    };
  }
}
