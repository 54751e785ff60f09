/**
 * ONNX files on disk, of any size. {@link io.espalier.adapter.onnx.store.ModelSource} opens a file with the external files it
 * names and decodes it into a {@link io.espalier.adapter.onnx.store.ModelImage}: the messages, with the payloads of large tensors
 * left where they lie. {@link io.espalier.adapter.onnx.store.ModelWriter} writes an image back, payloads that nobody changed
 * byte for byte, beyond 2 GiB into external data.
 */
package io.espalier.adapter.onnx.store;
