/**
 * The ONNX adapter: opens, edits, writes and runs {@code .onnx} files, and runs neutral graphs in onnxruntime.
 *
 * <p>The way in is {@link io.espalier.adapter.onnx.OnnxAdapter}; what it opens, {@code OnnxModel}, ties the rooms together:
 * {@code store} reads and writes the file without holding its weights, {@code lift} brings it to the neutral opset and
 * remembers where everything lies, {@code OnnxEditor} carries edits back, {@code run} loads it into the runtime.
 * {@link io.espalier.adapter.onnx.OnnxExecutor} compiles neutral graphs, {@link io.espalier.adapter.onnx.OnnxFiles} saves
 * them.
 */
package io.espalier.adapter.onnx;
