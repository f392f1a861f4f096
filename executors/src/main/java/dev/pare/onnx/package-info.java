/**
 * Networks from ONNX files, compared with what ONNX Runtime makes of them.
 *
 * <p>The way of a file: {@link dev.pare.onnx.GraphReader} checks its bytes and makes a {@link
 * dev.pare.onnx.Graph} of typed nodes; {@link dev.pare.onnx.Import} follows these as they run for
 * one example, so that every shape is known: each {@link dev.pare.onnx.Operator} either computes a
 * constant or rearranges what flows, or adds to the {@link dev.pare.onnx.NetworkBuilder} of layers.
 * An operator is a line of {@link dev.pare.onnx.Operators} and a function.
 *
 * <p>Names and numbers are those of the ONNX operator specification, for the default domain.
 */
@NullMarked
package dev.pare.onnx;

import org.jspecify.annotations.NullMarked;
