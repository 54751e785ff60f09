package io.espalier.cli;

import io.espalier.host.Catalogue;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.FrameworkAdapter;
import io.espalier.spi.adapter.Model;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Finds the adapter that opens a model file. */
final class ModelFile {

    /** Asked about first, so that the content of a file goes before an extension that is another framework's. */
    private static final Path NAMELESS = Path.of("model");

    private ModelFile() {}

    /** Opens a model. */
    static Model open(Catalogue catalogue, Path file) {
        return adapter(catalogue, file).open(file);
    }

    /**
     * The adapter that recognises a file; what it says when it refuses the file is a {@link ModelRefusedException}.
     *
     * @throws Failure when the file is missing or of no known kind
     */
    static FrameworkAdapter adapter(Catalogue catalogue, Path file) {
        List<FrameworkAdapter> adapters = catalogue.all(FrameworkAdapter.class);
        if (adapters.isEmpty()) {
            throw Failure.of(
                    ExitCode.PLUGIN,
                    "no plug-in reads models; 'espalier plugins doctor' says what is wrong with the plug-in folders");
        }
        byte[] head = FileSignature.of(file, reason -> Failure.of(ExitCode.MODEL, reason));
        return Stream.of(NAMELESS, file)
                .flatMap(name -> adapters.stream().filter(adapter -> adapter.recognises(name, head)))
                .findFirst()
                .map(RefusalsToldApart::new)
                .orElseThrow(() -> Failure.of(
                        ExitCode.MODEL,
                        "'" + file + "' is not a model that a plug-in here can read (adapters: "
                                + String.join(", ", catalogue.names(FrameworkAdapter.class))
                                + "); it may be cut off, or something else than its name says"));
    }

    private record RefusalsToldApart(FrameworkAdapter adapter) implements FrameworkAdapter {

        @Override
        public String name() {
            return adapter.name();
        }

        @Override
        public String description() {
            return adapter.description();
        }

        @Override
        public boolean recognises(Path file, byte[] head) {
            return adapter.recognises(file, head);
        }

        @Override
        public Model open(Path file) {
            try {
                return adapter.open(file);
            } catch (InvalidInputException e) {
                throw new ModelRefusedException(e);
            }
        }
    }
}
