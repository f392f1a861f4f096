/**
 * Bits: lossless coders of levels, the small signed integers that stand for a tensor's values.
 *
 * <p>{@link dev.pare.codec.LevelCoder} is the contract, {@link dev.pare.codec.LevelCoding} names
 * the coders there are and the number each has in a file. Depends on nothing but java.base.
 *
 * <h2>Code {@link dev.pare.codec.LevelCoding#CONTEXT_ARITHMETIC}</h2>
 *
 * <p>Every level becomes a few bits; each is coded arithmetically under a probability that follows
 * from the levels before it.
 *
 * <table>
 * <caption>Fields in order</caption>
 * <tr><th>field</th><th>bytes</th><th>meaning</th></tr>
 * <tr><td>flags</td><td>1</td><td>low 5 bits: density class, 0 if all levels are 0 (nothing follows
 *     then), 31 if none is, else k for a density near 1 / (1 + e<sup>−(k − 22) · 0.375</sup>); bit
 *     5: transposed; bit 6: there is a stride; bit 7: 0</td></tr>
 * <tr><td>stride</td><td>0 or 1</td><td>2 to 255</td></tr>
 * <tr><td>bits</td><td>the rest</td><td>−lowest level, highest level (or 0), at even odds: each its
 *     length in 4 bits, then its bits below the leading one; then the levels</td></tr>
 * </table>
 *
 * <h3>Arithmetic code</h3>
 *
 * <p>The interval begins as [0, 2^40 − 1). A bit of probability p/2^16 of being 1 takes its lower
 * {@code (range >> 16) · p} if it is 1, the rest if it is 0. While the range is below 2^32, the
 * highest of the 40 bits' bytes is shifted out; a carry goes into the bytes before. At the end
 * follow as few bytes as it takes to name, with zeros after them, a number within the interval, the
 * least there is; any other end is malformed.
 *
 * <h3>Levels</h3>
 *
 * <p>A scan goes line by line: along the rows (folded into lines of 65,536 where longer), or along
 * the columns if transposed. Of each level is coded:
 *
 * <ol>
 *   <li><i>significance</i>, whether it is not 0, unless the density class is 31;
 *   <li>its <i>sign</i>, 1 if negative, if both occur;
 *   <li>its <i>magnitude</i> m: the exponent e of its leading bit in unary (1 for each, then 0),
 *       then the bits below, from the high to the low one; bits that the greatest magnitude of that
 *       sign forbids to be 1 are left out.
 * </ol>
 *
 * <p>Six contexts a bit, each a state of its own in a {@link dev.pare.codec.Mixture}. The level
 * before in the line is <i>left</i>, the one a stride before is <i>back</i>, the one at this place
 * in the line before is <i>over</i>. Classes are those of {@link dev.pare.codec.Quantized}.
 *
 * <table>
 * <caption>Contexts</caption>
 * <tr><th>of</th><th>contexts</th></tr>
 * <tr><td>significance</td><td>the place; the line; classes of both their logits; weighted magnitudes
 *     around left and back with the density of the places beside and a stride away; pattern of left,
 *     back, over and the two beside back; none</td></tr>
 * <tr><td>sign</td><td>the place; the line; signs of left, the one before it, back and over; the last
 *     two signs in the line; weighted sums around left and back, and around over; the first of these
 *     sums and whether place and line lean to a sign</td></tr>
 * <tr><td>magnitude</td><td>for each decision and sign: the magnitude before; running means of the
 *     place and of the line; magnitudes around left and back; density; none</td></tr>
 * </table>
 *
 * <p>Tables of logarithms are from {@link StrictMath}, which is exact to the bit everywhere; all
 * else is integer arithmetic.
 */
@NullMarked
package dev.pare.codec;

import org.jspecify.annotations.NullMarked;
