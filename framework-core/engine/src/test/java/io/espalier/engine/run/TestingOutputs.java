package io.espalier.engine.run;

import io.espalier.events.JournalReader;
import io.espalier.events.v1.PruningEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What a run with the output {@code pruned.onnx} leaves in a folder. */
final class TestingOutputs {

    private TestingOutputs() {}

    static List<PruningEvent> journal(Path folder) throws IOException {
        return JournalReader.read(folder.resolve("pruned.onnx.events")).events();
    }

    static TreeSet<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            TreeSet<String> names = new TreeSet<>();
            files.forEach(file -> names.add(file.getFileName().toString()));
            return names;
        }
    }
}
