/**
 * The training step: forward and backward pass, the distillation loss, and the optimizer over a
 * student's variables.
 *
 * <p>An {@link dev.pare.train.Engine} computes gradients, with the passes of package layers; {@link
 * dev.pare.train.TrainableParameters} say what is trained and how the network's parameters follow
 * from it (masked, rounded, shared), which makes pruning and quantization part of the step; {@link
 * dev.pare.train.Trainer} is the loop.
 */
@NullMarked
package dev.pare.train;

import org.jspecify.annotations.NullMarked;
