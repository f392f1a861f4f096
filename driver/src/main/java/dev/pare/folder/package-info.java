/** The folder of a sweep's results: its names, how files in it are read and replaced, its owner. */
@NullMarked
package dev.pare.folder;

import org.jspecify.annotations.NullMarked;
