package io.espalier.engine.real;

import io.espalier.testkit.RealModels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The real networks as files. */
final class TestingFiles {

    private TestingFiles() {}

    /** A network of {@code docs/examples}. */
    static Path example(String name) {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("docs/examples"))) {
            folder = folder.getParent();
        }
        return folder.resolve("docs/examples/fashion-" + name + ".onnx");
    }

    /** All networks with prunable channels; those out of jars are copied to a folder. */
    static List<Path> prunable(Path folder) {
        List<Path> files = new ArrayList<>();
        for (String name : List.of("resnet20", "mobilenet", "vit", "resnet20-untrained")) {
            files.add(example(name));
        }
        files.add(RealModels.copy(RealModels.MINILM, folder));
        RealModels.PP_OCR.forEach(name -> files.add(RealModels.copy(name, folder)));
        return files;
    }
}
