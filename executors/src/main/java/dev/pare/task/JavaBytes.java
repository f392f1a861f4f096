package dev.pare.task;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.spark.SparkEnv;
import org.apache.spark.serializer.SerializerInstance;
import scala.reflect.ClassTag$;

/**
 * Objects as Java serializes them, whatever {@code spark.serializer} is: elements and results of
 * RDDs go through that one, and Kryo can write neither records nor ND4J's arrays.
 */
public final class JavaBytes {
  private JavaBytes() {}

  /** The bytes of an object, within a JVM that runs Spark. */
  public static byte[] of(Serializable value) {
    ByteBuffer bytes =
        serializer().serialize(value, ClassTag$.MODULE$.<Serializable>apply(Serializable.class));
    int from = bytes.arrayOffset() + bytes.position();
    return Arrays.copyOfRange(bytes.array(), from, from + bytes.remaining());
  }

  /** The object that {@link #of} made bytes of. */
  public static <T extends Serializable> T read(byte[] bytes, Class<T> type) {
    return type.cast(
        serializer()
            .deserialize(
                ByteBuffer.wrap(bytes),
                type.getClassLoader(),
                ClassTag$.MODULE$.<Serializable>apply(Serializable.class)));
  }

  private static SerializerInstance serializer() {
    return SparkEnv.get().closureSerializer().newInstance();
  }
}
