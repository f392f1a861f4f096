package dev.pare.task;

import java.io.Serializable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;
import scala.reflect.ClassTag$;

/** A broadcast variable whose value travels as {@link JavaBytes}. Each task reads its own copy. */
public final class JavaBroadcast<T extends Serializable> extends Broadcast<T> {
  private static final long serialVersionUID = 1;

  private final Broadcast<byte[]> bytes;
  private final Class<T> type;
  private transient @Nullable T read;

  private JavaBroadcast(Broadcast<byte[]> bytes, Class<T> type) {
    super(bytes.id(), ClassTag$.MODULE$.<T>apply(type));
    this.bytes = bytes;
    this.type = type;
  }

  /** Broadcasts a value as it is now. */
  public static <T extends Serializable> JavaBroadcast<T> of(
      JavaSparkContext spark, T value, Class<T> type) {
    return new JavaBroadcast<>(spark.broadcast(JavaBytes.of(value)), type);
  }

  @Override
  public synchronized T getValue() {
    T value = read;
    if (value == null) {
      value = JavaBytes.read(bytes.value(), type);
      read = value;
    }
    return value;
  }

  @Override
  public void doUnpersist(boolean blocking) {
    bytes.unpersist(blocking);
  }

  @Override
  public void doDestroy(boolean blocking) {
    bytes.destroy(blocking);
  }
}
