package dev.pare.onnx;

import java.util.List;

/** A setting of a node. */
sealed interface Attribute {
  record Whole(long value) implements Attribute {}

  record Real(float value) implements Attribute {}

  record Text(String value) implements Attribute {}

  record Wholes(List<Long> values) implements Attribute {}

  record Reals(List<Float> values) implements Attribute {}

  record Texts(List<String> values) implements Attribute {}

  record Constant(Tensor value) implements Attribute {}

  /** Such as Pare has no use for: types, sparse tensors, lists of tensors. */
  record Other(String type) implements Attribute {}
}
