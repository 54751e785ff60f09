/**
 * The TFLite interpreter, in processes of its own: a damaged model can end or hang the process that runs it.
 * {@link io.espalier.adapter.tflite.run.Interpreters} gives runners for files or bytes; each talks to an
 * {@link io.espalier.adapter.tflite.run.InterpreterMain} through pipes. The only package that calls native code of TFLite.
 */
package io.espalier.adapter.tflite.run;
