package io.espalier.cli;

import io.espalier.api.Espalier;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A Maven project of a plug-in, made from the templates beside this class.
 *
 * @param kind what the plug-in brings
 * @param name how the provider is called
 * @param packageName where its class lives
 */
record PluginProject(Kind kind, String name, String packageName) {

    private static final Pattern VARIABLE =
            Pattern.compile("(?<!\\$)\\{(package|class|word|kind|name|version|repository|executor|use)}");

    /** What a project can be made for, with the service that it provides and a command that uses it. */
    enum Kind {
        CRITERION(
                "criterion.ImportanceCriterion",
                "espalier prune model.onnx --target macs=50% --criterion {name} --plugins my-plugins -o pruned.onnx"),
        ALLOCATOR(
                "allocator.SparsityAllocator",
                "espalier prune model.onnx --target macs=50% --allocator {name} --plugins my-plugins -o pruned.onnx"),
        SCHEDULE(
                "schedule.PruningSchedule",
                "espalier prune model.onnx --target macs=50% --train train.npz --when during --schedule {name}"
                        + " --plugins my-plugins -o pruned.onnx"),
        LOSS(
                "loss.Loss",
                "espalier train model.onnx --train train.npz --loss {name} --plugins my-plugins -o trained.onnx"),
        OPTIMIZER(
                "optimizer.Optimizer",
                "espalier train model.onnx --train train.npz --optimizer {name} --plugins my-plugins -o trained.onnx"),
        REGULARIZER(
                "regularizer.Regularizer",
                "espalier train model.onnx --train train.npz --regularizer {name} --plugins my-plugins -o trained.onnx"),
        METRIC(
                "metric.Metric",
                "espalier prune model.onnx --target macs=50% --data valid.npz --metric {name} --plugins my-plugins -o pruned.onnx"),
        COMPENSATOR(
                "compensator.WeightCompensator",
                "espalier prune model.onnx --target macs=50% --calibration train.npz --repair {name}"
                        + " --plugins my-plugins -o pruned.onnx"),
        READER("data.DatasetReader", "espalier data inspect src/test/resources/small.{name} --plugins my-plugins"),
        OPERATOR("operator.OperatorSemantics", "espalier inspect model.onnx --plugins my-plugins"),
        ADAPTER(
                "adapter.FrameworkAdapter",
                "espalier prune src/test/resources/small.{name} --target macs=50% --plugins my-plugins -o pruned.{name}");

        private final String service;
        private final String use;

        Kind(String service, String use) {
            this.service = "io.espalier.spi." + service;
            this.use = use;
        }

        /** Whether its test runs graphs. */
        private boolean isExecuting() {
            return this == COMPENSATOR || this == OPERATOR || this == ADAPTER;
        }

        /** The word of the command line and of the templates. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        @Override
        public String toString() {
            return word();
        }
    }

    /** The class: {@code SignedSumCriterion} of the criterion {@code signed-sum}. */
    String className() {
        return words(name + "-" + kind.word());
    }

    private static String words(String dashed) {
        return Pattern.compile("-")
                .splitAsStream(dashed)
                .map(each -> each.substring(0, 1).toUpperCase(Locale.ROOT) + each.substring(1))
                .collect(Collectors.joining());
    }

    /**
     * The files, by their place in the project.
     *
     * @param repository where Maven finds the SPI and the contracts
     */
    Map<String, String> files(Path repository) {
        String folder = packageName.replace('.', '/') + "/";
        String place = folder + className();
        Map<String, String> files = new LinkedHashMap<>();
        files.put("pom.xml", filled("pom.xml", repository));
        files.put("README.md", filled("README.md", repository));
        files.put("src/main/java/" + place + ".java", filled(kind.word() + ".java", repository));
        files.put("src/main/resources/META-INF/services/" + kind.service, packageName + "." + className() + "\n");
        files.put("src/test/java/" + place + "Test.java", filled(kind.word() + "-test.java", repository));
        if (kind == Kind.ADAPTER) {
            files.put("src/main/java/" + folder + words(name) + "Model.java", filled("adapter-model.java", repository));
            files.put(
                    "src/main/java/" + folder + words(name) + "Runner.java", filled("adapter-runner.java", repository));
        }
        if (kind == Kind.ADAPTER || kind == Kind.READER) {
            files.put("src/test/resources/small." + name, filled(kind.word() + "-sample.txt", repository));
        }
        return files;
    }

    /** Writes the files into a folder, which is made. */
    void write(Path folder, Path repository) throws IOException {
        for (Map.Entry<String, String> file : files(repository).entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
    }

    private String filled(String template, Path repository) {
        Map<String, String> values = Map.of(
                "package", packageName,
                "class", className(),
                "word", words(name),
                "kind", kind.word(),
                "name", name,
                "version", Espalier.version(),
                "repository", repository.toUri().toString(),
                "executor", kind.isExecuting() ? text("executor.xml") : "",
                "use", kind.use.replace("{name}", name));
        return VARIABLE.matcher(text(template))
                .replaceAll(variable -> Matcher.quoteReplacement(values.get(variable.group(1))));
    }

    private static String text(String template) {
        try (InputStream stream = PluginProject.class.getResourceAsStream("plugin/" + template)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the template " + template + " cannot be read", e);
        }
    }
}
