package io.espalier.dist;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts the assembled folder in a process of its own, as the launcher does. */
final class Launcher {

    private static final long PATIENCE_SECONDS = 120;

    private final Path directory;
    private final List<String> options = new ArrayList<>();
    private final List<String> prefix = new ArrayList<>();

    /**
     * A launcher.
     *
     * @param directory working directory of the processes
     */
    Launcher(Path directory) {
        this.directory = directory;
    }

    /** Further options for the JVM. */
    Launcher jvm(String... more) {
        options.addAll(List.of(more));
        return this;
    }

    /** A command that starts the JVM: it gets the command line of the JVM as its last arguments. */
    Launcher within(String... command) {
        prefix.addAll(List.of(command));
        return this;
    }

    /** The assembled folder. */
    static Path home() {
        return Path.of(System.getProperty("espalier.home"));
    }

    /** A file of {@code docs/examples}. */
    static Path example(String name) {
        return Path.of("../../docs/examples").resolve(name).toAbsolutePath().normalize();
    }

    /** Runs a command to its end. */
    Result run(Object... arguments) {
        Path out = capture("out");
        Path err = capture("err");
        Process process = start(out, err, arguments);
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new IllegalStateException("no end after " + PATIENCE_SECONDS + " s: " + List.of(arguments));
            }
            return new Result(process.exitValue(), text(out), text(err));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Starts a command whose output goes to files. */
    Process start(Path out, Path err, Object... arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-Xshare:auto", "-Dfile.encoding=UTF-8"));
        command.addAll(options);
        command.add("-Despalier.home=" + home());
        command.add("-Despalier.terminals=");
        command.addAll(List.of("-cp", home().resolve("lib") + "/*", "io.espalier.cli.Main"));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        try {
            return new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path capture(String name) {
        try {
            return Files.createTempFile("espalier-test-", "." + name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path captured) {
        try {
            String text = Files.readString(captured, StandardCharsets.UTF_8);
            Files.delete(captured);
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a command did. */
    record Result(int exitCode, String out, String err) {}
}
