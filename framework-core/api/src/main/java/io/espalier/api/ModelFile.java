package io.espalier.api;

import io.espalier.engine.file.FileTrouble;
import io.espalier.engine.guard.GuardedAdapter;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.AdapterContext;
import io.espalier.spi.adapter.FrameworkAdapter;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.option.OptionSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Files that plug-ins recognise by their first bytes. */
final class ModelFile {

    /** Asked about first, so that the content of a file goes before an extension that is another framework's. */
    private static final Path NAMELESS = Path.of("model");

    private static final int HEAD_BYTES = 4096;

    private ModelFile() {}

    /**
     * The first bytes of a file.
     *
     * @param refusal makes the exception from what is wrong
     */
    static byte[] head(Path file, Function<String, EspalierException> refusal) {
        if (Files.isDirectory(file)) {
            throw refusal.apply("'" + file + "' is a folder; name a file in it");
        }
        if (!Files.exists(file)) {
            throw refusal.apply("there is no file '" + file + "'; check the path");
        }
        if (!Files.isRegularFile(file)) {
            throw refusal.apply("'" + file + "' is a pipe or a device; name a file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(HEAD_BYTES);
        } catch (IOException e) {
            throw refusal.apply("'" + file + "' cannot be read: " + FileTrouble.reason(e));
        }
    }

    /** The adapter that recognises a file; what it says when it refuses the file is a {@link ModelRefusedException}. */
    static FrameworkAdapter adapter(List<FrameworkAdapter> adapters, Path file) {
        if (adapters.isEmpty()) {
            throw new PluginBrokenException("no plug-in reads models: there is no adapter in a plug-in folder or on the"
                    + " class path; 'espalier plugins doctor' says what is wrong with the plug-in folders");
        }
        if (SavedModel.isFolder(file)) {
            throw refused(SavedModel.refusal(file));
        }
        byte[] head = head(file, ModelFile::refused);
        if (SavedModel.isGraph(file, head)) {
            throw refused(SavedModel.refusal(file));
        }
        return recognising(adapters, file, head)
                .<FrameworkAdapter>map(RefusingAdapter::new)
                .orElseThrow(() -> refused("'" + file + "' is not a model that a plug-in here can read (adapters: "
                        + adapters.stream().map(FrameworkAdapter::name).sorted().collect(Collectors.joining(", "))
                        + "); it may be cut off, or something else than its name says"));
    }

    private static Optional<FrameworkAdapter> recognising(List<FrameworkAdapter> adapters, Path file, byte[] head) {
        return Stream.of(NAMELESS, file)
                .flatMap(name ->
                        adapters.stream().map(GuardedAdapter::of).filter(adapter -> adapter.recognises(name, head)))
                .findFirst();
    }

    /** The adapter of the models that are named like a file, whatever it holds. */
    static Optional<FrameworkAdapter> namedLike(List<FrameworkAdapter> adapters, Path file) {
        return adapters.stream()
                .map(GuardedAdapter::of)
                .filter(adapter -> adapter.recognises(file, new byte[0]))
                .findFirst();
    }

    private static InputRefusedException refused(String message) {
        return new InputRefusedException(InputRefusedException.Reason.MODEL, message, null);
    }

    private record RefusingAdapter(FrameworkAdapter adapter) implements FrameworkAdapter {

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
        public List<OptionSpec> options() {
            return adapter.options();
        }

        @Override
        public Model open(Path file, AdapterContext context) {
            try {
                return adapter.open(file, context);
            } catch (InvalidInputException e) {
                throw new ModelRefusedException(e);
            }
        }
    }
}
