/** Running models in onnxruntime; the only package that knows its classes. */
package io.espalier.adapter.onnx.run;
