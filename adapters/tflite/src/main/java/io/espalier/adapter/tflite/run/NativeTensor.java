package io.espalier.adapter.tflite.run;

import java.nio.ByteBuffer;

/**
 * A tensor of the interpreter.
 *
 * @param type element type as the interpreter numbers it
 * @param shape extents
 * @param data its memory in the interpreter, from position 0
 */
record NativeTensor(int type, int[] shape, ByteBuffer data) {}
