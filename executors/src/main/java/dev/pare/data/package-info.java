/**
 * Examples: IDX and CSV files read through Hadoop's FileSystem, checked against their headers,
 * split and shifted.
 */
@NullMarked
package dev.pare.data;

import org.jspecify.annotations.NullMarked;
