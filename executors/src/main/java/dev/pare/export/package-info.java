/**
 * Networks for other runtimes: whatever a .pare file holds as an ONNX model, or as a DL4J zip,
 * which are run before they count.
 *
 * <p>{@link dev.pare.export.OnnxExport} goes through the network's layers; each is a line of {@link
 * dev.pare.export.Exporters} and a function that adds nodes to an {@link
 * dev.pare.export.OnnxModel}. What flows between them is {@code [batch, channels, height, width]},
 * or {@code [batch, channels]} of a single place.
 *
 * <p>{@link dev.pare.export.ActivationRanges} calibrates a model whose activations are quantized.
 *
 * <p>{@link dev.pare.export.DeltaExport} makes what is new in a .pare file against an older one.
 *
 * <p>Names and numbers are those of the ONNX operator specification, of the default domain and, for
 * categories, of {@code ai.onnx.ml}.
 */
@NullMarked
package dev.pare.export;

import org.jspecify.annotations.NullMarked;
