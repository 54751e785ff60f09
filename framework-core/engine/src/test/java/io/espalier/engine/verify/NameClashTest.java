package io.espalier.engine.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.surgery.Surgery;
import io.espalier.engine.verify.Verification.Outcome;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.Tensor;
import io.espalier.testkit.model.HardCase;
import io.espalier.testkit.model.HardCases;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A file may call its constants as we call the values that we add: it verifies all the same. */
final class NameClashTest {

    private static final int MOST_OF_THE_NAMES = 150;

    @Test
    void constantsNamedLikeOursDoNotClash() {
        int clashes = 0;
        for (HardCase hard : HardCases.all()) {
            boolean flat =
                    hard.graph().nodes().stream().allMatch(node -> node.bodies().isEmpty());
            clashes += flat ? clashes(hard.name(), hard.graph()) : 0;
        }
        assertThat(clashes).isGreaterThan(MOST_OF_THE_NAMES);
    }

    /** Prunes a graph whose constants have been given the names of what was added to it before. */
    private static int clashes(String name, Graph graph) {
        TestingPruning pruning = TestingPruning.of(graph);
        Removal removal = pruning.randomRemoval(1);
        List<String> ours = List.copyOf(ours(pruning, removal));
        if (ours.isEmpty()) {
            return 0;
        }
        Graph renamed = renamed(graph, ours);
        TestingPruning again = TestingPruning.of(renamed);
        Removal same = again.randomRemoval(1);
        assertThat(ours(again, same)).as(name).doesNotContainAnyElementsOf(names(renamed));
        Verification found = again.prove(same);
        assertThat(found.outcome()).as(name + ": " + found).isEqualTo(Outcome.PROVED);
        return Math.min(ours.size(), graph.constants().size());
    }

    /** The names of all that surgery and the references add. */
    private static Set<String> ours(TestingPruning pruning, Removal removal) {
        Set<String> ours = names(ReferenceGraph.of(pruning.graph(), pruning.shapes(), pruning.coupling(), removal));
        ours.addAll(names(FloatReference.of(
                pruning.graph(), pruning.shapes(), pruning.coupling().operators())));
        ours.removeAll(names(pruning.graph()));
        List<Edit> edits = new ArrayList<>(Surgery.prune(pruning.graph(), pruning.shapes(), pruning.coupling(), removal)
                .edits());
        NativeReference.edits(pruning.graph(), pruning.shapes(), pruning.coupling(), removal)
                .ifPresent(edits::addAll);
        edits.stream().filter(Edit.SetInput.class::isInstance).forEach(edit -> ours.add(((Edit.SetInput) edit).name()));
        return ours;
    }

    private static Set<String> names(Graph graph) {
        Set<String> names = new LinkedHashSet<>(graph.constants().keySet());
        graph.nodes().forEach(node -> names.addAll(node.outputs()));
        return names;
    }

    /** The graph with as many constants as possible called something else. */
    private static Graph renamed(Graph graph, List<String> names) {
        Map<String, String> renamed = new HashMap<>();
        Map<String, Tensor> constants = new LinkedHashMap<>();
        graph.constants().forEach((name, tensor) -> {
            String other = renamed.size() < names.size() ? names.get(renamed.size()) : name;
            renamed.put(name, other);
            constants.put(other, tensor);
        });
        List<Node> nodes = graph.nodes().stream()
                .map(node -> new Node(
                        node.domain(),
                        node.operator(),
                        node.inputs().stream()
                                .map(input -> renamed.getOrDefault(input, input))
                                .toList(),
                        node.outputs(),
                        node.attributes()))
                .toList();
        return new Graph(graph.name(), graph.inputs(), graph.outputs(), nodes, constants, graph.declared());
    }
}
