package io.espalier.adapter.onnx.lift;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Brings neutral nodes to the form that they have at the opset of a file: {@link GraphLifter} the other way round. Every
 * result is lifted again; what does not come back as it was is refused. Not thread-safe.
 */
public final class NodeLowering {

    private final int opset;
    private final Around around;

    /**
     * A node as it is written.
     *
     * @param node operator, attributes and inputs of the older form; values have their neutral names
     * @param constants what it reads and the neutral node does not
     */
    public record NativeForm(Node node, Map<String, Tensor> constants) {

        public NativeForm {
            constants = Map.copyOf(constants);
        }
    }

    /**
     * Starts with what is known of the neutral graph.
     *
     * @param opset the opset of the file
     * @param types types of values, as far as they are known
     * @param constants all constants by name
     * @param fresh gives new value names
     */
    public NodeLowering(
            int opset, Map<String, ValueType> types, Map<String, Tensor> constants, UnaryOperator<String> fresh) {
        this.opset = opset;
        this.around = new Around(types, constants, fresh);
    }

    /**
     * The form of a node.
     *
     * @throws InvalidInputException when the node is no sound one, or the opset cannot say what it does
     */
    public NativeForm lower(Node node) {
        return node.domain().isEmpty() ? lowerStandard(node) : lowerOther(node);
    }

    /** Operators of other domains have one form. */
    private NativeForm lowerOther(Node node) {
        if (!new Relift(new NativeDraft(node, around), opset, around).returns(UnaryOperator.identity())) {
            throw refused(node, "the neutral graph says this in other operators");
        }
        return new NativeForm(node, Map.of());
    }

    private NativeForm lowerStandard(Node node) {
        if (opset < FirstForms.LAST) {
            throw refused(
                    node,
                    "nodes are added to files of opset " + FirstForms.LAST + " and newer, and the file is at opset "
                            + opset);
        }
        OperatorSchema neutral = OperatorSchemas.of(node.operator())
                .filter(schema -> schema.until() >= Graph.OPSET)
                .orElseThrow(() -> refused(node, "the neutral graph has no such operator"));
        if (node.operator().equals("Constant")) {
            throw refused(node, "a constant is given with the node that reads it");
        }
        require(node, neutral.objection(node, Graph.OPSET, Set.of()));
        NativeDraft draft = new NativeDraft(node, around);
        if (!FrontAxes.restate(draft, neutral, opset)) {
            throw refused(node, "opset " + opset + " of ONNX, that of the file, counts axes from the front only");
        }
        OpsetForms.of(node.operator()).ifPresent(form -> form.lower(draft, opset));
        OperatorSchema written = OperatorSchemas.of(draft.operator).orElseThrow();
        draft.attributes
                .entrySet()
                .removeIf(each -> !draft.older().contains(each.getKey())
                        && !written.has(each.getKey(), opset)
                        && neutral.isDefault(each.getKey(), each.getValue()));
        require(node, written.objection(draft.node(), opset, draft.older()));
        if (!new Relift(draft, opset, around).returns(neutral::withoutDefaults)) {
            throw refused(node, "opset " + opset + " of ONNX, that of the file, cannot say what it does");
        }
        Map<String, Tensor> own = new HashMap<>(draft.constants());
        own.keySet().retainAll(draft.node().inputs());
        return new NativeForm(draft.node(), own);
    }

    private static void require(Node node, Optional<String> objection) {
        objection.ifPresent(why -> {
            throw refused(node, why);
        });
    }

    /** The refusal of a node. */
    public static InvalidInputException refused(Node node, String why) {
        return new InvalidInputException("The operator " + Quoted.name(node.qualifiedOperator()) + " that makes "
                + Quoted.name(node.id()) + " cannot be added: " + why + ".");
    }

    /** What is known around the node. */
    private record Around(Map<String, ValueType> types, Map<String, Tensor> constants, UnaryOperator<String> names)
            implements NativeDraft.Surroundings {

        @Override
        public Optional<ValueType> type(String value) {
            return constant(value).map(Around::type).or(() -> Optional.ofNullable(types.get(value)));
        }

        private static ValueType type(Tensor constant) {
            return new ValueType(
                    constant.type(),
                    Optional.of(constant.shape().stream()
                            .<Dimension>map(Dimension.Fixed::new)
                            .toList()));
        }

        @Override
        public Optional<Tensor> constant(String value) {
            return Optional.ofNullable(constants.get(value));
        }

        @Override
        public String fresh(String wish) {
            return names.apply(wish);
        }
    }
}
