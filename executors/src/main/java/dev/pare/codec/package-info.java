/**
 * Bits: lossless coders of levels, the small signed integers that stand for a tensor's values.
 *
 * <p>{@link dev.pare.codec.LevelCoder} is the contract, {@link dev.pare.codec.LevelCoding} names
 * the coders there are and the number each has in a file. Depends on nothing but java.base.
 *
 * <h2>Code {@link dev.pare.codec.LevelCoding#RELATIVE_HUFFMAN}</h2>
 *
 * <p>Deep Compression's code (Han, Mao and Dally 2016): nonzeros by their distance from the one
 * before along the row-major scan, distances and levels in a Huffman code each. A stream of bits,
 * the most significant of each byte first:
 *
 * <table>
 * <caption>Fields in order</caption>
 * <tr><th>field</th><th>bits</th><th>meaning</th></tr>
 * <tr><td>width</td><td>4</td><td>0 to 14: index width w; 15: dense, without an index</td></tr>
 * <tr><td>nonzeros</td><td>number</td><td>not if dense; if it is 0, nothing follows</td></tr>
 * <tr><td>index lengths</td><td>lengths</td><td>not if dense; of 2^w + 1 symbols</td></tr>
 * <tr><td>lowest, highest</td><td>10 each</td><td>the least and greatest level to come, plus
 *     256</td></tr>
 * <tr><td>value lengths</td><td>lengths</td><td>of highest − lowest + 1 symbols</td></tr>
 * <tr><td>index codes</td><td>Huffman</td><td>not if dense; for each nonzero, zeros before it:
 *     symbol 0 skips 2^w zeros (a filler), symbol 1 + g skips g &lt; 2^w zeros and places the
 *     nonzero</td></tr>
 * <tr><td>value codes</td><td>Huffman</td><td>symbol level − lowest; for each nonzero, or for each
 *     level if dense</td></tr>
 * <tr><td>padding</td><td>0 to 7</td><td>zeros up to a whole byte</td></tr>
 * </table>
 *
 * <p>Deep Compression makes a filler an ordinary entry with the value zero; a symbol of its own
 * spares it the value and is never longer.
 *
 * <p>A <i>number</i> n ≥ 0 is 5 bits for its length in bits, then its bits but the leading one.
 *
 * <p><i>Lengths</i> are code lengths, 1 to 15, of an alphabet of known size, symbol after symbol,
 * as changes against the last symbol that had one (4 before the first):
 *
 * <table>
 * <caption>Tokens</caption>
 * <tr><th>token</th><th>meaning</th></tr>
 * <tr><td>0</td><td>the same length</td></tr>
 * <tr><td>10</td><td>one longer</td></tr>
 * <tr><td>110</td><td>one shorter</td></tr>
 * <tr><td>1110 + Elias gamma code of n</td><td>n symbols do not occur</td></tr>
 * <tr><td>1111 + 4 bits</td><td>this length</td></tr>
 * </table>
 *
 * <p>The lengths satisfy Kraft's equality, except that a symbol alone has length 1 here and costs
 * no bits at all where it occurs. Codes are canonical: shorter ones first, equal lengths in the
 * order of the symbols, counting up.
 */
@NullMarked
package dev.pare.codec;

import org.jspecify.annotations.NullMarked;
