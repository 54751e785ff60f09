package io.espalier.api;

import io.espalier.engine.data.SyntheticExamples;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.RunContext;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.option.Options;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Examples as a request names them.
 *
 * @param files the files they lie in, none when they were given as an object
 * @param object the examples, empty when they lie in files
 */
record Examples(List<DataFile> files, Optional<Dataset> object) {

    static Examples in(Path file) {
        return in(List.of(DataFile.of(file)));
    }

    static Examples in(List<DataFile> files) {
        if (files.isEmpty()) {
            throw new IllegalArgumentException("no file of examples is named");
        }
        return new Examples(List.copyOf(files), Optional.empty());
    }

    static Examples of(Dataset dataset) {
        return new Examples(List.of(), Optional.of(dataset));
    }

    /** The examples; each file is opened with the reader that recognises it. */
    Dataset open(
            String setting,
            Extensions extensions,
            Shipped shipped,
            Map<String, String> options,
            long seed,
            RunContext context) {
        if (object.isPresent()) {
            return object.get();
        }
        List<Dataset> parts = files.stream()
                .map(each ->
                        Selection.of(extensions.dataset(setting, each.file(), shipped, options, context), each, seed))
                .toList();
        return parts.size() == 1
                ? parts.get(0)
                : new JoinedDataset(
                        parts,
                        files.stream().map(each -> each.file().toString()).toList());
    }

    /** Whether the word {@code synthetic} stands among the files. */
    boolean isSynthetic() {
        return files.stream().anyMatch(DataFile::isSynthetic);
    }

    /** Examples made from the model. */
    Dataset synthetic(Extensions extensions, Map<String, String> options, long seed, Map<String, Long> extents) {
        DataFile only = files.get(0);
        if (files.size() > 1 || only.part() != DataFile.Part.ALL) {
            throw InputRefusedException.request(
                    "synthetic calibration stands alone and has no parts; name 'synthetic' or 'synthetic:N', or files");
        }
        Map<String, String> given = new TreeMap<>(options);
        only.most().ifPresent(count -> given.put("count", Integer.toString(count)));
        return SyntheticExamples.of(
                Failures.understood(
                        () -> Options.resolve("calibration 'synthetic'", SyntheticExamples.options(), given)),
                seed,
                Operators.standard().with(extensions.operators()),
                extents);
    }
}
