package io.espalier.adapter.tflite;

import io.espalier.adapter.tflite.store.NativeModel;
import io.espalier.adapter.tflite.store.Operators;
import io.espalier.adapter.tflite.store.Payload;
import io.espalier.adapter.tflite.store.TfliteFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.lite.schema.Model;

/** Looks into files. */
final class TestingFiles {

    private TestingFiles() {}

    /** Operator types of the main graph in order. */
    static List<String> operators(Path file) {
        NativeModel model = decode(file);
        return Arrays.stream(model.subgraphs().get(0).getOperators())
                .map(operator -> Operators.name(model, operator))
                .toList();
    }

    /** Places of payloads that do not lie where the interpreter's kernels expect them. */
    static List<Integer> unaligned(Path file) {
        try {
            Model model = Model.getRootAsModel(ByteBuffer.wrap(Files.readAllBytes(file)));
            return IntStream.range(0, model.buffersLength())
                    .filter(i -> model.buffers(i).dataLength() > 0)
                    .map(i -> model.buffers(i).dataAsByteBuffer().position())
                    .filter(place -> place % 16 != 0)
                    .boxed()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static NativeModel decode(Path file) {
        try (TfliteFile open = TfliteFile.open(file)) {
            NativeModel model = open.decode();
            model.buffers().replaceAll(payload -> Payload.of(payload.bytes()));
            return model;
        }
    }
}
