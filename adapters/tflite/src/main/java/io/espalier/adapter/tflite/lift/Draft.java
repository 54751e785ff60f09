package io.espalier.adapter.tflite.lift;

import io.espalier.adapter.tflite.edit.NodeBinding;
import io.espalier.adapter.tflite.edit.Part;
import io.espalier.adapter.tflite.edit.Refit;
import io.espalier.adapter.tflite.edit.SlotBinding;
import io.espalier.adapter.tflite.store.Axes;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.lite.schema.OperatorT;
import org.tensorflow.lite.schema.QuantizationParametersT;
import org.tensorflow.lite.schema.TensorT;

/** One native operator while it is lifted: what it reads, and the neutral nodes made for it. Not thread-safe. */
final class Draft {

    private final Values values;
    /** For what DEQUANTIZE and DENSIFY make of a constant: the constant. */
    private final Map<Integer, Integer> unpacked;

    private final OperatorT operator;
    private final int index;
    private final String prefix;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<Integer, Map<Integer, SlotBinding>> slots = new LinkedHashMap<>();
    private final Map<Integer, Set<String>> implied = new LinkedHashMap<>();
    private final Map<Integer, Refit> refits = new LinkedHashMap<>();
    private final Map<String, String> renamed = new LinkedHashMap<>();
    /** Bindings of constants, for the nodes that will read them. */
    private final Map<String, SlotBinding> pending = new LinkedHashMap<>();

    Draft(Values values, Map<Integer, Integer> unpacked, OperatorT operator, int index) {
        this.values = values;
        this.unpacked = unpacked;
        this.operator = operator;
        this.index = index;
        this.prefix = operator.getOutputs().length == 0 ? "operator" + index : values.name(operator.getOutputs()[0]);
    }

    // ---- the native operator

    /** Its index in the main graph. */
    int index() {
        return index;
    }

    /** Its options. */
    <T> T options(Class<T> type) {
        Object value = operator.getBuiltinOptions() == null
                ? null
                : operator.getBuiltinOptions().getValue();
        if (!type.isInstance(value)) {
            throw new NotLiftedException("it has no " + type.getSimpleName().replaceAll("T$", ""));
        }
        return type.cast(value);
    }

    int[] customOptions() {
        return operator.getCustomOptions() == null ? new int[0] : operator.getCustomOptions();
    }

    int inputs() {
        return operator.getInputs().length;
    }

    int outputs() {
        return operator.getOutputs().length;
    }

    boolean has(int slot) {
        return slot < operator.getInputs().length && operator.getInputs()[slot] >= 0;
    }

    private int tensor(int slot) {
        if (!has(slot)) {
            throw new NotLiftedException("its operand " + slot + " is missing");
        }
        return operator.getInputs()[slot];
    }

    private int result(int slot) {
        if (slot >= operator.getOutputs().length) {
            throw new NotLiftedException("its result " + slot + " is missing");
        }
        return operator.getOutputs()[slot];
    }

    TensorT input(int slot) {
        return values.tensor(tensor(slot));
    }

    List<Long> shape(int slot) {
        return values.shape(tensor(slot));
    }

    int rank(int slot) {
        return shape(slot).size();
    }

    /** An extent of an operand, which the file must not leave open; axes may count from the end. */
    long extent(int slot, int axis) {
        if (isOpen(slot, axis)) {
            throw new NotLiftedException("the extent of axis " + axis + " of its operand " + slot + " is open");
        }
        return shape(slot).get(place(slot, axis));
    }

    /** Whether the file leaves an extent of an operand open. */
    boolean isOpen(int slot, int axis) {
        return values.isOpen(tensor(slot), place(slot, axis));
    }

    private int place(int slot, int axis) {
        int rank = rank(slot);
        int place = axis < 0 ? axis + rank : axis;
        if (place < 0 || place >= rank) {
            throw new NotLiftedException("its operand " + slot + " has no axis " + axis);
        }
        return place;
    }

