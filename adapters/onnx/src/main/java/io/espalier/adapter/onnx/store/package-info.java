/** Files: model messages without their weights in memory, tensors that are read in blocks, safe writing. */
package io.espalier.adapter.onnx.store;
