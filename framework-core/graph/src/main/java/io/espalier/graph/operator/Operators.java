package io.espalier.graph.operator;

import io.espalier.graph.shape.KnownValues;
import io.espalier.graph.shape.ShapeInference;
import io.espalier.graph.shape.ShapeRule;
import io.espalier.graph.shape.ShapeRules;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.TypeInference;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.operator.OperatorSemantics;
import io.espalier.spi.operator.Trait;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The operators that are known, by domain and name. A graph of the standard domain and one of another with an operator
 * of the same name do not mix. Immutable and thread-safe.
 */
public final class Operators implements ShapeRules, TypeInference {

    private static final Operators STANDARD = assemble();

    private final Map<String, Map<String, OperatorDefinition>> byDomain;

    private Operators(Map<String, Map<String, OperatorDefinition>> byDomain) {
        this.byDomain = byDomain;
    }

    /** The operators the engine knows. */
    public static Operators standard() {
        return STANDARD;
    }

    /**
     * These operators with those that plug-ins teach.
     *
     * @throws InvalidInputException when an operator is taught twice
     */
    public Operators with(List<OperatorSemantics> taught) {
        if (taught.isEmpty()) {
            return this;
        }
        Map<String, Map<String, OperatorDefinition>> merged = new HashMap<>();
        byDomain.forEach((domain, known) -> merged.put(domain, new HashMap<>(known)));
        for (OperatorSemantics semantics : taught) {
            for (OperatorDefinition definition :
                    TaughtOperators.definitions(semantics).toList()) {
                OperatorDefinition known = add(merged, definition);
                if (known != null && known.isDescribed()) {
                    throw new InvalidInputException("operator '" + definition + "' is taught by '" + semantics.name()
                            + "' but is known already; remove one of the two");
                }
            }
        }
        return new Operators(merged);
    }

    private static OperatorDefinition add(
            Map<String, Map<String, OperatorDefinition>> byDomain, OperatorDefinition definition) {
        return byDomain.computeIfAbsent(definition.domain(), domain -> new HashMap<>())
                .put(definition.name(), definition);
    }

    /** The definition of the operator that a node applies; empty when nobody knows it. */
    public Optional<OperatorDefinition> of(Node node) {
        return of(node.domain(), node.operator());
    }

    /** The definition of an operator; empty when nobody knows it. */
    public Optional<OperatorDefinition> of(String domain, String name) {
        Map<String, OperatorDefinition> known = byDomain.get(domain);
        return known == null ? Optional.empty() : Optional.ofNullable(known.get(name));
    }

    /** Whether the operator of a node is known and has a property. */
    public boolean is(Node node, Trait trait) {
        return of(node).filter(definition -> definition.is(trait)).isPresent();
    }

    /** Whether the operator of a node is known and moves elements in a certain way. */
    public boolean moves(Node node, Movement movement) {
        return of(node).flatMap(OperatorDefinition::movement)
                .filter(movement::equals)
                .isPresent();
    }

    /** All definitions, in the order of their names. */
    public List<OperatorDefinition> all() {
        return byDomain.values().stream()
                .flatMap(known -> known.values().stream())
                .sorted(Comparator.comparing(OperatorDefinition::qualifiedName))
                .toList();
    }

    @Override
    public Optional<ShapeRule> shapeRule(Node node) {
        return of(node).flatMap(OperatorDefinition::shapeRule);
    }

    @Override
    public Optional<String> misfit(Node node, KnownValues values) {
        NodeView view = new NodeView(node, values);
        return of(node).filter(definition -> view.isKnown()).flatMap(definition -> definition.misfit(view));
    }

    /** Infers the shape of every value of a graph and of its sub-graphs. */
    public Shapes infer(Graph graph) {
        return ShapeInference.infer(graph, this);
    }

    @Override
    public Map<String, ValueType> typesOf(Graph graph) {
        return infer(graph).types();
    }

    private static Operators assemble() {
        Map<String, Map<String, OperatorDefinition>> byDomain = new HashMap<>();
        Stream.of(
                        Elementwise.definitions(),
                        Broadcasting.definitions(),
                        Quantisation.definitions(),
                        Convolutions.definitions(),
                        MatrixProducts.definitions(),
                        Einsum.definitions(),
                        Attention.definitions(),
                        Recurrent.definitions(),
                        Normalisations.definitions(),
                        Reductions.definitions(),
                        Pooling.definitions(),
                        Reshaping.definitions(),
                        Joining.definitions(),
                        Gathering.definitions(),
                        Scattering.definitions(),
                        Selections.definitions(),
                        Generators.definitions(),
                        Vision.definitions(),
                        Signal.definitions(),
                        MachineLearning.definitions(),
                        TextOperators.definitions(),
                        ControlFlow.definitions())
                .flatMap(List::stream)
                .flatMap(OperatorDefinition.Builder::build)
                .forEach(definition -> add(byDomain, definition));
        return new Operators(byDomain);
    }
}
