/** Trains students on OpenCL devices, many at once. */
@NullMarked
package dev.pare.opencl;

import org.jspecify.annotations.NullMarked;
