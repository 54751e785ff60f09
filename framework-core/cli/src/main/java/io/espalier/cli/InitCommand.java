package io.espalier.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.api.DataFile;
import io.espalier.api.Espalier;
import io.espalier.api.Inspection;
import io.espalier.cli.text.Clean;
import io.espalier.cli.text.Figures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks for what a run needs and writes it as a file of options. */
@Command(
        name = "init",
        header = "Ask what to prune a model to and with which data, and write a file for 'prune --config'.",
        description =
                "Answers are read from the standard input, a line each; an empty line takes what stands in brackets.",
        footer = {
            "  espalier init model.onnx",
            "  espalier prune --config prune.yaml -o pruned.onnx",
            "  printf 'valid.npz\\ntrain.npz\\naccuracy=-1\\n' | espalier init model.onnx -o prune.yaml"
        })
final class InitCommand extends AbstractCommand {

    @Parameters(paramLabel = "MODEL", description = "The model file.")
    private Path model;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            defaultValue = "prune.yaml",
            description = "The file to write (default: ${DEFAULT-VALUE}).")
    private Path output;

    @Option(names = "--force", description = "Replace a file that is there.")
    private boolean force;

    InitCommand(Environment environment) {
        super(environment);
    }

    @Override
    int run() {
        if (Files.exists(output) && !force) {
            throw Failure.usage("there is a file " + output + " already; give another with --output, or --force");
        }
        try (Espalier espalier = open()) {
            Inspection inspection = espalier.inspect(model);
            ask(Figures.count(inspection.cost().parameters(), "parameter") + ", "
                    + Figures.count(inspection.cost().macs()) + " multiply-accumulates");
        }
        Map<String, String> answers = answers();
        write(answers);
        if (common.json) {
            ObjectNode json = Json.document("init");
            json.put("file", output.toString());
            answers.forEach(json.putObject("options")::put);
            print(Json.text(json));
        } else {
            printPath("config", output);
            print("prune with it: espalier prune --config " + Clean.text(output.toString()) + " -o pruned" + suffix());
        }
        return ExitCode.OK;
    }

    private String suffix() {
        String name = String.valueOf(model.getFileName());
        return name.contains(".") ? name.substring(name.lastIndexOf('.')) : "";
    }

    private Map<String, String> answers() {
        Map<String, String> answers = new LinkedHashMap<>();
        answers.put("model", model.toString());
        Optional<String> data =
                answer("Labelled examples that measure accuracy, and nothing else [none]: ", this::isThere);
        data.ifPresent(file -> answers.put("data", file));
        answer("Training inputs that channels are scored on and weights repaired with [none]: ", this::isThere)
                .ifPresent(file -> answers.put("calibration", file));
        String usual = data.isPresent() ? "accuracy=-1" : "macs=50%";
        answers.put(
                "target",
                answer(
                                "What remains, as macs=50%" + (data.isPresent() ? " or accuracy=-1" : "") + " [" + usual
                                        + "]: ",
                                answer -> answer.matches("\\s*[a-z]+\\s*=\\s*\\S.*"))
                        .orElse(usual));
        return answers;
    }

    /** An answer, asked for again until it makes sense; empty when the line is. */
    private Optional<String> answer(String question, Predicate<String> makesSense) {
        while (true) {
            environment.err().print(question);
            environment.err().flush();
            String line = line();
            if (line.isBlank()) {
                return Optional.empty();
            }
            if (makesSense.test(line.strip())) {
                return Optional.of(line.strip());
            }
            ask("'" + line.strip() + "' cannot be used: a file must be there, and what remains is like macs=50%");
        }
    }

    /** The end of the input is an empty answer to all that is left. */
    private String line() {
        try {
            String line = environment.in().readLine();
            return line == null ? "" : line;
        } catch (IOException e) {
            throw Failure.of(ExitCode.FAILED, "the standard input cannot be read", e);
        }
    }

    /** Of FILE:PART, the file. */
    private boolean isThere(String answer) {
        return Files.exists(DataFile.parse(answer).file());
    }

    private void ask(String line) {
        environment.err().println(Clean.text(line));
    }

    private void write(Map<String, String> answers) {
        StringBuilder yaml =
                new StringBuilder("# Options of 'espalier prune --config'; docs/config.md lists all keys.\n");
        answers.forEach((key, value) ->
                yaml.append(key).append(": ").append(quoted(value)).append('\n'));
        try {
            Files.writeString(output, yaml, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw Failure.of(ExitCode.FAILED, output + " cannot be written; name a file in a folder that is there", e);
        }
    }

    /** In double quotes YAML takes every character but these two as it is. */
    private static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
