/**
 * The training step: forward and backward pass, distillation loss, masks and fake quantization
 * inside it.
 */
@NullMarked
package dev.pare.train;

import org.jspecify.annotations.NullMarked;