    /** An extent of a result, which the file must not leave open. */
    long outputExtent(int slot, int axis) {
        List<Long> shape = values.shape(result(slot));
        if (axis >= shape.size() || values.isOpen(result(slot), axis)) {
            throw new NotLiftedException("the extent of axis " + axis + " of its result " + slot + " is open");
        }
        return shape.get(axis);
    }

    DataType outputType(int slot) {
        return values.type(result(slot))
                .orElseThrow(() -> new NotLiftedException("its result has a type that is not supported"));
    }

    DataType inputType(int slot) {
        return values.type(tensor(slot))
                .orElseThrow(() -> new NotLiftedException("an operand has a type that is not supported"));
    }

    boolean isConstant(int slot) {
        return has(slot) && values.hasData(source(slot));
    }

    /** Whether an operand is a constant as it lies in the file, and not one that an operator unpacks. */
    private boolean isStored(int slot) {
        return has(slot) && values.hasData(tensor(slot));
    }

    private int source(int slot) {
        return unpacked.getOrDefault(tensor(slot), tensor(slot));
    }

    /** The number that a constant operand holds. */
    long number(int slot) {
        long[] numbers = numbers(slot);
        if (numbers.length != 1) {
            throw new NotLiftedException("its operand " + slot + " is not one number");
        }
        return numbers[0];
    }

    /** The numbers of a constant operand. */
    long[] numbers(int slot) {
        if (!isStored(slot)) {
            throw new NotLiftedException("its operand " + slot + " is computed when the model runs");
        }
        return Tensors.toLongs(values.constants().get(values.numbers(tensor(slot))));
    }

    /** The numbers of a neutral operand; empty when it is computed when the model runs. */
    Optional<long[]> knownNumbers(String value) {
        return Optional.ofNullable(values.constants().get(value)).map(Tensors::toLongs);
    }

    /** The numbers of an operand that a {@code PACK} makes for this operator alone. */
    Optional<PackedNumbers> packed(int slot) {
        return values.packed(tensor(slot));
    }

    // ---- neutral operands

    /** An operand as a value to compute with: floating-point when it is quantised. */
    String in(int slot) {
        return in(slot, Axes.identity(rank(slot)));
    }

    /** The same with its axes in another order: a constant is stored in that order, anything else is transposed. */
    String in(int slot, Axes axes) {
        if (rank(slot) != axes.order().size()) {
            throw new NotLiftedException("its operand " + slot + " has " + rank(slot) + " axes");
        }
        if (isConstant(slot)) {
            return constant(slot, axes);
        }
        String value = computed(slot);
        return axes.isIdentity() ? value : transpose(value, axes);
    }

    private String computed(int slot) {
        int tensor = tensor(slot);
        if (!values.isKnown(tensor)) {
            throw new NotLiftedException("it reads '" + values.name(tensor) + "', which keeps a state between runs");
        }
        String value = values.name(tensor);
        Optional<QuantizationParametersT> quantization = values.quantization(tensor);
        if (quantization.isEmpty()) {
            pending.put(value, new SlotBinding.Operand(index, slot, new Part.Data(Axes.identity(rank(slot)))));
            return value;
        }
        return emit(
                "DequantizeLinear",
                List.of(value, values.scale(tensor), values.zeroPoint(tensor)),
                Map.of("axis", new Attribute.Int(quantization.get().getQuantizedDimension())));
    }

    private String constant(int slot, Axes axes) {
        int tensor = source(slot);
        String data = values.data(tensor, axes);
        Part part = new Part.Data(axes);
        Optional<QuantizationParametersT> quantization = values.quantization(tensor);
        if (quantization.isPresent()) {
            return dequantize(slot, tensor, data, part, axes, quantization.get());
        }
        if (values.type(tensor).orElseThrow() == DataType.FLOAT16) {
            String value = emit("Cast", List.of(data), Map.of("to", new Attribute.Int(DataType.FLOAT32.onnxNumber())));
            binding(value, 0, new SlotBinding.Operand(index, slot, part));
            return value;
        }
        pending.put(data, new SlotBinding.Operand(index, slot, part));
        return data;
    }

