/** Reads, writes and runs TFLite models. */
package io.espalier.adapter.tflite;
