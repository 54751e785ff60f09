package io.espalier.adapter.tflite;

import io.espalier.adapter.tflite.store.ModelEncoder;
import io.espalier.adapter.tflite.store.NativeModel;
import io.espalier.adapter.tflite.store.Payload;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.tensorflow.lite.schema.OperatorCodeT;
import org.tensorflow.lite.schema.OperatorT;
import org.tensorflow.lite.schema.QuantizationParametersT;
import org.tensorflow.lite.schema.SubGraphT;
import org.tensorflow.lite.schema.TensorT;

/** Damages models: single bytes of a file, or entries of its tables. The same seed does the same damage. */
public final class TestingDamage {

    private static final int[] NUMBERS = {-1, 0, 1, 2, 3, 7, 255, 65_536, Integer.MAX_VALUE, Integer.MIN_VALUE};

    private final Random random;
    private final NativeModel model;
    private final SubGraphT graph;

    private TestingDamage(long seed, NativeModel model) {
        this.random = new Random(seed);
        this.model = model;
        this.graph = model.subgraphs().get(0);
    }

    /** Some bytes of a file changed. */
    public static byte[] bytes(byte[] file, long seed) {
        Random random = new Random(seed);
        byte[] damaged = file.clone();
        for (int i = random.nextInt(8); i >= 0; i--) {
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
        }
        return damaged;
    }

    /**
     * One to three entries of tables changed.
     *
     * @param model changed in place
     */
    public static byte[] tables(NativeModel model, long seed) {
        TestingDamage damage = new TestingDamage(seed, model);
        for (int i = damage.random.nextInt(3); i >= 0; i--) {
            damage.damage();
        }
        ByteBuffer bytes = ModelEncoder.encode(model);
        byte[] file = new byte[bytes.remaining()];
        bytes.get(file);
        return file;
    }

