package io.espalier.graph.operator;

import io.espalier.graph.shape.ShapeRule;
import io.espalier.spi.graph.Node;
import io.espalier.spi.operator.SlotRole;
import io.espalier.spi.operator.Trait;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Everything the engine knows of one operator.
 *
 * <p>Coupling, cost, scoring, surgery, proof and differentiation ask the definition and never name an operator. Which attributes surgery
 * keeps up to date follows from the sizes after the bar of the notation. Immutable and thread-safe.
 */
public final class OperatorDefinition {

    private final String domain;
    private final String name;
    private final Function<NodeView, Optional<String>> notation;
    private final ShapeRule shapeRule;
    private final Function<NodeView, Optional<MacRule>> macs;
    private final List<SlotRole> roles;
    private final BiFunction<NodeView, Integer, SlotRole> otherRoles;
    private final Set<Trait> traits;
    private final Movement movement;
    private final int decidingInputs;
    private final Map<Integer, Integer> tables;
    private final Noise noise;
    private final Predicate<NodeView> draws;
    private final GradientRule gradient;
    private final Decomposition decomposition;

    private OperatorDefinition(Builder builder, String qualifiedName) {
        int dot = qualifiedName.lastIndexOf('.');
        this.domain = dot < 0 ? "" : qualifiedName.substring(0, dot);
        this.name = qualifiedName.substring(dot + 1);
        this.notation = builder.notation;
        this.shapeRule = builder.shapeRule;
        this.macs = builder.macs;
        this.roles = List.copyOf(builder.roles);
        this.otherRoles = builder.otherRoles;
        this.traits = builder.traits.clone();
        this.movement = builder.movement;
        this.decidingInputs = builder.decidingInputs;
        this.tables = Map.copyOf(builder.tables);
        this.noise = builder.noise;
        this.draws = builder.draws;
        this.gradient = builder.gradient;
        this.decomposition = builder.decomposition;
    }

    /** Starts the definition of operators that differ in nothing but their names, as nodes qualify them. */
    static Builder define(String... qualifiedNames) {
        return new Builder(List.of(qualifiedNames));
    }

    /** The domain, empty for the standard one. */
    public String domain() {
        return domain;
    }

    /** The name within the domain. */
    public String name() {
        return name;
    }

    /** The name with its domain, as {@link Node#qualifiedOperator()} writes it. */
    public String qualifiedName() {
        return domain.isEmpty() ? name : domain + "." + name;
    }

    /** Whether the engine knows what the operator does to indices; any other is a barrier. */
    public boolean isDescribed() {
        return notation != null || movement != null;
    }

    /** Whether the operator has index notation, though perhaps not for every application. */
    public boolean hasNotation() {
        return notation != null;
    }

    /**
     * The index notation of one application.
     *
     * @return empty when the operator has none or the application cannot be described
     */
    public Optional<IndexNotation> notation(NodeView view) {
        return notation == null ? Optional.empty() : notation.apply(view).map(text -> NotationParser.parse(text, view));
    }

