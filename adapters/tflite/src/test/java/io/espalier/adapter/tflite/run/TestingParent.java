package io.espalier.adapter.tflite.run;

import io.espalier.adapter.tflite.store.Payload;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A process that loads a model, names the process in which it did so, and waits to be killed. */
public final class TestingParent {

    private TestingParent() {}

    public static void main(String[] arguments) throws Exception {
        Payload model = Payload.of(ByteBuffer.wrap(Files.readAllBytes(Path.of(arguments[0]))));
        new Interpreters().open(model, List.of("x"), List.of("y"));
        System.out.println(
                ProcessHandle.current().children().findFirst().orElseThrow().pid());
        Thread.sleep(Long.MAX_VALUE);
    }
}
