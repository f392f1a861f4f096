/**
 * The forward pass of each kind of layer, of one example or of several at once, in plain Java: what
 * a .pare file's network computes, wherever there is a JVM. {@link dev.pare.kernel.ForwardPass}
 * runs a whole network.
 *
 * <p>Weights stay as small as a file has them: positions of what is not zero, codes, and tables of
 * values ({@code Matrix}). A new kind of layer is a {@code Kernel} and its line in {@link
 * dev.pare.kernel.Kernels}. Depends on graph, codec and artifact.
 */
@NullMarked
package dev.pare.kernel;

import org.jspecify.annotations.NullMarked;
