package io.espalier.testkit.model;

import io.espalier.spi.graph.Graph;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** One minimal graph for every situation that coupling analysis is known to get wrong. */
public final class HardCases {

    private static final long SEED = 20_24;

    private HardCases() {}

    /**
     * A minimal graph.
     *
     * @param name short name in kebab case
     * @param graph widths are small and, where possible, pairwise distinct; integer inputs are indices below 4
     * @param says what must be coupled with what, and what must be frozen
     */
    public record Case(String name, Graph graph, String says) {

        @Override
        public String toString() {
            return name;
        }
    }

    /** All cases, in a fixed order. */
    public static List<Case> all() {
        List<Case> cases = new ArrayList<>();
        cases.addAll(TokenCases.all());
        cases.addAll(AttentionCases.all());
        cases.addAll(ReshapeCases.all());
        cases.addAll(IndexCases.all());
        cases.addAll(ConvolutionCases.all());
        cases.addAll(SharingCases.all());
        cases.addAll(RunTimeCases.all());
        return List.copyOf(cases);
    }

    /** Builds a case; the body returns the value that becomes the output. */
    static Case of(String name, String says, Function<GraphBuilder, String> body) {
        GraphBuilder graph = new GraphBuilder(name, SEED);
        return new Case(name, graph.output(body.apply(graph)).build(), says);
    }
}
