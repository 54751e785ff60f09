/** From TFLite operators to the neutral graph, and what is needed to carry edits back. */
package io.espalier.adapter.tflite.lift;