    /** Why operands and attributes of one application do not fit the index notation; empty when they do. */
    Optional<String> misfit(NodeView view) {
        try {
            notation(view).ifPresent(found -> NotationFit.check(view, found));
            return Optional.empty();
        } catch (MisfitException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** How shapes of the outputs follow from the inputs; empty when nobody knows. */
    public Optional<ShapeRule> shapeRule() {
        return Optional.ofNullable(shapeRule);
    }

    /** Whether an application sums products of its operands. */
    public boolean contracts(NodeView view) {
        return notation(view).filter(found -> !found.summedLetters().isEmpty()).isPresent();
    }

    /** Counts the multiply-accumulates of one application; empty when the operator does not multiply and sum. */
    public Optional<MacRule> macs(NodeView view) {
        return macs.apply(view);
    }

    /** What an input slot means in one application. */
    public SlotRole role(NodeView view, int slot) {
        return slot < roles.size() ? roles.get(slot) : otherRoles.apply(view, slot);
    }

    /** The first slot that has a role in every application. */
    public OptionalInt slot(SlotRole role) {
        return IntStream.range(0, roles.size())
                .filter(slot -> roles.get(slot) == role)
                .findFirst();
    }

    /** Whether the operator has a property. */
    public boolean is(Trait trait) {
        return traits.contains(trait);
    }

    /** What the operator does to elements, when it only moves them or has operands that must follow its extents. */
    public Optional<Movement> movement() {
        return Optional.ofNullable(movement);
    }

    /**
     * How many of the first inputs a discrete choice depends on: a small change of them may change the result by a leap.
     * 0 for continuous operators; what casts real numbers to integers is not counted here.
     */
    public int decidingInputs() {
        return decidingInputs;
    }

    /** The slot of the tensor whose positions the indices in a slot name. */
    public OptionalInt table(int slot) {
        Integer table = tables.get(slot);
        return table == null ? OptionalInt.empty() : OptionalInt.of(table);
    }

    /**
     * How the elements of the first output are drawn in one application, each by itself; empty when it draws no numbers. What
     * operands in data slots have to do with them is left out: who draws elsewhere compares those operands.
     */
    public Optional<Noise> noise(NodeView view) {
        return draws.test(view) ? Optional.ofNullable(noise) : Optional.empty();
    }

    /** How gradients pass; empty when nobody knows, or when the operator is differentiated by what it is made of. */
    public Optional<GradientRule> gradient() {
        return Optional.ofNullable(gradient);
    }

    /** How the operator is made of simpler ones; empty when nobody knows. */
    public Optional<Decomposition> decomposition() {
        return Optional.ofNullable(decomposition);
    }

    /** Draws an element of what a random operator makes. */
    @FunctionalInterface
    public interface Noise {

        /** A number that the node could have drawn; one that depends on the data of an operand is drawn whatever they are. */
        double draw(NodeView view, SplittableRandom random);
    }

    @Override
    public String toString() {
        return qualifiedName();
    }

    /** Collects the parts of a definition. */
    static final class Builder {

        private final List<String> names;
        private Function<NodeView, Optional<String>> notation;
        private ShapeRule shapeRule;
        private Function<NodeView, Optional<MacRule>> macs = view -> Optional.empty();
        private final List<SlotRole> roles = new ArrayList<>();
        private BiFunction<NodeView, Integer, SlotRole> otherRoles = (view, slot) -> SlotRole.DATA;
        private final EnumSet<Trait> traits = EnumSet.noneOf(Trait.class);
        private Movement movement;
        private int decidingInputs;
        private final Map<Integer, Integer> tables = new LinkedHashMap<>();
        private Noise noise;
        private Predicate<NodeView> draws = view -> true;
        private GradientRule gradient;
        private Decomposition decomposition;

        private Builder(List<String> names) {
            this.names = names;
        }

        Builder notation(Function<NodeView, Optional<String>> rule) {
            this.notation = rule;
            return this;
        }

        Builder notation(String text) {
            Optional<String> same = Optional.of(text);
            return notation(view -> same);
        }

        Builder shape(int needed, ShapeRule.Rule rule) {
            return shape(new ShapeRule(needed, rule));
        }

        Builder shape(ShapeRule rule) {
            this.shapeRule = rule;
            return this;
        }

        /** The only output has the shape of the first input. */
        Builder sameShape() {
            return shape(1, scope -> scope.put(0, scope.shape(0)));
        }

        /** Multiplies and sums as the notation says. */
        Builder contracts() {
            this.macs = view -> Optional.of(ContractionMacs.of(view, notation.apply(view)));
            return this;
        }

        /** Multiplies and sums, or not, as the rule of an application says. */
        Builder macs(Function<NodeView, Optional<MacRule>> rule) {
            this.macs = rule;
            return this;
        }

        /** Multiplies and sums as the function counts. */
        Builder macs(BiFunction<Node, Extents, Optional<Long>> count) {
            this.macs = view -> Optional.of(extents -> count.apply(view.node(), extents));
            return this;
        }

        /** What the input slots mean, from the first on; the rest are data. */
        Builder roles(SlotRole... slots) {
            roles.clear();
            roles.addAll(List.of(slots));
            return this;
        }

        /** What the input slots mean in one application. */
        Builder roles(BiFunction<NodeView, Integer, SlotRole> rule) {
            this.otherRoles = rule;
            return this;
        }

        Builder traits(Trait... properties) {
            traits.addAll(List.of(properties));
            return this;
        }

        Builder moves(Movement what) {
            this.movement = what;
            return this;
        }

        Builder decides(int firstInputs) {
            this.decidingInputs = firstInputs;
            return this;
        }

        /** Draws random numbers. */
        Builder draws(Noise rule) {
            this.noise = rule;
            return traits(Trait.RANDOM);
        }

        /** Draws random numbers in some applications. */
        Builder draws(Predicate<NodeView> some, Noise rule) {
            this.draws = some;
            return draws(rule);
        }

        /** Passes gradients as the rule says. */
        Builder gradient(GradientRule rule) {
            this.gradient = rule;
            return this;
        }

        /** Is differentiated by what it is made of. */
        Builder decomposes(Decomposition rule) {
            this.decomposition = rule;
            return this;
        }

        /** Indices in one slot name positions of the tensor in another. */
        Builder indexes(int indices, int table) {
            tables.put(indices, table);
            return this;
        }

        Stream<OperatorDefinition> build() {
            return names.stream().map(qualified -> new OperatorDefinition(this, qualified));
        }
    }
}
