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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.lite.schema.OperatorT;
import org.tensorflow.lite.schema.QuantizationParametersT;

/** One native operator while it is lifted: what it reads, and the neutral nodes made for it. Not thread-safe. */
final class Draft extends NativeOperator {

    private final String prefix;
    private final DraftedNodes nodes = new DraftedNodes();

    Draft(Values values, Map<Integer, Integer> unpacked, OperatorT operator, int index) {
        super(values, unpacked, operator, index);
        this.prefix = operator.getOutputs().length == 0 ? "operator" + index : values.name(operator.getOutputs()[0]);
    }

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
            nodes.bindReaders(value, new SlotBinding.Operand(index(), slot, new Part.Data(Axes.identity(rank(slot)))));
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
            binding(value, 0, new SlotBinding.Operand(index(), slot, part));
            return value;
        }
        nodes.bindReaders(data, new SlotBinding.Operand(index(), slot, part));
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
        binding(value, 0, new SlotBinding.Operand(index(), slot, part));
        binding(value, 1, new SlotBinding.Operand(index(), slot, new Part.Scale()));
        if (!symmetric) {
            binding(value, 2, new SlotBinding.Operand(index(), slot, new Part.ZeroPoint()));
        }
        return value;
    }

    /** An operand as it is stored, whatever it means. */
    String raw(int slot) {
        int tensor = tensor(slot);
        if (isUnpacked(slot)) {
            return in(slot);
        }
        if (values.hasData(tensor)) {
            String data = values.data(tensor, Axes.identity(rank(slot)));
            nodes.bindReaders(data, new SlotBinding.Operand(index(), slot, new Part.Data(Axes.identity(rank(slot)))));
            return data;
        }
        return values.name(tensor);
    }

    /** An operand that counts or lists, as 64-bit integers. */
    String counts(int slot) {
        if (isStored(slot)) {
            String numbers = values.numbers(tensor(slot));
            nodes.bindReaders(numbers, new SlotBinding.Operand(index(), slot, new Part.Numbers()));
            return numbers;
        }
        SlotBinding.Operand operand = new SlotBinding.Operand(index(), slot, new Part.Numbers());
        String value = values.name(tensor(slot));
        nodes.bindReaders(value, operand);
        String numbers = inputType(slot) == DataType.INT64 ? value : cast(value, DataType.INT64);
        nodes.bindReaders(numbers, operand);
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
        nodes.bindReaders(piece, new SlotBinding.Operand(index(), slot, new Part.Numbers()));
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
        nodes.add(Node.of(operatorType, inputs, outputs, attributes));
        return outputs;
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
        nodes.bind(node, slot, binding);
    }

    /** Says that an operand of a node follows from other operands of the native operator. */
    void implied(String node, int slot) {
        binding(node, slot, new SlotBinding.Implied());
    }

    /** Says that an attribute of a node follows from operands of the native operator. */
    void implied(String node, String attribute) {
        nodes.imply(node, attribute);
    }

    /** Says what must follow when a node was edited. */
    void refit(String node, Refit refit) {
        nodes.refit(node, refit);
    }

    // ---- results

    /** Makes a value a result of the native operator; quantises it when the result is quantised. */
    void out(int slot, String value) {
        int tensor = result(slot);
        String name = values.name(tensor);
        String result = values.quantization(tensor).isPresent() ? quantize(tensor, value) : value;
        nodes.rename(nodes.makes(result) ? result : emit("Identity", List.of(result)), name);
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
        List<String> inputs = new ArrayList<>();
        for (int slot = 0; slot < inputs(); slot++) {
            inputs.add(has(slot) && isReadable(slot) ? raw(slot) : "");
        }
        nodes.addUnbound(new Node("tflite", name, inputs, results(), Map.of("reason", new Attribute.Text(reason))));
    }

    // ---- the result

    /** The nodes under their final names. */
    List<Node> nodes() {
        return nodes.nodes();
    }

    /** Bindings of the nodes that have one, by final id. */
    Map<String, NodeBinding> bindings() {
        return nodes.bindings();
    }
}
