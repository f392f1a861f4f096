/**
 * Examples: files read through Hadoop's FileSystem, prepared, split into training, validation and
 * test examples, and shifted.
 *
 * <p>{@link dev.pare.data.DataLoader} is the way in. What kinds of files there are is a registry,
 * {@link dev.pare.data.DataFormats}: one {@link dev.pare.data.DataFormat} each. What is read comes
 * from outside: no declared length is trusted, memory grows only with the bytes that a file really
 * delivers, and every fault is a {@link dev.pare.data.MalformedDataException} that names the file
 * and the place.
 *
 * <p>An example is rows of one shape, channels × height × width, the last varying fastest. Arrays
 * of rank 2 (examples × features), 3 (examples × height × width) and 4 (examples × channels ×
 * height × width) become such; the columns of a table are features in their order, a column of
 * categories as many as it has.
 *
 * <p>Depends on {@code candidate}, {@code prepare}, Hadoop's FileSystem and java.base.
 */
@NullMarked
package dev.pare.data;

import org.jspecify.annotations.NullMarked;
