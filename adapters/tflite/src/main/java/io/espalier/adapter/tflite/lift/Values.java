package io.espalier.adapter.tflite.lift;

import io.espalier.adapter.tflite.edit.ConstantBinding;
import io.espalier.adapter.tflite.edit.Part;
import io.espalier.adapter.tflite.store.Axes;
import io.espalier.adapter.tflite.store.NativeModel;
import io.espalier.adapter.tflite.store.NativeTypes;
import io.espalier.adapter.tflite.store.Operators;
import io.espalier.adapter.tflite.store.Payload;
import io.espalier.adapter.tflite.store.PayloadTensor;
import io.espalier.adapter.tflite.store.SparseTensors;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.OperatorT;
import org.tensorflow.lite.schema.QuantizationParametersT;
import org.tensorflow.lite.schema.SubGraphT;
import org.tensorflow.lite.schema.TensorT;

/** The values of the main graph under their neutral names, and the constants made of its tensors. Not thread-safe. */
final class Values {

    private static final String BATCH = "batch";

    /** What axes behind the batch usually are, by rank. */
    private static final Map<Integer, List<String>> OPEN_AXES =
            Map.of(3, List.of("time"), 4, List.of("height", "width"), 5, List.of("depth", "height", "width"));

    private final NativeModel model;
    private final SubGraphT graph;
    private final FreshNames names = new FreshNames();
    private final FreshNames symbols = new FreshNames();
    private final List<String> tensorNames = new ArrayList<>();
    private final Set<String> fileNames = new LinkedHashSet<>();
    private final Map<String, Tensor> constants = new LinkedHashMap<>();
    private final Map<String, ConstantBinding> bindings = new LinkedHashMap<>();
    private final Map<View, String> views = new LinkedHashMap<>();
    private final Map<Double, String> shared = new LinkedHashMap<>();

    /** A constant made of a tensor. */
    private record View(int tensor, Part part, DataType type) {}

    Values(NativeModel model) {
        this.model = model;
        this.graph = model.subgraphs().get(0);
        for (int i = 0; i < graph.getTensors().length; i++) {
            String name = graph.getTensors()[i].getName();
            boolean isNamed = name != null && !name.isEmpty();
            tensorNames.add(names.fresh(isNamed ? name : "tensor" + i));
            fileNames.add(isNamed ? name : tensorNames.get(i));
        }
    }

    TensorT tensor(int index) {
        return graph.getTensors()[index];
    }

    String name(int tensor) {
        return tensorNames.get(tensor);
    }

    /** Names of all tensors as the file has them; two tensors may have one. */
    Set<String> fileNames() {
        return fileNames;
    }

    String unique(String wish) {
        return names.fresh(wish);
    }

    Map<String, Tensor> constants() {
        return constants;
    }

    Map<String, ConstantBinding> bindings() {
        return bindings;
    }

    boolean hasData(int tensor) {
        return model.buffers().get((int) tensor(tensor).getBuffer()).size() > 0
                && Arrays.stream(graph.getInputs()).noneMatch(input -> input == tensor);
    }

    /** Whether a tensor has a value before or while the graph runs, rather than from an earlier run. */
    boolean isKnown(int tensor) {
        return hasData(tensor)
                || Arrays.stream(graph.getInputs()).anyMatch(input -> input == tensor)
                || Arrays.stream(graph.getOperators())
                        .anyMatch(each -> Arrays.stream(each.getOutputs()).anyMatch(output -> output == tensor));
    }

    /** The {@code PACK} that makes a tensor for one reader alone; empty when there is none. */
    Optional<PackedNumbers> packed(int tensor) {
        OperatorT[] operators = graph.getOperators();
        long readers = Arrays.stream(operators)
                .flatMapToInt(each -> Arrays.stream(each.getInputs()))
                .filter(input -> input == tensor)
                .count();
        return IntStream.range(0, operators.length)
                .filter(i ->
                        operators[i].getOutputs().length == 1 && operators[i].getOutputs()[0] == tensor)
                .filter(i -> Operators.builtin(model, operators[i]) == BuiltinOperator.PACK && readers == 1)
                .mapToObj(i -> new PackedNumbers(
                        i,
                        Arrays.stream(operators[i].getInputs())
                                .mapToObj(this::number)
                                .toList()))
                .findFirst();
    }

    private OptionalLong number(int tensor) {
        if (!hasData(tensor) || !shape(tensor).isEmpty()) {
            return OptionalLong.empty();
        }
        Tensor scalar = tensor(new View(tensor, new Part.Numbers(), DataType.INT64), Axes.identity(0));
        return OptionalLong.of(Tensors.toLongs(scalar)[0]);
    }

    List<Long> shape(int tensor) {
        int[] shape = tensor(tensor).getShape();
        return shape == null
                ? List.of()
                : Arrays.stream(shape).asLongStream().boxed().toList();
    }

    Optional<DataType> type(int tensor) {
        return NativeTypes.of(tensor(tensor).getType());
    }

    /** Whether the file leaves an extent open; the one that it stores is an example then. */
    boolean isOpen(int tensor, int axis) {
        int[] signature = tensor(tensor).getShapeSignature();
        return signature != null && axis < signature.length && signature[axis] < 0;
    }

