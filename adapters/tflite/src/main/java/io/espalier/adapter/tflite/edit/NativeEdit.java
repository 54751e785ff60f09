package io.espalier.adapter.tflite.edit;

import io.espalier.adapter.tflite.store.Axes;
import io.espalier.adapter.tflite.store.NativeModel;
import io.espalier.adapter.tflite.store.NativeTypes;
import io.espalier.adapter.tflite.store.Payload;
import io.espalier.adapter.tflite.store.SparseTensors;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.lite.schema.OperatorCodeT;
import org.tensorflow.lite.schema.OperatorT;
import org.tensorflow.lite.schema.QuantizationParametersT;
import org.tensorflow.lite.schema.SubGraphT;
import org.tensorflow.lite.schema.TensorT;
import org.tensorflow.lite.schema.TensorType;

/** Changes the main graph of a native model. Operators keep their index while it is edited. Not thread-safe. */
public final class NativeEdit {

    private final NativeModel model;
    private final SubGraphT graph;
    private final List<TensorT> tensors;
    private final List<OperatorT> operators;
    private final Dequantizers dequantizers;

    public NativeEdit(NativeModel model) {
        this.model = model;
        this.graph = model.subgraphs().get(0);
        this.tensors = new ArrayList<>(Arrays.asList(graph.getTensors()));
        this.operators = List.of(graph.getOperators());
        this.dequantizers = new Dequantizers(model, operators, tensors);
    }

    public OperatorT operator(int index) {
        return operators.get(index);
    }

    public TensorT tensor(int index) {
        return tensors.get(index);
    }

    /** The tensor of an operand. */
    public TensorT operand(int operator, int slot) {
        return tensor(operator(operator).getInputs()[slot]);
    }

    /** Changes a part of a tensor for all that read it. */
    public void set(int tensor, Part part, Tensor value) {
        if (part instanceof Part.Data data) {
            setData(tensor, data.axes().inverse().apply(value));
        } else if (part instanceof Part.Numbers) {
            setNumbers(tensor, value);
        } else if (part instanceof Part.Scale) {
            setScale(quantization(tensor), Tensors.toFloats(value));
        } else if (part instanceof Part.ZeroPoint) {
            quantization(tensor).setZeroPoint(Tensors.toLongs(value));
        }
    }

    /** Changes a part of an operand for one operator alone; one that is computed when the model runs becomes a constant. */
    public void setOperand(int operator, int slot, Part part, Tensor value) {
        if (isComputed(operator(operator).getInputs()[slot])) {
            operator(operator).getInputs()[slot] = addConstant(operand(operator, slot), value);
            return;
        }
        dequantizers.sparse(operator, slot).ifPresent(this::densify);
        set(dequantizers.own(operator, slot), part, value);
    }

    private boolean isComputed(int tensor) {
        return !dequantizers.isUnpacked(tensor)
                && operators.stream()
                        .anyMatch(each -> Arrays.stream(each.getOutputs()).anyMatch(made -> made == tensor));
    }

    /** Changes a constant operand that counts or lists, where the numbers are not what they should be. */
    public void setNumbers(int operator, int slot, long... numbers) {
        setOperand(operator, slot, new Part.Numbers(), Tensors.vector(numbers));
    }

    /** Makes an operator one of another builtin type. */
    public void setType(int operator, byte builtin) {
        OperatorCodeT code = new OperatorCodeT();
        code.setBuiltinCode(builtin);
        code.setDeprecatedBuiltinCode(builtin);
        code.setVersion(1);
        for (int i = 0; i < model.codes().size(); i++) {
            OperatorCodeT known = model.codes().get(i);
            if (Math.max(known.getBuiltinCode(), known.getDeprecatedBuiltinCode()) == builtin) {
                operator(operator).setOpcodeIndex(i);
                return;
            }
        }
        model.codes().add(code);
        operator(operator).setOpcodeIndex(model.codes().size() - 1L);
    }

    /**
     * Leaves operands of sums out, with all that led to an output through them alone.
     *
     * @param slots for the tensor that each sum makes, the operands that are left out
     * @throws io.espalier.spi.InvalidInputException when nothing in the file says the same without one
     */
    public void leaveOut(Map<Integer, Set<Integer>> slots) {
        Omissions omissions = new Omissions(model, graph, operators);
        slots.forEach((result, left) -> omissions.leaveOut(result, left, isQuantised(result), this::setType));
        omissions.finish(dequantizers::remove);
    }

    private boolean isQuantised(int tensor) {
        QuantizationParametersT quantization = quantization(tensor);
        return quantization != null && quantization.getScale() != null && quantization.getScale().length > 0;
    }

    /** Adds a constant of 32-bit integers and returns its index. */
    public int addNumbers(String name, long... numbers) {
        int added = add(name, TensorType.INT32, numbers.length);
        setNumbers(added, Tensors.vector(numbers));
        return added;
    }

    private int addConstant(TensorT computed, Tensor value) {
        int added = add(computed.getName() + "/fixed" + tensors.size(), computed.getType(), extents(value.shape()));
        setData(added, value);
        return added;
    }

    private int add(String name, byte type, int... shape) {
        TensorT tensor = new TensorT();
        tensor.setName(name);
        tensor.setType(type);
        tensor.setShape(shape);
        tensor.setShapeSignature(null);
        tensor.setVariantTensors(null);
        tensors.add(tensor);
        return tensors.size() - 1;
    }

