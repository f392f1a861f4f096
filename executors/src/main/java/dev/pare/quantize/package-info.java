/** Which values remain: quantizers and what they make of a tensor. */
@NullMarked
package dev.pare.quantize;

import org.jspecify.annotations.NullMarked;