    private void damage() {
        List<Runnable> kinds = List.of(
                this::operands,
                this::operands,
                this::results,
                this::options,
                this::options,
                this::foreignOptions,
                this::operatorType,
                this::shape,
                this::shape,
                this::elementType,
                this::buffer,
                this::smallConstant,
                this::smallConstant,
                this::quantisation,
                this::variable,
                this::interfaces,
                this::order);
        any(kinds).run();
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private int number() {
        return random.nextBoolean() ? NUMBERS[random.nextInt(NUMBERS.length)] : random.nextInt(40);
    }

    private OperatorT operator() {
        return any(Arrays.asList(graph.getOperators()));
    }

    private TensorT tensor() {
        return any(Arrays.asList(graph.getTensors()));
    }

    private int anyTensor() {
        return random.nextInt(20) == 0 ? number() : random.nextInt(graph.getTensors().length);
    }

    private void operands() {
        OperatorT operator = operator();
        operator.setInputs(list(operator.getInputs()));
    }

    private void results() {
        OperatorT operator = operator();
        operator.setOutputs(list(operator.getOutputs()));
    }

    private void interfaces() {
        if (random.nextBoolean()) {
            graph.setInputs(list(graph.getInputs()));
        } else {
            graph.setOutputs(list(graph.getOutputs()));
        }
    }

    /** A list of tensors with one replaced, left out, added, or absent. */
    private int[] list(int... tensors) {
        int[] changed = tensors.clone();
        int place = tensors.length == 0 ? 0 : random.nextInt(tensors.length);
        switch (random.nextInt(5)) {
            case 0 -> changed = Arrays.copyOf(tensors, place);
            case 1 -> {
                changed = Arrays.copyOf(tensors, tensors.length + 1);
                changed[tensors.length] = anyTensor();
            }
            case 2 -> fill(changed, place, -1);
            default -> fill(changed, place, anyTensor());
        }
        return changed;
    }

    private static void fill(int[] numbers, int place, int number) {
        if (place < numbers.length) {
            numbers[place] = number;
        }
    }

    /** One number of an operator's options. */
    private void options() {
        Object options = operator().getBuiltinOptions() == null
                ? null
                : operator().getBuiltinOptions().getValue();
        if (options == null) {
            return;
        }
        List<Method> setters = Arrays.stream(options.getClass().getMethods())
                .filter(method -> method.getName().startsWith("set") && method.getParameterCount() == 1)
                .sorted((one, other) -> one.getName().compareTo(other.getName()))
                .toList();
        if (setters.isEmpty()) {
            return;
        }
        Method setter = any(setters);
        try {
            setter.invoke(options, value(setter.getParameterTypes()[0]));
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(setter.toString(), e);
        }
    }

    private Object value(Class<?> type) {
        if (type == int.class) {
            return number();
        }
        if (type == long.class) {
            return number() & 0xFFFFFFFFL;
        }
        if (type == float.class) {
            return random.nextInt(4) == 0 ? Float.NaN : random.nextFloat() * 100 - 50;
        }
        if (type == boolean.class) {
            return random.nextBoolean();
        }
        if (type == byte.class) {
            return (byte) random.nextInt(12);
        }
        return type == int[].class ? random.ints(random.nextInt(6), -2, 40).toArray() : null;
    }

    private void foreignOptions() {
        operator().setBuiltinOptions(operator().getBuiltinOptions());
    }

    private void operatorType() {
        if (random.nextBoolean()) {
            operator().setOpcodeIndex(random.nextInt(model.codes().size() + 1));
        } else {
            OperatorCodeT code = any(model.codes());
            int builtin = random.nextInt(162);
            code.setBuiltinCode(builtin);
            code.setDeprecatedBuiltinCode((byte) Math.min(builtin, 127));
            code.setVersion(random.nextInt(5));
        }
    }

    private void shape() {
        TensorT tensor = tensor();
        int[] shape = tensor.getShape() == null ? new int[0] : tensor.getShape().clone();
        if (shape.length == 0 || random.nextInt(3) == 0) {
            shape = Arrays.copyOf(shape, random.nextInt(7));
        }
        fill(shape, shape.length == 0 ? 0 : random.nextInt(shape.length), number());
        tensor.setShape(shape);
    }

    private void elementType() {
        tensor().setType((byte) random.nextInt(19));
    }

    private void buffer() {
        tensor().setBuffer(
                        random.nextInt(3) == 0
                                ? 0
                                : random.nextInt(model.buffers().size() + 1));
    }

    /** One number of a constant that holds extents, axes or the like. */
    private void smallConstant() {
        List<Integer> small = IntStream.range(0, model.buffers().size())
                .filter(i -> model.buffers().get(i).size() >= 4
                        && model.buffers().get(i).size() <= 64)
                .boxed()
                .toList();
        if (small.isEmpty()) {
            return;
        }
        int place = any(small);
        ByteBuffer bytes =
                ByteBuffer.allocate(model.buffers().get(place).size()).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(model.buffers().get(place).bytes()).flip();
        bytes.putInt(4 * random.nextInt(bytes.capacity() / 4), number());
        model.buffers().set(place, Payload.of(bytes));
    }

    private void quantisation() {
        TensorT tensor = tensor();
        QuantizationParametersT quantisation = tensor.getQuantization();
        if (quantisation == null || random.nextInt(5) == 0) {
            quantisation = new QuantizationParametersT();
            tensor.setQuantization(quantisation);
        }
        QuantizationParametersT changed = quantisation;
        List<Consumer<Integer>> kinds = List.of(
                n -> changed.setScale(n == 0 ? null : new float[n]),
                n -> changed.setZeroPoint(n == 0 ? null : random.longs(n).toArray()),
                n -> changed.setQuantizedDimension(number()),
                n -> changed.setScale(new float[] {any(List.of(0f, Float.NaN, 1e30f, -1f))}),
                n -> {
                    changed.setScale(new float[] {1});
                    changed.setZeroPoint(new long[] {number()});
                });
        any(kinds).accept(random.nextInt(5));
    }

    private void variable() {
        tensor().setIsVariable(random.nextBoolean());
    }

    private void order() {
        OperatorT[] operators = graph.getOperators();
        int one = random.nextInt(operators.length);
        int other = random.nextInt(operators.length);
        OperatorT moved = operators[one];
        operators[one] = operators[other];
        operators[other] = moved;
    }
}
