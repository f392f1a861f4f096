/**
 * Examples: IDX and CSV files read through Hadoop's FileSystem, checked against their headers,
 * split into training and validation examples, and shifted.
 *
 * <p>{@link dev.pare.data.DataLoader} is the way in. What it reads comes from outside: no declared
 * length is trusted, memory grows only with the bytes that a file really delivers, and every fault
 * is a {@link dev.pare.data.MalformedDataException} that names the file and the byte.
 *
 * <p>Depends on {@code candidate}, Hadoop's FileSystem and java.base.
 */
@NullMarked
package dev.pare.data;

import org.jspecify.annotations.NullMarked;
