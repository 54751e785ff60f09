package io.espalier.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.adapter.onnx.OnnxAdapter;
import io.espalier.adapter.onnx.proto.GraphProto;
import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.engine.verify.Verification.Outcome;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.graph.Graph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file may call its own constants as the lift calls the values that it adds: it is pruned and proved all the same. */
class LiftedNamesTest {

    private static final Path EXPORTED = Path.of("src", "test", "resources", "exported");
    private static final int FILES = 12;

    @TempDir
    private Path folder;

    @Test
    void constantsNamedLikeValuesOfTheLiftDoNotClash() throws IOException {
        List<Path> clashing = new ArrayList<>();
        for (Path file : exported()) {
            Optional<ModelProto> renamed = renamed(file);
            if (renamed.isPresent() && clashing.size() < FILES) {
                assertProved(file, renamed.get());
                clashing.add(file);
            }
        }
        assertThat(clashing).hasSize(FILES);
    }

    /** Files whose names end alike lie apart, so that each exporter takes part. */
    private static List<Path> exported() throws IOException {
        try (Stream<Path> files = Files.list(EXPORTED)) {
            List<Path> sorted = files.sorted().toList();
            int stride = 7;
            return Stream.iterate(0, i -> i + 1)
                    .limit(sorted.size())
                    .map(i -> sorted.get(i * stride % sorted.size()))
                    .toList();
        }
    }

    /** The model with as many constants as possible named like values that the lift adds; empty when it adds none. */
    private static Optional<ModelProto> renamed(Path file) throws IOException {
        ModelProto model = ModelProto.parseFrom(Files.readAllBytes(file));
        GraphProto graph = model.getGraph();
        boolean nested = graph.getNodeList().stream()
                .anyMatch(node -> node.getAttributeList().stream()
                        .anyMatch(attribute -> attribute.hasG() || attribute.getGraphsCount() > 0));
        List<String> added = new ArrayList<>(names(file));
        added.removeAll(names(graph));
        if (nested || added.isEmpty() || graph.getInitializerCount() == 0) {
            return Optional.empty();
        }
        Map<String, String> names = new LinkedHashMap<>();
        for (int i = 0; i < Math.min(added.size(), graph.getInitializerCount()); i++) {
            names.put(graph.getInitializer(i).getName(), added.get(i));
        }
        GraphProto.Builder renamed = graph.toBuilder();
        renamed.getInitializerBuilderList()
                .forEach(tensor -> tensor.setName(names.getOrDefault(tensor.getName(), tensor.getName())));
        renamed.getInputBuilderList()
                .forEach(input -> input.setName(names.getOrDefault(input.getName(), input.getName())));
        renamed.getValueInfoBuilderList()
                .forEach(value -> value.setName(names.getOrDefault(value.getName(), value.getName())));
        renamed.getNodeBuilderList().forEach(node -> {
            for (int slot = 0; slot < node.getInputCount(); slot++) {
                node.setInput(slot, names.getOrDefault(node.getInput(slot), node.getInput(slot)));
            }
        });
        return Optional.of(model.toBuilder().setGraph(renamed).build());
    }

    private void assertProved(Path original, ModelProto renamed) throws IOException {
        Path file = Files.write(folder.resolve(original.getFileName()), renamed.toByteArray());
        Set<String> added = names(file);
        added.removeAll(names(renamed.getGraph()));
        assertThat(added)
                .as("%s: values with another name, because theirs is taken", file)
                .anyMatch(name -> name.contains("~"));

        PruningReport report = TestingRun.of(file, folder.resolve("pruned.onnx"))
                .target("channels=70%")
                .prune();

        assertThat(report.verification().outcome())
                .as("%s: %s", original, report.verification())
                .isEqualTo(Outcome.PROVED);
        assertThat(report.plan().predicted().parameters())
                .as("%s", original)
                .isLessThan(report.plan().original().parameters());
    }

    private static Set<String> names(GraphProto graph) {
        Set<String> names = new LinkedHashSet<>();
        graph.getInputList().forEach(input -> names.add(input.getName()));
        graph.getInitializerList().forEach(tensor -> names.add(tensor.getName()));
        graph.getNodeList().forEach(node -> names.addAll(node.getOutputList()));
        return names;
    }

    private static Set<String> names(Path file) {
        try (Model model = new OnnxAdapter().open(file)) {
            Graph graph = model.graph();
            Set<String> names = new LinkedHashSet<>(graph.inputs().keySet());
            names.addAll(graph.constants().keySet());
            graph.nodes().forEach(node -> names.addAll(node.outputs()));
            return names;
        }
    }
}
