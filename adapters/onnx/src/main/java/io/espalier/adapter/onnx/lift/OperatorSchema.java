package io.espalier.adapter.onnx.lift;

import io.espalier.adapter.onnx.proto.AttributeProto.AttributeType;
import io.espalier.spi.Quoted;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Node;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a standard operator may look like, and since when.
 *
 * @param name the operator
 * @param since the first opset with it, at least 7
 * @param until the last opset with it
 * @param inputs its input slots
 * @param outputs its output slots
 * @param settings its attributes by name
 */
record OperatorSchema(
        String name, int since, int until, List<Slot> inputs, List<Slot> outputs, Map<String, Setting> settings) {

    private static final Map<AttributeType, Class<? extends Attribute>> KINDS = Map.of(
            AttributeType.INT, Attribute.Int.class,
            AttributeType.FLOAT, Attribute.Real.class,
            AttributeType.STRING, Attribute.Text.class,
            AttributeType.INTS, Attribute.Ints.class,
            AttributeType.FLOATS, Attribute.Reals.class,
            AttributeType.STRINGS, Attribute.Texts.class,
            AttributeType.GRAPH, Attribute.Body.class,
            AttributeType.TENSOR, Attribute.Constant.class);

    /**
     * An input or an output.
     *
     * @param since the first opset with it
     * @param optionalSince the first opset that lets it be absent
     * @param many whether any number of values takes its place
     */
    record Slot(String name, int since, int optionalSince, boolean many) {}

    /**
     * An attribute.
     *
     * @param kind the record of {@link Attribute} that it is
     * @param otherwise what its absence means, where that is a single value
     * @param since the first opset with it
     */
    record Setting(Class<? extends Attribute> kind, boolean required, Optional<Attribute> otherwise, int since) {

        /** Whether a value says what its absence says. */
        boolean isDefault(Attribute value) {
            if (otherwise.isPresent()
                    && otherwise.get() instanceof Attribute.Real one
                    && value instanceof Attribute.Real other) {
                return (float) one.value() == (float) other.value();
            }
            return otherwise.isPresent() && otherwise.get().equals(value);
        }
    }

    /** Attributes without those that say what their absence says. */
    Map<String, Attribute> withoutDefaults(Map<String, Attribute> attributes) {
        Map<String, Attribute> said = new HashMap<>(attributes);
        said.entrySet().removeIf(each -> isDefault(each.getKey(), each.getValue()));
        return said;
    }

    /** Whether an attribute says what its absence says. */
    boolean isDefault(String attribute, Attribute value) {
        return settings.containsKey(attribute) && settings.get(attribute).isDefault(value);
    }

    /** Whether the operator has an attribute at an opset. */
    boolean has(String attribute, int opset) {
        return settings.containsKey(attribute) && settings.get(attribute).since() <= opset;
    }

    /**
     * Why a node cannot be one of this operator at an opset; empty when it can.
     *
     * @param older attributes of an older form, which are not looked at
     */
    Optional<String> objection(Node node, int opset, Set<String> older) {
        if (opset < since) {
            return Optional.of("the operator" + late(since, opset));
        }
        if (opset > until) {
            return Optional.of("opset " + opset + " of ONNX has no such operator any more");
        }
        return objection("input", node.inputs(), inputs, opset)
                .or(() -> lacking(node.inputs(), opset))
                .or(() -> objection("output", node.outputs(), outputs, opset))
                .or(() -> settings(node, opset, older));
    }

    private static String late(int since, int opset) {
        return " came with opset " + since + " of ONNX, and the file is at opset " + opset;
    }

    private static Optional<String> objection(String kind, List<String> values, List<Slot> slots, int opset) {
        for (int i = 0; i < values.size(); i++) {
            Optional<Slot> slot = slot(slots, i);
            if (slot.isEmpty()) {
                return Optional.of(tooMany(kind, values, slots));
            }
            if (!values.get(i).isEmpty() && slot.get().since() > opset) {
                return Optional.of("its " + kind + " '" + slot.get().name() + "'"
                        + late(slot.get().since(), opset));
            }
        }
        return Optional.empty();
    }

    /** How many inputs are more than the operator takes at any opset; empty when they are not. */
    Optional<String> tooMany(List<String> given) {
        return given.isEmpty() || slot(inputs, given.size() - 1).isPresent()
                ? Optional.empty()
                : Optional.of(tooMany("input", given, inputs));
    }

    private static String tooMany(String kind, List<String> values, List<Slot> slots) {
        return "it has " + values.size() + " " + kind + "s, and at most " + slots.size() + " are allowed";
    }

    private static Optional<Slot> slot(List<Slot> slots, int index) {
        if (index < slots.size()) {
            return Optional.of(slots.get(index));
        }
        return slots.isEmpty() || !slots.get(slots.size() - 1).many()
                ? Optional.empty()
                : Optional.of(slots.get(slots.size() - 1));
    }

    /** Which input that no application can do without is absent. */
    Optional<String> lacking(List<String> given, int opset) {
        for (int i = 0; i < inputs.size(); i++) {
            Slot slot = inputs.get(i);
            boolean required = !slot.many() && slot.since() <= opset && slot.optionalSince() > opset;
            if (required && (i >= given.size() || given.get(i).isEmpty())) {
                return Optional.of("it lacks the input '" + slot.name() + "'");
            }
        }
        return Optional.empty();
    }

    /** Which attribute is absent though no application can do without it, or of another type than the operator's. */
    Optional<String> wrongSetting(Map<String, AttributeType> given, int opset) {
        for (Map.Entry<String, Setting> each : settings.entrySet()) {
            Setting setting = each.getValue();
            AttributeType type = given.get(each.getKey());
            if (type == null && setting.required() && setting.since() <= opset) {
                return Optional.of("it lacks the attribute '" + each.getKey() + "'");
            }
            if (type != null
                    && type != AttributeType.UNDEFINED
                    && !setting.kind().equals(KINDS.get(type))) {
                return Optional.of("its attribute '" + each.getKey() + "' is of another type");
            }
        }
        return Optional.empty();
    }

    private Optional<String> settings(Node node, int opset, Set<String> older) {
        for (Map.Entry<String, Attribute> attribute : node.attributes().entrySet()) {
            String shown = Quoted.name(attribute.getKey());
            Setting setting = settings.get(attribute.getKey());
            if (older.contains(attribute.getKey())) {
                continue;
            }
            if (setting == null) {
                return Optional.of("it has no attribute " + shown);
            }
            if (setting.since() > opset) {
                return Optional.of("its attribute " + shown + late(setting.since(), opset));
            }
            if (!setting.kind().isInstance(attribute.getValue())) {
                return Optional.of("its attribute " + shown + " is of another type");
            }
        }
        return settings.entrySet().stream()
                .filter(each -> each.getValue().required() && !node.attributes().containsKey(each.getKey()))
                .findFirst()
                .map(each -> "it lacks the attribute '" + each.getKey() + "'");
    }
}
