package io.espalier.engine.data;

import io.espalier.engine.verify.RandomInputs;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * Inputs made from the interface of a model: noise of mean 0 and deviation 1 for floating-point inputs, white or smooth in
 * space; uniform indices of the tables that integers look up; ones for masks and flags; uniform bytes for quantised inputs.
 *
 * <p>A poor substitute for real examples: see {@code docs/recovery.md} for figures.
 */
public final class SyntheticExamples implements Dataset {

    private static final String KIND = "kind";
    private static final String COUNT = "count";
    private static final String SMOOTH = "smooth";
    private static final int BYTES = 256;
    private static final int LOWEST_BYTE = 128;

    private final boolean smooth;
    private final int count;
    private final long seed;
    private final Operators operators;
    private final Map<String, Long> extents;
    private final Map<String, Tensor> arrays;

    private SyntheticExamples(
            boolean smooth,
            int count,
            long seed,
            Operators operators,
            Map<String, Long> extents,
            Map<String, Tensor> arrays) {
        this.smooth = smooth;
        this.count = count;
        this.seed = seed;
        this.operators = operators;
        this.extents = extents;
        this.arrays = arrays;
    }

    /**
     * Examples for whatever model they will be used with.
     *
     * @param options of {@link #options()}, checked
     * @param extents of symbolic axes by name; the others have defaults
     */
    public static SyntheticExamples of(Options options, long seed, Operators operators, Map<String, Long> extents) {
        return new SyntheticExamples(
                options.text(KIND).equals(SMOOTH),
                Math.toIntExact(options.integer(COUNT)),
                seed,
                operators,
                Map.copyOf(extents),
                Map.of());
    }

    /** What can be said of such examples. */
    public static List<OptionSpec> options() {
        return List.of(
                OptionSpec.choice(KIND, List.of(SMOOTH, "white"), "noise that is smooth in space, or white"),
                OptionSpec.integer(COUNT, 512, 2, 1_000_000, "how many examples"));
    }

    @Override
    public long size() {
        return count;
    }

    @Override
    public Map<String, Tensor> arrays() {
        return arrays;
    }

    @Override
    public boolean isSynthetic() {
        return true;
    }

    @Override
    public List<String> notes() {
        return List.of("The calibration is synthetic: " + count + " inputs of " + (smooth ? "smooth" : "white")
                + " noise made from the interface of the model. Real inputs, even of another kind, are far better.");
    }

    @Override
    public Dataset forModel(Graph graph) {
        Shapes shapes = operators.infer(graph);
        RandomInputs inputs = new RandomInputs(graph, shapes, operators);
        Map<String, Long> symbols = new LinkedHashMap<>(inputs.sizes().get(0));
        symbols.putAll(extents);
        Map<String, Tensor> made = new LinkedHashMap<>();
        Map<String, ValueType> fed = new LinkedHashMap<>(graph.inputs());
        fed.keySet().removeAll(graph.given().keySet());
        fed.forEach((name, type) -> {
            List<Long> shape = new ArrayList<>(shapes.require(name).stream()
                    .map(extent -> extent.evaluate(symbols))
                    .toList());
            if (shape.isEmpty()) {
                throw new InvalidInputException("The input " + Quoted.name(name)
                        + " has no axis of examples, so no inputs can be made; give a file with --calibration.");
            }
            shape.set(0, (long) count);
            made.put(
                    name,
                    new NoiseTensor(type.type(), shape, seed + name.hashCode(), maker(name, type, shape, inputs)));
        });
        return new SyntheticExamples(smooth, count, seed, operators, extents, made);
    }

    private NoiseTensor.RowMaker maker(String name, ValueType type, List<Long> shape, RandomInputs inputs) {
        List<Long> row = shape.subList(1, shape.size());
        if (type.type().isFloating()) {
            return smooth && SmoothNoise.isImage(row)
                    ? SmoothNoise.of(row)
                    : (random, elements) -> fill(elements, random, SplittableRandom::nextGaussian);
        }
        long table = inputs.table(name);
        if (table > 0) {
            return (random, elements) -> fill(elements, random, each -> each.nextLong(table));
        }
        if (inputs.isQuantised(name)) {
            int lowest = type.type() == DataType.INT8 ? LOWEST_BYTE : 0;
            return (random, elements) -> fill(elements, random, each -> each.nextInt(BYTES) - lowest);
        }
        return (random, elements) -> fill(elements, random, each -> 1);
    }

    private static double[] fill(int elements, SplittableRandom random, ToDoubleFunction<SplittableRandom> element) {
        double[] values = new double[elements];
        Arrays.setAll(values, i -> element.applyAsDouble(random));
        return values;
    }
}