    private String dequantize(
            int slot, int tensor, String data, Part part, Axes axes, QuantizationParametersT quantization) {
        List<String> inputs = new ArrayList<>(List.of(data, values.scale(tensor)));
        boolean symmetric = values.type(tensor).orElseThrow() == DataType.INT32;
        if (!symmetric) {
            inputs.add(values.zeroPoint(tensor));
        }
        int axis = axes.order().indexOf(quantization.getQuantizedDimension());
        String value = emit("DequantizeLinear", inputs, Map.of("axis", new Attribute.Int(Math.max(axis, 0))));
        binding(value, 0, new SlotBinding.Operand(index, slot, part));
        binding(value, 1, new SlotBinding.Operand(index, slot, new Part.Scale()));
        if (!symmetric) {
            binding(value, 2, new SlotBinding.Operand(index, slot, new Part.ZeroPoint()));
        }
        return value;
    }

    /** An operand as it is stored, whatever it means. */
    String raw(int slot) {
        int tensor = tensor(slot);
        if (unpacked.containsKey(tensor)) {
            return in(slot);
        }
        if (values.hasData(tensor)) {
            String data = values.data(tensor, Axes.identity(rank(slot)));
            pending.put(data, new SlotBinding.Operand(index, slot, new Part.Data(Axes.identity(rank(slot)))));
            return data;
        }
        return values.name(tensor);
    }

    /** An operand that counts or lists, as 64-bit integers. */
    String counts(int slot) {
        if (isStored(slot)) {
            String numbers = values.numbers(tensor(slot));
            pending.put(numbers, new SlotBinding.Operand(index, slot, new Part.Numbers()));
            return numbers;
        }
        SlotBinding.Operand operand = new SlotBinding.Operand(index, slot, new Part.Numbers());
        String value = values.name(tensor(slot));
        pending.put(value, operand);
        String numbers = inputType(slot) == DataType.INT64 ? value : cast(value, DataType.INT64);
        pending.put(numbers, operand);
        return numbers;
    }

    /** A constant number as a vector of one, as extents are joined from pieces. */
    String piece(int slot) {
        if (!isStored(slot) || inputType(slot).isFloating()) {
            throw new NotLiftedException("it packs constant numbers");
        }
        int tensor = tensor(slot);
        double value = Tensors.toLongs(values.constants().get(values.numbers(tensor)))[0];
        String piece = derive("piece" + slot, Tensors.fromDoubles(inputType(slot), List.of(1L), value));
        pending.put(piece, new SlotBinding.Operand(index, slot, new Part.Numbers()));
        return piece;
    }

    /** A constant made for this operator; edits of it are carried back by a refit, or follow from others. */
    String derive(String role, Tensor tensor) {
        return values.derived(prefix + "/" + role, tensor);
    }

    /** A number that operators share. */
    String scalar(double value) {
        return values.number(value);
    }

    String derive(String role, long... numbers) {
        return derive(role, Tensors.vector(numbers));
    }

    // ---- neutral nodes

    /** Adds a node and returns its result. */
    String emit(String operatorType, List<String> inputs, Map<String, Attribute> attributes) {
        return emit(operatorType, inputs, attributes, 1).get(0);
    }

    String emit(String operatorType, List<String> inputs) {
        return emit(operatorType, inputs, Map.of());
    }

    List<String> emit(String operatorType, List<String> inputs, Map<String, Attribute> attributes, int results) {
        List<String> outputs = new ArrayList<>();
        for (int i = 0; i < results; i++) {
            outputs.add(values.unique(prefix + "/" + operatorType.toLowerCase(Locale.ROOT)));
        }
        add(Node.of(operatorType, inputs, outputs, attributes));
        return outputs;
    }

    private void add(Node node) {
        nodes.add(node);
        for (int slot = 0; slot < node.inputs().size(); slot++) {
            SlotBinding binding = pending.get(node.inputs().get(slot));
            if (binding != null) {
                binding(node.id(), slot, binding);
            }
        }
    }

