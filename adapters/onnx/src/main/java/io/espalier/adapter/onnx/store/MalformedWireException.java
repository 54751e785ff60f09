package io.espalier.adapter.onnx.store;

import java.io.IOException;

/** Bytes that are not protobuf. */
final class MalformedWireException extends IOException {

    private static final long serialVersionUID = 1L;

    MalformedWireException(String what, long position) {
        super(what + " at byte " + position);
    }
}
