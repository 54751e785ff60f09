/**
 * The TFLite adapter: opens, edits, writes and runs {@code .tflite} files.
 *
 * <p>The way in is {@link io.espalier.adapter.tflite.TfliteAdapter}; what it opens, {@code TfliteModel}, ties the rooms
 * together: {@code store} decodes and encodes the FlatBuffer, {@code lift} brings the main graph to the neutral opset with
 * channels second, {@code TfliteEditor} and {@code edit} carry edits back, {@code run} is the interpreter.
 */
package io.espalier.adapter.tflite;
