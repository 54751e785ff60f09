package io.espalier.spi.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class GraphRewriterTest {

    private static Stream<DynamicTest> seeds(IntConsumer check) {
        return IntStream.range(0, 200)
                .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> check.accept(seed)));
    }

    @TestFactory
    Stream<DynamicTest> changesNothingUnlessAsked() {
        return seeds(seed -> {
            Graph graph = TestingGraphs.random(seed);
            assertThat(GraphRewriter.of(graph).build()).isEqualTo(graph);
        });
    }

    @TestFactory
    Stream<DynamicTest> putsNodesAddedInAnyOrderIntoTopologicalOrder() {
        return seeds(seed -> {
            Graph graph = TestingGraphs.random(seed);
            GraphRewriter rewriter = GraphRewriter.of(graph);
            List<Node> moved = new ArrayList<>(graph.nodes());
            Collections.shuffle(moved, new Random(seed));
            moved = moved.subList(0, moved.size() / 2);
            moved.forEach(node -> rewriter.remove(node.id()));
            moved.forEach(rewriter::add);
            Graph result = rewriter.build();
            assertThat(result.nodes()).containsExactlyInAnyOrderElementsOf(graph.nodes());
            Set<String> made = new HashSet<>(List.of("x", "c"));
            for (Node node : result.nodes()) {
                assertThat(made)
                        .containsAll(node.inputs().stream()
                                .filter(input -> !input.isEmpty())
                                .toList());
                made.addAll(node.outputs());
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> givesNamesThatNothingHas() {
        return seeds(seed -> {
            Graph graph = TestingGraphs.random(seed);
            GraphRewriter rewriter = GraphRewriter.of(graph);
            Set<String> taken = new HashSet<>(Set.of("x", "c"));
            TestingGraphs.nodes(graph).forEach(node -> {
                taken.addAll(node.outputs());
                node.bodies().forEach(body -> taken.addAll(body.constants().keySet()));
            });
            for (String wish : List.copyOf(taken)) {
                assertThat(taken.add(rewriter.fresh(wish))).isTrue();
                assertThat(taken.add(rewriter.constant(wish, Tensors.vector(1))))
                        .isTrue();
            }
            assertThat(rewriter.fresh("free")).isEqualTo("free");
        });
    }

    /** What every node and body reads of a value, it reads behind a new node; a body is no exception. */
    @TestFactory
    Stream<DynamicTest> rewiresAllReaders() {
        return seeds(seed -> {
            Graph graph = TestingGraphs.random(seed);
            GraphIndex before = GraphIndex.of(graph);
            GraphRewriter rewriter = GraphRewriter.of(graph);
            String masked = rewriter.fresh("x");
            rewriter.rewire("x", masked);
            String mask = rewriter.constant("mask", Tensors.vector(0));
            rewriter.add(Node.of("Mul", List.of("x", mask), List.of(masked), Map.of()));
            GraphIndex after = GraphIndex.of(rewriter.build());
            assertThat(after.readers("x").stream().map(reader -> reader.node().operator()))
                    .containsExactly("Mul");
            int returned = Collections.frequency(graph.outputs(), "x");
            assertThat(after.timesRead(masked)).isEqualTo(before.timesRead("x") - returned);
            assertThat(after.graph().outputs()).isEqualTo(graph.outputs());
        });
    }

    private static final Graph CHAIN = new Graph(
            "chain",
            TestingGraphs.random(0).inputs(),
            List.of("b"),
            List.of(
                    Node.of("Neg", List.of("x"), List.of("a"), Map.of()),
                    Node.of("Abs", List.of("a"), List.of("b"), Map.of())),
            Map.of(),
            Map.of());

    @Test
    void replacesANodeBySeveral() {
        GraphRewriter rewriter = GraphRewriter.of(CHAIN);
        Node last = Node.of("Exp", List.of("half"), List.of("b"), Map.of());
        Node first = Node.of("Log", List.of("a"), List.of("half"), Map.of());
        rewriter.replace("b", List.of(last, first));
        assertThat(rewriter.build().nodes()).containsExactly(CHAIN.nodes().get(0), first, last);
    }

    @Test
    void refusesAGraphThatCannotRun() {
        GraphRewriter removing = GraphRewriter.of(CHAIN);
        removing.remove("a");
        assertThatThrownBy(removing::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("nothing makes 'a', which is read");
        GraphRewriter circling = GraphRewriter.of(CHAIN);
        circling.rewire("x", "b");
        assertThatThrownBy(circling::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("wait for each other");
        assertThatThrownBy(() -> removing.remove("c"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the graph has no node that makes 'c'");
    }
}
