package io.espalier.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.cli.PluginProject.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a project of a plug-in. */
@Command(
        name = "new",
        header = "Make a Maven project of a plug-in: a class, its contract test, and what Espalier needs to load it.",
        description = {
            "The project builds and passes its test as it is. Maven finds the SPI and the contract tests in the",
            "distribution, everything else in its usual repository."
        },
        footer = {
            "  espalier plugins new criterion signed-sum",
            "  espalier plugins new adapter toy",
            "  espalier plugins new regularizer pull --package org.example.pruning -o pull"
        })
final class PluginsNewCommand extends AbstractCommand {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final int LONGEST = 64;
    private static final Pattern PACKAGE = Pattern.compile("[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)*");

    @Parameters(
            index = "0",
            paramLabel = "KIND",
            description = {
                "What it brings: criterion, allocator, schedule, loss, optimizer, regularizer,",
                "metric, compensator, reader (of data sets), operator, or adapter (of files)."
            })
    private Kind kind;

    @Parameters(index = "1", paramLabel = "NAME", description = "Its name, such as signed-sum.")
    private String name;

    @Option(
            names = "--package",
            paramLabel = "PACKAGE",
            defaultValue = "com.example",
            description = "The Java package (default: ${DEFAULT-VALUE}).")
    private String packageName;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FOLDER",
            description = "The folder of the project, which is empty or does not exist (default: KIND-NAME).")
    private Path output;

    PluginsNewCommand(Environment environment) {
        super(environment);
    }

    @Override
    int run() {
        check();
        Path folder = output == null ? Path.of(kind.word() + "-" + name) : output;
        Path repository = environment
                .home()
                .map(home -> home.resolve("repository"))
                .filter(Files::isDirectory)
                .orElseThrow(() -> Failure.of(
                        ExitCode.FAILED,
                        "this Espalier has no folder 'repository' with the SPI, which the project would be built"
                                + " against; run the launcher of a whole distribution"));
        try {
            requireEmpty(folder);
            new PluginProject(kind, name, packageName).write(folder, repository.toAbsolutePath());
        } catch (IOException e) {
            throw Failure.of(ExitCode.FAILED, "the project cannot be written to '" + folder + "': " + e, e);
        }
        tell(folder);
        return ExitCode.OK;
    }

    private void tell(Path folder) {
        if (common.json) {
            ObjectNode json = Json.document("plugin-project").put("output", folder.toString());
            print(Json.text(json));
        } else {
            printPath("project", folder);
            print("mvn -f " + folder + " package   builds and tests it; its README.md says how to use it");
        }
    }

    private void check() {
        if (!NAME.matcher(name).matches() || name.length() > LONGEST) {
            throw Failure.usage("a plug-in cannot be called '" + name
                    + "'; give lower-case letters, digits and dashes, such as signed-sum");
        }
        if (!PACKAGE.matcher(packageName).matches()) {
            throw Failure.usage("'" + packageName + "' is no package; give one such as org.example.pruning");
        }
    }

    private static void requireEmpty(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        if (!Files.isDirectory(folder)) {
            throw Failure.usage("'" + folder + "' is a file; name a folder that is empty or does not exist");
        }
        try (Stream<Path> files = Files.list(folder)) {
            if (files.findAny().isPresent()) {
                throw Failure.usage("'" + folder + "' is not empty; name a folder that is, or does not exist");
            }
        }
    }
}