    String transpose(String value, Axes axes) {
        return emit(
                "Transpose",
                List.of(value),
                Map.of(
                        "perm",
                        new Attribute.Ints(
                                axes.order().stream().map(Integer::longValue).toList())));
    }

    String cast(String value, DataType type) {
        return emit("Cast", List.of(value), Map.of("to", new Attribute.Int(type.onnxNumber())));
    }

    /** Says where an operand of a node lives. */
    void binding(String node, int slot, SlotBinding binding) {
        slots.computeIfAbsent(place(node), key -> new LinkedHashMap<>()).put(slot, binding);
    }

    /** Says that an operand of a node follows from other operands of the native operator. */
    void implied(String node, int slot) {
        binding(node, slot, new SlotBinding.Implied());
    }

    /** Says that an attribute of a node follows from operands of the native operator. */
    void implied(String node, String attribute) {
        implied.computeIfAbsent(place(node), key -> new LinkedHashSet<>()).add(attribute);
    }

    /** Says what must follow when a node was edited. */
    void refit(String node, Refit refit) {
        refits.put(place(node), refit);
    }

    private int place(String node) {
        for (int i = 0; i < nodes.size(); i++) {
            if (nodes.get(i).outputs().contains(node)) {
                return i;
            }
        }
        throw new IllegalStateException("no node makes '" + node + "'");
    }

    // ---- results

    /** Makes a value a result of the native operator; quantises it when the result is quantised. */
    void out(int slot, String value) {
        int tensor = result(slot);
        String name = values.name(tensor);
        String result = values.quantization(tensor).isPresent() ? quantize(tensor, value) : value;
        boolean own = nodes.stream().anyMatch(node -> node.outputs().contains(result)) && !renamed.containsKey(result);
        renamed.put(own ? result : emit("Identity", List.of(result)), name);
    }

    private String quantize(int tensor, String value) {
        return emit(
                "QuantizeLinear",
                List.of(value, values.scale(tensor), values.zeroPoint(tensor)),
                Map.of("axis", new Attribute.Int(0)));
    }

    /** Drops what was made and puts a node in its place that nobody knows. */
    void barrier(String name, String reason) {
        nodes.clear();
        slots.clear();
        implied.clear();
        refits.clear();
        renamed.clear();
        List<String> inputs = new ArrayList<>();
        for (int slot = 0; slot < inputs(); slot++) {
            inputs.add(has(slot) && isReadable(slot) ? raw(slot) : "");
        }
        List<String> outputs = new ArrayList<>();
        for (int output : operator.getOutputs()) {
            outputs.add(values.name(output));
        }
        nodes.add(new Node("tflite", name, inputs, outputs, Map.of("reason", new Attribute.Text(reason))));
    }

    private boolean isReadable(int slot) {
        return values.type(tensor(slot)).isPresent()
                && values.isKnown(tensor(slot))
                && values.tensor(source(slot)).getSparsity() == null;
    }

    // ---- the result

    /** The nodes under their final names. */
    List<Node> nodes() {
        return nodes.stream()
                .map(node -> new Node(
                        node.domain(), node.operator(), names(node.inputs()), names(node.outputs()), node.attributes()))
                .toList();
    }

    private List<String> names(List<String> before) {
        return before.stream().map(name -> renamed.getOrDefault(name, name)).toList();
    }

    /** Bindings of the nodes that have one, by final id. */
    Map<String, NodeBinding> bindings() {
        Map<String, NodeBinding> bindings = new LinkedHashMap<>();
        List<Node> last = nodes();
        for (int i = 0; i < last.size(); i++) {
            bindings.put(
                    last.get(i).id(),
                    new NodeBinding(
                            slots.getOrDefault(i, Map.of()),
                            implied.getOrDefault(i, Set.of()),
                            Optional.ofNullable(refits.get(i))));
        }
        return bindings;
    }
}
