/** The interpreter. The only package that loads native code. */
package io.espalier.adapter.tflite.run;
