/** The ONNX adapter: {@link OnnxAdapter} opens files, {@link OnnxExecutor} runs neutral graphs, {@link OnnxFiles} saves them. */
package io.espalier.adapter.onnx;
