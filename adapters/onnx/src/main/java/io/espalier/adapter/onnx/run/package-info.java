/**
 * onnxruntime: {@link io.espalier.adapter.onnx.run.OrtSessions} loads models with the settings of a purpose and explains what
 * the runtime refuses; what it returns runs tensors and keeps nothing else. The only package that calls the runtime's native
 * code.
 */
package io.espalier.adapter.onnx.run;