    /** The declared type of a tensor; empty for types the neutral graph does not have. */
    Optional<ValueType> declared(int tensor) {
        return type(tensor).map(type -> new ValueType(type, dimensions(tensor, axis -> new Dimension.Unknown())));
    }

    /** The declared type of an input, whose open extents have names: all inputs have the same batch. */
    Optional<ValueType> declaredInput(int tensor) {
        List<String> usual = OPEN_AXES.getOrDefault(shape(tensor).size(), List.of());
        IntFunction<Dimension> named = axis -> new Dimension.Symbol(
                axis == 0 ? BATCH : symbols.fresh(axis <= usual.size() ? usual.get(axis - 1) : "extent"));
        return type(tensor).map(type -> new ValueType(type, dimensions(tensor, named)));
    }

    private Optional<List<Dimension>> dimensions(int tensor, IntFunction<Dimension> open) {
        if (tensor(tensor).getShape() == null) {
            return Optional.empty();
        }
        List<Dimension> shape = new ArrayList<>();
        for (long extent : shape(tensor)) {
            int axis = shape.size();
            shape.add(isOpen(tensor, axis) ? open.apply(axis) : new Dimension.Fixed(extent));
        }
        return Optional.of(shape);
    }

    /** Scales of a quantised tensor. */
    Optional<QuantizationParametersT> quantization(int tensor) {
        QuantizationParametersT quantization = tensor(tensor).getQuantization();
        boolean present = quantization != null
                && quantization.getScale() != null
                && type(tensor).isPresent()
                && !type(tensor).get().isFloating();
        return present ? Optional.of(quantization) : Optional.empty();
    }

    /** The elements of a constant tensor, with its axes in another order. */
    String data(int tensor, Axes axes) {
        DataType type = stored(tensor);
        return view(new View(tensor, new Part.Data(axes), type), axes);
    }

    /** The numbers of a constant operand as 64-bit integers, in the shape it has. */
    String numbers(int tensor) {
        return view(
                new View(tensor, new Part.Numbers(), DataType.INT64),
                Axes.identity(shape(tensor).size()));
    }

    private DataType stored(int tensor) {
        return type(tensor)
                .orElseThrow(() -> new NotLiftedException("it reads elements of type "
                        + NativeTypes.name(tensor(tensor).getType())));
    }

    private String view(View view, Axes axes) {
        return views.computeIfAbsent(view, key -> {
            boolean plain = axes.isIdentity() && view.type() == stored(view.tensor());
            boolean taken = constants.containsKey(name(view.tensor()));
            String name = plain || view.part() instanceof Part.Data && !taken
                    ? name(view.tensor())
                    : unique(name(view.tensor()) + "/as");
            if (constants.containsKey(name)) {
                name = unique(name + "/as");
            }
            return store(name, tensor(view, axes), view.tensor(), view.part());
        });
    }

    private Tensor tensor(View view, Axes axes) {
        int index = view.tensor();
        return new PayloadTensor(payload(index), stored(index), shape(index), axes, view.type());
    }

    private Payload payload(int index) {
        Payload stored = model.buffers().get((int) tensor(index).getBuffer());
        if (tensor(index).getSparsity() == null) {
            return stored;
        }
        return SparseTensors.densify(tensor(index), stored(index), stored)
                .orElseThrow(() -> new NotLiftedException("the sparse constant '" + name(index) + "' is inconsistent"));
    }

    /** The scales of a quantised tensor: one number, or one for each position of an axis. */
    String scale(int tensor) {
        float[] scale = quantization(tensor).orElseThrow().getScale();
        return views.computeIfAbsent(
                new View(tensor, new Part.Scale(), DataType.FLOAT32),
                view -> store(
                        unique(name(tensor) + "/scale"),
                        Tensors.floats(vectorOrScalar(scale.length), scale),
                        tensor,
                        view.part()));
    }

    /** The zero points of a quantised tensor, in its own type; as many as it has scales. */
    String zeroPoint(int tensor) {
        QuantizationParametersT quantization = quantization(tensor).orElseThrow();
        int count = quantization.getScale().length;
        DataType type = type(tensor).orElseThrow();
        long[] given = quantization.getZeroPoint() == null ? new long[count] : quantization.getZeroPoint();
        double[] zeros = new double[count];
        for (int i = 0; i < count; i++) {
            zeros[i] = given[given.length == 1 ? 0 : i];
        }
        return views.computeIfAbsent(
                new View(tensor, new Part.ZeroPoint(), type),
                view -> store(
                        unique(name(tensor) + "/zero_point"),
                        Tensors.fromDoubles(type, vectorOrScalar(count), zeros),
                        tensor,
                        view.part()));
    }

    private static List<Long> vectorOrScalar(int count) {
        return count == 1 ? List.of() : List.of((long) count);
    }

    private String store(String name, Tensor tensor, int binding, Part part) {
        constants.put(name, tensor);
        bindings.put(name, new ConstantBinding(binding, part));
        return name;
    }

    /** A number that operators share, such as the bound of a fused activation. */
    String number(double value) {
        return shared.computeIfAbsent(
                value, key -> derived("number/" + value, Tensors.fromDoubles(DataType.FLOAT32, List.of(), value)));
    }

    /** A constant that no tensor of the file holds. */
    String derived(String wish, Tensor tensor) {
        String name = unique(wish);
        constants.put(name, tensor);
        return name;
    }
}
