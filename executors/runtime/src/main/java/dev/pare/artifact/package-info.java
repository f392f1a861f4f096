/**
 * The .pare file: a whole compressed network, architecture and parameters, nothing else needed to
 * run it. {@link dev.pare.artifact.ArtifactWriter} writes a {@link
 * dev.pare.artifact.CompressedNetwork}, {@link dev.pare.artifact.ArtifactReader} reads it, or opens
 * it as an {@link dev.pare.artifact.OpenArtifact} to decode single tensors. Sections say how long
 * they are, so that one is found without decoding those before it.
 *
 * <p>Depends on graph, prepare and codec, and on nothing but java.base. Layers that DL4J runs are
 * checked by a {@link dev.pare.artifact.ArchitectureCheck}.
 *
 * <h2>Format 7.0</h2>
 *
 * <p>Bytes. <i>varint</i>: an unsigned number of at most 31 bits, 7 bits a byte, the low ones
 * first, the top bit set in all bytes but the last (LEB128), in the fewest bytes. <i>f32</i>,
 * <i>f16</i>: IEEE 754 single and half, little-endian. <i>f8</i>: a sign, 4 bits of exponent and 3
 * of fraction (E4M3 of the OCP 8-bit Floating Point Specification; {@code S.1111.111} does not
 * occur); where they stand, they begin with a byte e, −128 to 119, and each means its value times
 * 2<sup>e</sup>. Other numbers are little-endian too.
 *
 * <table>
 * <caption>File</caption>
 * <tr><th>field</th><th>bytes</th><th>meaning</th></tr>
 * <tr><td>magic</td><td>4</td><td>{@code PARE} in ASCII</td></tr>
 * <tr><td>major</td><td>1</td><td>7; a reader refuses a greater one</td></tr>
 * <tr><td>minor</td><td>1</td><td>0; a greater one may add optional sections, nothing else</td></tr>
 * <tr><td>body length</td><td>varint</td><td>bytes of the body</td></tr>
 * <tr><td>body</td><td></td><td>architecture, then sections</td></tr>
 * <tr><td>checksum</td><td>4</td><td>CRC-32 of everything before it</td></tr>
 * </table>
 *
 * <table>
 * <caption>Architecture</caption>
 * <tr><th>field</th><th>bytes</th><th>meaning</th></tr>
 * <tr><td>channels, height, width</td><td>varint each</td><td>input shape</td></tr>
 * <tr><td>divisor</td><td>f32</td><td>of raw input values</td></tr>
 * <tr><td>layers</td><td>varint</td><td>how many, 1 to 4,096</td></tr>
 * <tr><td>layer</td><td>1</td><td>low 4 bits: 0 dense, 1 convolution, 2 pooling, 3
 *     batch normalization, 4 a layer that DL4J runs, 5 convolution with padding, 6 shortcut, 7
 *     LSTM, 8 positions, 9 layer normalization, 10 self-attention, 11 convolution of two different
 *     sides, 12 factored, 13 sparse activation, 14 one that reads elsewhere, 15 one that has a number;
 *     high 4 bits: the activation's {@link
 *     dev.pare.graph.Activation#code()}, the pooling's {@link dev.pare.graph.Pooling.Pool#code()}, the
 *     LSTM's {@link dev.pare.graph.Lstm.Steps#code()}, the factored layer's {@link
 *     dev.pare.graph.Factored.SparseResidual#code()}, the sparse activation's {@link
 *     dev.pare.graph.SparseActivation.Rule#code()}, 1 for self-attention whose heads have a width of their
 *     own, or 0</td></tr>
 * <tr><td></td><td>varint each</td><td>dense: units; convolution: filters, kernel, stride; pooling:
 *     window, stride; convolution with padding: filters, kernel, stride, padding, which is not 0;
 *     shortcut: index of the layer it starts from, the first being 0; LSTM: units; self-attention:
 *     heads, and, with 1 above, the numbers of a head, which are not 0; convolution of two different
 *     sides: filters, then kernel, stride and padding along the height, then along the width;
 *     top k: how many at most</td></tr>
 * <tr><td></td><td>varint</td><td>reads elsewhere: how many layers back what it reads first is, at
 *     least 2, the network's input standing before layer 0; then the layer as any other</td></tr>
 * <tr><td></td><td></td><td>has a number: that number (varint), then 0 convolution: filters, groups,
 *     and for the height and the width kernel, stride, dilation and padding before and after; 1
 *     pooling: its code (1 byte) and the same of its windows; 2 function: its code (1 byte) and its
 *     constants (f32); 3 concatenation; 4 channel selection: how many channels, then runs, each its
 *     first channel, how many, and if these are several the step s from one to the next, as 2s, or
 *     −2s − 1 where it is negative; 5 arithmetic: its code (1 byte); 6 zero padding: above, below,
 *     left and right; 7 GRU: its code (1 byte) and units; 20 softmax: its code (1 byte); 21 PReLU; 22 pooling of channels: its code (1 byte); 23
 *     group normalization: groups, 0 for one of each channel, epsilon (f32); 24 transposed convolution: as 0, then further rows
 *     and columns; 25 interpolation: codes of its method and coordinates (1 byte each), then for the
 *     height and the width places of the output and their scale (f32); 26 rearrangement:
 *     channels of the output, or 0 if each is rearranged by itself, height, width, the first number,
 *     how many sides, and for each its length and its stride s, as 2s, or −2s − 1 where it is
 *     negative; 40 embedding: tokens and width; 41 crop: above, below,
 *     left and right; 42 reversal; 43 self-attention
 *     with biases: heads, and numbers of a head or 0; 44 matrix product: the code of its form (1 byte);
 *     45 mask: the code of its effect (1 byte), its number (f32), its period, how many progressions of
 *     runs, and for each the first run's first number and length, how many runs, and if these are
 *     several from one's beginning to the next one's and how much g each is longer than the one before it,
 *     as 2g, or −2g − 1 where it is negative; 46 8-bit quantization: scale (f32) and zero point (1 byte). Other numbers are varints. Behind
 *     concatenations, arithmetic and matrix products stands how many layers they read beside the first, and behind
 *     these, as behind every shortcut, their indices; a layer's own stands for the network's
 *     input</td></tr>
 * <tr><td></td><td>f32</td><td>threshold, and what a binary activation says</td></tr>
 * <tr><td></td><td></td><td>factored: the inner layer as any other that can be: dense, convolution,
 *     LSTM, GRU, self-attention or embedding; then the rank of each of its weights (varints), 0 for one that is held as it
 *     is. Each other weight's tensor is replaced by U, V and, if there is a sparse residual, S</td></tr>
 * <tr><td></td><td>f32</td><td>layer normalization: epsilon</td></tr>
 * <tr><td></td><td></td><td>batch normalization: epsilon (f32). A layer that DL4J runs: its JSON;
 *     channels, height and width of its output (varints); how many parameter tensors (varint), and
 *     for each its name, 0 for a weight or 1 (1 byte), rows and columns (varints). Texts are a
 *     varint, their length in bytes, and UTF-8</td></tr>
 * </table>
 *
 * <p>Each section is a kind (1 byte), the length of its content (varint), and its content. Kinds 0
 * to 127 are tensors in a {@link dev.pare.artifact.Representation}: exactly one for each of {@link
 * dev.pare.graph.Architecture#tensors()}, in that order; their shapes and names (DL4J's standard
 * ones) follow from the architecture. Kinds 128 to 255 are optional, may stand between or after
 * them, and are skipped where unknown; this format defines two, each at most once. 128 stands
 * before all tensors: the {@link dev.pare.artifact.Origin}, from which the {@link
 * dev.pare.codec.InitialValues} of the codes of uniform and codebook weights (kinds 3 to 5) follow.
 * 129 is the {@link dev.pare.prepare.Preparation}: how raw rows become the network's features, and
 * the names of its classes.
 *
 * <table>
 * <caption>Contents of tensor sections</caption>
 * <tr><th>kind</th><th>content</th></tr>
 * <tr><td>1 floats</td><td>f32 for each value, row-major</td></tr>
 * <tr><td>2 sparse floats</td><td>coding (1 byte: low 6 bits {@link
 *     dev.pare.codec.LevelCoding#code()}; top bit: the section's floats are f16; the bit below: they
 *     are f8; not both); length of the
 *     mask's code (varint); code of the mask, level 1 for each nonzero; float for each
 *     nonzero</td></tr>
 * <tr><td>3 uniform</td><td>coding; scale (float); code of the levels to the end. A value is level ·
 *     scale</td></tr>
 * <tr><td>4 uniform by row</td><td>coding; float for each row, its scale; code of the levels</td></tr>
 * <tr><td>5 codebook</td><td>coding; how many negative centroids, how many positive (varint each); float
 *     for each, ascending; code of the levels. Level −1 is the negative centroid nearest zero, level
 *     1 the least positive one</td></tr>
 * <tr><td>6 halves</td><td>f16 for each value, row-major</td></tr>
 * <tr><td>7 quarters</td><td>f8 for each value, row-major</td></tr>
 * <tr><td>8 uniform by group</td><td>coding; columns of a group (varint), 1 to all: each row falls
 *     into such groups, its last one perhaps narrower; length of the levels' code (varint); code of
 *     the levels; float for each group with a level other than 0, row by row: its scale</td></tr>
 * <tr><td>9 powers of two</td><td>coding; least exponent k, −128 to 127 (1 byte); code of the levels.
 *     Level n is 2<sup>k + n − 1</sup>, −n its negative</td></tr>
 * <tr><td>10 product</td><td>coding; numbers of a word (varint), 1 to as many as columns; words (varint),
 *     at most 256; float for each number of each word; code of a matrix with a column for each run of so
 *     many columns as a word has numbers: n for word n from 1, 0 for zeros. The last run of a row may
 *     be cut short, and its word too</td></tr>
 * </table>
 *
 * <table>
 * <caption>Content of an origin</caption>
 * <tr><th>field</th><th>bytes</th><th>meaning</th></tr>
 * <tr><td>seed</td><td>8</td><td>of the first network</td></tr>
 * <tr><td>units</td><td>varint</td><td>for each layer whose units may have gone, in their order: how
 *     many there were; the first network's parameters and all that is skipped together at most 2^20 +
 *     16 for each parameter there is</td></tr>
 * <tr><td>order</td><td>1</td><td>0: all are left, in order; 1: some, in order; 2: in another
 *     order</td></tr>
 * <tr><td>left</td><td></td><td>order 1: a bit for each there was, the high ones of a byte first, 1 if
 *     it is left. Order 2: for each in its order now, its number among those not yet named, in as many
 *     bits as the greatest such number has. Then zeros to a whole byte</td></tr>
 * <tr><td>skips</td><td>varint each</td><td>to the end of the content: how many drawn tensors lie
 *     between the one of the last skip (at first: of all) and one before whose numbers others were
 *     drawn, for layers that have gone; how many, at least 1</td></tr>
 * </table>
 *
 * <table>
 * <caption>Content of a preparation. Texts are a varint, their length in bytes, and UTF-8</caption>
 * <tr><th>field</th><th>bytes</th><th>meaning</th></tr>
 * <tr><td>columns</td><td>varint</td><td>how many columns a raw row has; 0 if features are read as
 *     they are</td></tr>
 * <tr><td>column</td><td></td><td>for each its name (text) and a byte k. Bit 0 of k is 0 for numbers:
 *     then, if bit 1 is set, what stands for missing ones (f32), and, if bit 2 is set, mean and
 *     deviation (f32 each), 0 and 1 otherwise; the feature is (x − mean) / deviation. Bit 0 is 1 for
 *     texts: then the categories (varint, how many, and as many texts, ascending), each a feature that
 *     is 1 for its own text and 0 for others; missing and unknown texts are 0 in all of them if bit 1
 *     is set, and are refused otherwise</td></tr>
 * <tr><td>classes</td><td>varint</td><td>how many names follow (texts), those of the network's outputs
 *     in order; 0 if they have none</td></tr>
 * </table>
 *
 * <p>The layers whose units may have gone are self-attention, whose units are its heads, and each
 * dense layer or convolution that is followed by another of these, with nothing between but
 * pooling, batch normalization and sparse activations, and from neither of which, the second left
 * out, a shortcut starts.
 *
 * <h2>Where weights began</h2>
 *
 * <p>The first network has the architecture of the file, but for units and heads, of which it has
 * as many as there were; a head keeps its width. Its tensors are gone through in the order of the
 * file. <i>Drawn</i> are weights, those of factors among them, and positions; a drawn tensor takes
 * the next standard normal numbers, a number for each of its values, row-major, after as many as
 * are skipped before it. The value of a weight is its number times its tensor's deviation. Numbers
 * are of a generator with the 64-bit state s, at first the seed; arithmetic is modulo 2^64, shifts
 * are unsigned (SplitMix64, {@link java.util.SplittableRandom}):
 *
 * <pre>
 *   next:     s = s + 0x9e3779b97f4a7c15
 *             z = (s xor (s &gt;&gt; 30)) · 0xbf58476d1ce4e5b9
 *             z = (z xor (z &gt;&gt; 27)) · 0x94d049bb133111eb
 *             z xor (z &gt;&gt; 31)
 *   uniform:  (next &gt;&gt; 11) / 2^53
 *   normal:   u = 2 · uniform − 1,  v = 2 · uniform − 1,  r = u · u + v · v,
 *             again until 0 &lt; r &lt; 1;  then u · √(−2 · ln(r) / r)
 * </pre>
 *
 * <p>in IEEE 754 double precision from left to right, {@code ln} being that of fdlibm 5.3 ({@link
 * StrictMath#log}). The second number that the polar method could give is not used.
 *
 * <table>
 * <caption>Deviation of a weight tensor of the first network</caption>
 * <tr><th>layer</th><th>deviation</th></tr>
 * <tr><td>dense or convolution with ReLU, or right before a sparse activation</td>
 *     <td>√(2 / columns)</td></tr>
 * <tr><td>LSTM of n units</td><td>√(2 / (columns + n))</td></tr>
 * <tr><td>other convolutions, and transposed ones</td><td>√(2 / (columns + rows · height · width of the
 *     kernel))</td></tr>
 * <tr><td>all others; factored layers too, whatever they are made of</td><td>√(2 / (columns +
 *     rows))</td></tr>
 * </table>
 *
 * <p>In the first network's weights the rows of units that are left, and the columns that read
 * them, stand where they were; in the file's, in the order that the section says. Rows are of a
 * unit of a dense layer or convolution one of its weight, of a head as many as it is wide of each
 * of the queries, keys and values; columns as many as it is wide of the outputs, or, of the next
 * dense layer or convolution, as many as read one unit, side by side: the places of its channel or
 * of the kernel. In the units of {@link dev.pare.codec.InitialValues} a start is 128 times its
 * number, a value 128 times what its level stands for, divided by the deviation, both rounded to
 * the nearest whole number, halves up.
 *
 * <p>The frame of LeNet-300-100, which is everything but codes, tables and floats, takes 46 to 60
 * bytes. A writer takes f8 or f16 wherever it loses nothing.
 *
 * <p>All values of tensors are finite, and variances of batch normalization at least 0: readers
 * refuse others, since a network makes outputs of them that look like answers.
 *
 * <h2>Deltas, format 1.0</h2>
 *
 * <p>{@link dev.pare.artifact.DeltaReader} makes a file, byte for byte, of an older one and of what
 * {@link dev.pare.artifact.DeltaWriter} wrote. A delta has the frame of a file, with the magic
 * {@code PARD}, and this body:
 *
 * <table>
 * <caption>Body of a delta</caption>
 * <tr><th>field</th><th>bytes</th><th>meaning</th></tr>
 * <tr><td>old, new</td><td>32 each</td><td>SHA-256 of the older file, which is checked before anything else,
 *     and of the file, which is checked before it is given away</td></tr>
 * <tr><td>major, minor</td><td>1 each</td><td>of the file's format</td></tr>
 * <tr><td>length</td><td>varint</td><td>of the architecture that follows, as files have it; 0, and nothing,
 *     if it is the older one's</td></tr>
 * <tr><td>length</td><td>varint</td><td>of the maps that follow, one for each layer in a chain whose units may
 *     have gone (see origins) but self-attention: 0, units are those of the same number; 1, those that
 *     origins of the same seed say; or 2, a length (varint) and the code of their order</td></tr>
 * <tr><td>sections</td><td></td><td>for each section of the file a byte: 0, the older file's tensor of the same
 *     number; 1 and a kind, its first section of that kind, which is no tensor, once; 2, kind, length
 *     and content as in files; 3, kind, length (varint) and what follows</td></tr>
 * </table>
 *
 * <p>A tensor of the last sort is coded beside its values in the older file, 0 where it had none,
 * rows and columns moved as the maps say. It begins, but for floats, with the mode of the code that
 * the file has of the levels (its flags' high 3 bits) and the stride or 0 (1 byte each), so that
 * the levels give that code again. Then follow the fields of its kind in files, with these
 * differences: there is no coding; a table of floats is a width (1 byte: the bits beside a coding),
 * with f8 the exponent, a length (varint) and a code of numbers; a code of levels has a length
 * before it.
 *
 * <ul>
 *   <li>Floats are numbered in their order, from −NaN to NaN, within their width, and stand beside
 *       the older values; scales, centroids and words beside those of the same row, level or
 *       number, or of the level nearest to it, if the older tensor is of that sort, or else 0.
 *   <li>Levels stand beside those nearest to the older values; what was not 0 beside none that is
 *       0, of the same sign. Masks stand beside what was not 0.
 *   <li>Uniform by group: the group is followed by the greatest magnitude of a level (varint).
 *       Older scales are the greatest magnitude of a value in a group, divided by that.
 *   <li>Words: the nearest one, zeros among them, by squared distance; none where that takes more
 *       than 2^28 comparisons. All words together have at most as many numbers as the tensor, or
 *       2^16.
 * </ul>
 *
 * <h2>History</h2>
 *
 * <ul>
 *   <li>6.0: origins of all layers, of heads and layers that have gone. Readers of it read 1.0 to
 *       5.0, too.
 *   <li>5.0: even signs.
 *   <li>4.0: layers 11, 12 and 13; widths of heads.
 *   <li>3.0: layers 5 to 10; origins.
 *   <li>2.0: f8; kinds 7 to 10.
 *   <li>1.0: the first.
 * </ul>
 */
@NullMarked
package dev.pare.artifact;

import org.jspecify.annotations.NullMarked;
