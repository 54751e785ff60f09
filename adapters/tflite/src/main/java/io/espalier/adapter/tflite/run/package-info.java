/**
 * The TFLite interpreter: {@link io.espalier.adapter.tflite.run.InterpreterRunner} loads a file or bytes and runs tensors. The only
 * package that calls its native code.
 */
package io.espalier.adapter.tflite.run;
