package io.espalier.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What must hold of the files of a request before any work is done. */
final class OutputRules {

    private OutputRules() {}

    /** Refuses a request to prune that would replace what it reads, or measure with what it repairs with. */
    static void check(Path model, RunSettings settings, Path output) {
        if (isSame(model, output) && !settings.replaceModel) {
            throw InputRefusedException.request(
                    "the output would replace the model that is pruned; give another output,"
                            + " or allow it: --force on the command line, replaceModel() in a program");
        }
        Optional<Path> plan = settings.plan.flatMap(PlanSource::file);
        List<DataFile> data = settings.data.map(Examples::files).orElse(List.of());
        List<DataFile> calibration = Stream.of(
                        settings.calibration(), settings.repair.map(RunSettings.RepairSettings::calibration))
                .flatMap(Optional::stream)
                .flatMap(each -> each.files().stream())
                .toList();
        List<DataFile> training = settings.fineTuning
                .map(RunSettings.FineTuneSettings::examples)
                .or(() -> settings.scheduled.examples())
                .map(Examples::files)
                .orElse(List.of());
        Stream<Path> examples =
                Stream.of(data, calibration, training).flatMap(List::stream).map(DataFile::file);
        Stream.concat(plan.stream(), examples).forEach(input -> {
            if (isSame(input, output)) {
                throw InputRefusedException.request(
                        "the output would replace '" + input + "', which the run reads; give another output");
            }
        });
        requireApart(data, calibration, "calibration", "what channels were scored on or weights repaired with");
        requireApart(data, training, "training examples", "what was trained on");
    }

    /** Refuses data that measures what other examples were used for. */
    static void requireApart(List<DataFile> data, List<DataFile> used, String what, String use) {
        for (DataFile one : data) {
            if (used.stream().anyMatch(other -> isSame(one.file(), other.file()) && one.overlaps(other))) {
                throw InputRefusedException.request(
                        "the " + what + " and the data are the same file; measuring on " + use
                                + " would flatter the result, so give two files, or 'FILE:train' as " + what
                                + " and 'FILE:valid' as data");
            }
        }
    }

    /** Refuses a plan file that would replace the model. */
    static void checkPlan(Path model, Path output) {
        if (isSame(model, output)) {
            throw InputRefusedException.request("the plan would replace the model; give another output");
        }
    }

    static boolean isSame(Path one, Path other) {
        try {
            return Files.exists(one) && Files.exists(other)
                    ? Files.isSameFile(one, other)
                    : one.toAbsolutePath()
                            .normalize()
                            .equals(other.toAbsolutePath().normalize());
        } catch (IOException e) {
            // Whatever makes them incomparable is reported by whoever opens them.
            return false;
        }
    }
}
