/** Where neutral constants and operands live in a native model, and how they are changed there. */
package io.espalier.adapter.tflite.edit;
