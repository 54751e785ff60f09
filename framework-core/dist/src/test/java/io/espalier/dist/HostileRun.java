package io.espalier.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Prunes a hostile file in a process of its own with a heap of 1 GB, and says what is wrong with how it ends. */
final class HostileRun {

    private static final Set<Integer> DOCUMENTED = Set.of(0, 1, 2, 3, 4, 5);

    private HostileRun() {}

    /**
     * How it ended.
     *
     * @param fault what must not be, if anything
     */
    record Result(int exitCode, String err, Optional<String> fault) {}

    static Result of(Path file, Path folder) throws IOException {
        Path target = Files.createTempDirectory(folder, "run");
        String name = file.getFileName().toString();
        Launcher.Result run = new Launcher(target)
                .jvm("-Xmx1g")
                .run(
                        "prune",
                        "-v",
                        file.toAbsolutePath(),
                        "--target",
                        "channels=50%",
                        "-o",
                        target.resolve("pruned" + name.substring(name.lastIndexOf('.'))));
        return new Result(run.exitCode(), run.err(), fault(run, target));
    }

    private static Optional<String> fault(Launcher.Result run, Path target) throws IOException {
        if (!DOCUMENTED.contains(run.exitCode())) {
            return Optional.of("exit code " + run.exitCode());
        }
        if (run.err().contains("this should not have happened") || run.err().contains("breaks its contract")) {
            return Optional.of("a defect");
        }
        if (run.err().contains("out of memory") || run.err().contains("nested too deeply")) {
            return Optional.of("the memory");
        }
        if (run.err().chars().anyMatch(each -> each < ' ' && each != '\n' && each != '\t' && each != '\r')) {
            return Optional.of("control characters");
        }
        try (Stream<Path> left = Files.list(target)) {
            return run.exitCode() == 0
                    ? Optional.empty()
                    : left.filter(each -> each.toString().matches(".*pruned\\.(onnx|tflite|zip)"))
                            .findFirst()
                            .map(each -> "an output beside an error: " + each);
        }
    }
}
