package io.espalier.adapter.onnx.run;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/**
 * Memory outside of the heap for the inputs of a session, used again in each run. Buffers of one run each would stay until the heap is full
 * enough to be collected: a training of ResNet-18 held half a gigabyte of them. Not thread-safe.
 */
final class InputBuffers {

    private final Map<String, ByteBuffer> buffers = new HashMap<>();

    /** A direct buffer of this size or somewhat larger; what the last run left in it may be overwritten. */
    ByteBuffer of(String input, long size) {
        ByteBuffer last = buffers.get(input);
        if (last != null && last.capacity() >= size && last.capacity() / 2 <= size) {
            return last;
        }
        ByteBuffer next = ofOneRun(size);
        buffers.put(input, next);
        return next;
    }

    /** A direct buffer that nothing else uses. */
    static ByteBuffer ofOneRun(long size) {
        return ByteBuffer.allocateDirect(Math.toIntExact(size)).order(ByteOrder.nativeOrder());
    }
}
