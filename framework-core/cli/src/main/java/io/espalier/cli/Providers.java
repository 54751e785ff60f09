package io.espalier.cli;

import io.espalier.host.Catalogue;
import io.espalier.host.ExtensionPoint;
import io.espalier.host.Quarantined;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.data.DatasetReader;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.option.Options;
import io.espalier.spi.provider.Provider;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The extensions a command line names, with errors that tell a slip of the pen from a broken plug-in. */
final class Providers {

    private static final int SHORTEST_TELLING_NAME = 2;

    private final Catalogue catalogue;

    Providers(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /**
     * The extension of a kind with a name; what goes wrong in it is its own fault.
     *
     * @throws Failure usage, when nothing is called so; plug-in, when something that is called so is broken
     */
    <P extends Provider> P require(Class<P> type, String name) {
        try {
            return PluginGuard.guard(type, catalogue.get(type, name));
        } catch (InvalidInputException e) {
            Optional<Quarantined> broken = broken(name);
            if (broken.isPresent()) {
                throw Failure.of(
                        ExitCode.PLUGIN,
                        "the " + ExtensionPoint.of(type).noun() + " '" + name + "' cannot be used, "
                                + broken.get().subject() + " is broken: "
                                + broken.get().reason() + "; "
                                + broken.get().advice());
            }
            throw Failure.usage(e.getMessage()
                    + (catalogue.quarantined().isEmpty()
                            ? ""
                            : "; " + catalogue.quarantined().size()
                                    + " broken ones are left out, 'espalier plugins doctor' says why"));
        }
    }

    /** Options of an extension as typed, checked. */
    static Options options(Class<? extends Provider> type, Provider provider, Map<String, String> typed) {
        try {
            String owner = ExtensionPoint.of(type).noun() + " '" + provider.name() + "'";
            return Options.resolve(owner, provider.options(), typed);
        } catch (InvalidInputException e) {
            throw Failure.usage(e.getMessage());
        }
    }

    /** What runs neutral graphs. */
    GraphExecutor executor() {
        return catalogue.all(GraphExecutor.class).stream()
                .findFirst()
                .orElseThrow(
                        () -> Failure.of(
                                ExitCode.PLUGIN,
                                "no plug-in runs graphs, so nothing can be proved; 'espalier plugins doctor' says what is wrong"));
    }

    /** Opens a data set with the reader that recognises it. */
    Dataset dataset(String option, Path file) {
        List<DatasetReader> readers = catalogue.all(DatasetReader.class);
        byte[] head = FileSignature.of(file, reason -> Failure.of(ExitCode.FAILED, option + ": " + reason));
        return readers.stream()
                .filter(reader -> reader.recognises(file, head))
                .findFirst()
                .orElseThrow(() -> Failure.of(
                        readers.isEmpty() ? ExitCode.PLUGIN : ExitCode.FAILED,
                        option + ": '" + file + "' is no data set that a plug-in here can read (readers: "
                                + String.join(", ", catalogue.names(DatasetReader.class)) + ")"))
                .open(file);
    }

    /** A quarantined thing whose path, plug-in or class tells that it would have had this name. */
    private Optional<Quarantined> broken(String name) {
        String wanted = plain(name);
        return wanted.length() < SHORTEST_TELLING_NAME
                ? Optional.empty()
                : catalogue.quarantined().stream()
                        .filter(each ->
                                plain(String.valueOf(each.path().getFileName())).contains(wanted)
                                        || plain(each.plugin().orElse("")).contains(wanted)
                                        || plain(each.provider().orElse("")).contains(wanted))
                        .findFirst();
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }
}
