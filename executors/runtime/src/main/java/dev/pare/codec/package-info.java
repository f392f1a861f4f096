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
 *     then), 31 if none is, else k for a density near 1 / (1 + e<sup>−(k − 22) · 0.375</sup>); high 3
 *     bits: 1 or 5 transposed; 2, 6 or 7 there is a stride; 4 or 6 values are expected by where they
 *     began; 3, 5 or 7 signs are even</td></tr>
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
 *   <li>its <i>sign</i>, 1 if negative, if both occur; at even odds if signs are even;
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
 * <h3>Values that are expected</h3>
 *
 * <p>Where {@link dev.pare.codec.InitialValues} are known and the flags say so, each value is
 * expected where it began plus a drift. Values, starts and drifts count 1/128 of the standard
 * deviation of the first values and are limited to ±1023. The drift of a level that is not 0 is its
 * value less its start; that of 0 is what had been expected, limited to ± half the value of the
 * nearest level (the smaller one of the magnitudes that levels −1 and 1 of its row stand for, 0 for
 * one that there is not left out; rounded down), less its start. Expected is a drift of
 *
 * <pre>
 *   d = Σ wᵢxᵢ / 2^16        over the drifts at left, the two before it, over, back,
 *                            back ± 1, back ± 2, 2 · back, 2 · back ± 1, and l
 *   l = Σ (cⱼdⱼ / 2^6) / 2^10    over the drifts dⱼ at this place in the last lines, 256 of them or
 *                            as many as 2^21 / places
 * </pre>
 *
 * <p>where those that stride over what is not there, or over another line, are 0, and divisions
 * round down. At first w is 0.3 for left and back, 0.5 for l and else 0; c is 0 at the start of
 * each line. After a level of error e = drift − d,
 *
 * <pre>
 *   wᵢ += (g · xᵢ + 2^11) / 2^12,   g = 524 · 2^12 · e / (8192 + Σxᵢ²),      limited to ±4 · 2^16
 *   cⱼ += (h · dⱼ + 2^7) / 2^8,     h = 26214 · 2^8 · e / (327680 + Σdⱼ²)
 * </pre>
 *
 * <p>with g and h rounded toward 0. This is normalized least mean squares; the second learns which
 * units are alike. Contexts differ:
 *
 * <table>
 * <caption>Contexts of values that are expected</caption>
 * <tr><th>of</th><th>instead of</th><th>contexts</th></tr>
 * <tr><td>significance</td><td>pattern; none</td><td>size of the start with the coarser classes of both
 *     logits; size of the value expected with that of the sum of both logits. Weights differ by the size
 *     expected</td></tr>
 * <tr><td>sign</td><td>signs of neighbours; sums and leanings</td><td>start, with its sign; value expected,
 *     with its sign, and whether the place leans to one</td></tr>
 * <tr><td>magnitude</td><td>the magnitude before</td><td>value expected, in the direction of the
 *     sign</td></tr>
 * </table>
 *
 * <p>Tables of logarithms are from {@link StrictMath}, which is exact to the bit everywhere; all
 * else is integer arithmetic.
 *
 * <h2>Codes beside something known</h2>
 *
 * <p>{@link dev.pare.codec.RelativeCode} codes what is like something that both sides have, in the
 * same arithmetic code, without flags before it.
 *
 * <p><i>Levels</i> beside other levels of as many rows and columns: −lowest and highest level as
 * above; whether no level is 0, at even odds; then, along the rows, significance (unless no level
 * is 0), sign and magnitude as above, by six contexts each in a {@link dev.pare.codec.Mixture}
 * whose weights are 1/5 at first. A context that has met nothing starts from the last one of its
 * bit.
 *
 * <table>
 * <caption>Contexts beside other levels; <i>other</i> is the one at the same place</caption>
 * <tr><th>of</th><th>contexts</th></tr>
 * <tr><td>significance</td><td>the place, and the line, with whether other is 0; other's magnitude up to 3
 *     with, left, before left and over, whether level and other are 0; other's magnitude up to 15 with
 *     the share of zeros that are none or the reverse; other's magnitude up to 3 with whether the levels
 *     at left, over and over right are 0, and the others at right, behind that and over right; other.
 *     Weights differ by other's magnitude up to 3</td></tr>
 * <tr><td>sign</td><td>the place, and the line, with other's sign; other; its sign with the signs at left,
 *     with those over, of level and other; its sign. Weights differ by its sign</td></tr>
 * <tr><td>magnitude</td><td>for each decision and sign: other's magnitude up to 15, if it has that sign, or
 *     0; running means of the place and of the line; and, with what other's magnitude foretells of this
 *     decision (0, 1, or nothing): the share of magnitudes that were not other's, the last difference
 *     from it up to ±3, and no more. Weights differ by decision and what is foretold</td></tr>
 * </table>
 *
 * <p><i>Numbers</i> of some bits beside as many others: the difference, modulo 2 to that power and
 * between half of it on either side: the length of its magnitude in unary, its sign, the bit below
 * the leading one, by adaptive probabilities of their own ({@link dev.pare.codec.AdaptiveBits});
 * the bits below that at even odds.
 *
 * <p><i>An order</i> of units, of each which of some others it is: whether it is one of them, by an
 * adaptive probability; whether it is the one behind the last, by another, if that is left; if not,
 * its rank among those left, at even odds, in as many bits as the greatest rank has.
 */
@NullMarked
package dev.pare.codec;

import org.jspecify.annotations.NullMarked;