    /** Makes the last axis of an operand longer or shorter that starts with zeros, whether or not the file stores them. */
    public void resizeZeros(int operator, int slot, int extent) {
        int[] shape = operand(operator, slot).getShape().clone();
        shape[shape.length - 1] = extent;
        if (dequantizers.isMade(operator(operator).getInputs()[slot])) {
            List<Long> extents = Arrays.stream(shape).asLongStream().boxed().toList();
            double[] zeros = new double[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
            Tensor value = Tensors.fromDoubles(DataType.FLOAT32, extents, zeros);
            setOperand(operator, slot, new Part.Data(Axes.identity(shape.length)), value);
        }
        operand(operator, slot).setShape(shape);
    }

    /** What is known of a computed tensor's extents; others stay. */
    public void declare(int tensor, List<Dimension> shape) {
        int[] before = tensor(tensor).getShape();
        List<Long> extents = new ArrayList<>();
        for (int axis = 0; axis < shape.size(); axis++) {
            long known = before != null && axis < before.length ? before[axis] : 1;
            extents.add(shape.get(axis) instanceof Dimension.Fixed fixed ? fixed.extent() : known);
        }
        setShape(tensor, extents);
    }

    /** Extents of a tensor; axes that the file leaves open stay open. */
    private void setShape(int tensor, List<Long> shape) {
        int[] extents = extents(shape);
        int[] signature = tensor(tensor).getShapeSignature();
        tensor(tensor).setShape(extents);
        if (signature != null) {
            int[] open = extents.clone();
            for (int axis = 0; axis < Math.min(open.length, signature.length); axis++) {
                open[axis] = signature[axis] < 0 ? signature[axis] : open[axis];
            }
            tensor(tensor).setShapeSignature(open);
        }
    }

    private static int[] extents(List<Long> shape) {
        return shape.stream().mapToInt(Math::toIntExact).toArray();
    }

    private void setData(int tensor, Tensor value) {
        DataType stored = NativeTypes.of(tensor(tensor).getType()).orElseThrow();
        Tensor typed =
                value.type() == stored ? value : Tensors.fromDoubles(stored, value.shape(), Tensors.toDoubles(value));
        store(tensor, Tensors.toBytes(typed));
        makeDense(tensor);
        setShape(tensor, value.shape());
        dequantizers.results(tensor).forEach(result -> setShape(result, value.shape()));
    }

    private void densify(int tensor) {
        DataType stored = NativeTypes.of(tensor(tensor).getType()).orElseThrow();
        Payload payload = model.buffers().get((int) tensor(tensor).getBuffer());
        store(
                tensor,
                SparseTensors.densify(tensor(tensor), stored, payload)
                        .orElseThrow()
                        .bytes());
        makeDense(tensor);
    }

    private void makeDense(int tensor) {
        if (tensor(tensor).getSparsity() != null) {
            tensor(tensor).setSparsity(null);
            dequantizers.removeDensify(tensor);
        }
    }

    /** As many numbers as before stay in the shape they had: a vector of one may be a scalar here. */
    private void setNumbers(int tensor, Tensor value) {
        DataType stored = NativeTypes.of(tensor(tensor).getType()).orElseThrow();
        int[] shape =
                tensor(tensor).getShape() == null ? new int[0] : tensor(tensor).getShape();
        long before = Arrays.stream(shape).asLongStream().reduce(1, (a, b) -> a * b);
        Tensor typed = Tensors.fromDoubles(stored, List.of(value.size()), Tensors.toDoubles(value));
        store(tensor, Tensors.toBytes(typed));
        if (before != value.size()) {
            setShape(tensor, value.shape());
        }
    }

    private void store(int tensor, ByteBuffer bytes) {
        long buffer = tensor(tensor).getBuffer();
        if (isShared(buffer)) {
            tensor(tensor).setBuffer(model.buffers().size());
            model.buffers().add(Payload.of(bytes));
        } else {
            model.buffers().set((int) buffer, Payload.of(bytes));
        }
    }

    private boolean isShared(long buffer) {
        long here = tensors.stream().filter(each -> each.getBuffer() == buffer).count();
        long elsewhere = model.subgraphs().stream()
                .skip(1)
                .flatMap(other -> Arrays.stream(other.getTensors()))
                .filter(each -> each.getBuffer() == buffer)
                .count();
        return buffer == 0 || here + elsewhere > 1;
    }

    private QuantizationParametersT quantization(int tensor) {
        return tensor(tensor).getQuantization();
    }

    private static void setScale(QuantizationParametersT quantization, float... scale) {
        quantization.setScale(scale);
        long[] zeros = quantization.getZeroPoint();
        // Biases have zeros for zero points, which are no operands of the neutral graph.
        if (zeros != null
                && zeros.length != scale.length
                && Arrays.stream(zeros).allMatch(zero -> zero == 0)) {
            quantization.setZeroPoint(new long[scale.length]);
        }
        // Ranges seen while training say nothing to the interpreter, and must not contradict the scales.
        if (quantization.getMin() != null && quantization.getMin().length > 1) {
            quantization.setMin(null);
            quantization.setMax(null);
        }
    }

    /** Empties buffers that only tensors nobody reads any more refer to. */
    public void empty(List<Integer> unread) {
        List<OperatorT> all = dequantizers.finished();
        for (int tensor : unread) {
            boolean read = all.stream()
                            .anyMatch(each -> Arrays.stream(each.getInputs()).anyMatch(in -> in == tensor))
                    || Arrays.stream(graph.getOutputs()).anyMatch(out -> out == tensor);
            long buffer = tensor(tensor).getBuffer();
            if (!read && buffer != 0) {
                if (!isShared(buffer)) {
                    model.buffers().set((int) buffer, Payload.EMPTY);
                }
                tensor(tensor).setBuffer(0);
            }
        }
    }

    /** Puts what was changed back into the model. */
    public void finish() {
        graph.setTensors(tensors.toArray(TensorT[]::new));
        graph.setOperators(dequantizers.finished().toArray(OperatorT[]::new));
    }
}
