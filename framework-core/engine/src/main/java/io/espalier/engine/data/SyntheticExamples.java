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
 * With {@code kind=descent}, {@link InputDescent} makes more of them.
 *
 * <p>A poor substitute for real examples: see {@code docs/recovery.md} for figures.
 */
public final class SyntheticExamples implements Dataset {

    private static final String KIND = "kind";
    private static final String COUNT = "count";
    private static final String STEPS = "steps";
    private static final String DESCENT = "descent";
    private static final String SMOOTH = "smooth";
    private static final String WHITE = "white";
    private static final int BYTES = 256;
    private static final int LOWEST_BYTE = 128;

    /**
     * What was asked for; equal recipes make equal examples for a model.
     *
     * @param kind of noise, or what is made of it
     * @param steps of the descent
     */
    record Recipe(String kind, int count, int steps, long seed, Map<String, Long> extents) {}

    private final Recipe recipe;
    private final Operators operators;
    private final Map<String, Tensor> arrays;
    private final boolean noise;
    private final List<String> notes;

    private SyntheticExamples(
            Recipe recipe, Operators operators, Map<String, Tensor> arrays, boolean noise, List<String> notes) {
        this.recipe = recipe;
        this.operators = operators;
        this.arrays = arrays;
        this.noise = noise;
        this.notes = notes;
    }

    /**
     * Examples for whatever model they will be used with.
     *
     * @param options of {@link #options()}, checked
     * @param extents of symbolic axes by name; the others have defaults
     */
    public static SyntheticExamples of(Options options, long seed, Operators operators, Map<String, Long> extents) {
        Recipe recipe = new Recipe(
                options.text(KIND),
                Math.toIntExact(options.integer(COUNT)),
                Math.toIntExact(options.integer(STEPS)),
                seed,
                Map.copyOf(extents));
        return new SyntheticExamples(recipe, operators, Map.of(), true, List.of(noise(recipe)));
    }

    /** What can be said of such examples. */
    public static List<OptionSpec> options() {
        return List.of(
                OptionSpec.choice(
                        KIND,
                        List.of(DESCENT, SMOOTH, WHITE),
                        "noise that is smooth in space, or white, or smooth noise that descends until batch norms see what"
                                + " they hold"),
                OptionSpec.integer(COUNT, 256, 2, 1_000_000, "how many examples"),
                OptionSpec.integer(STEPS, 30, 1, 100_000, "steps of the descent"));
    }

    private static String noise(Recipe recipe) {
        return "The calibration is synthetic: " + recipe.count + " inputs of "
                + (recipe.kind.equals(WHITE) ? "white" : "smooth")
                + " noise made from the interface of the model. Real inputs, even of another kind, are far better.";
    }

    /** Whether the examples are noise, as they are before a descent: nothing can be compared on it. */
    public boolean isNoise() {
        return noise;
    }

    Recipe recipe() {
        return recipe;
    }

    boolean descends() {
        return recipe.kind.equals(DESCENT);
    }

    /** These examples as noise, with the reason why they are not more. */
    SyntheticExamples because(String reason) {
        String note = notes.get(0) + " There was no descent: " + reason + ".";
        return new SyntheticExamples(recipe, operators, arrays, true, List.of(note));
    }

    /** Examples that were made of these. */
    SyntheticExamples with(Map<String, Tensor> made, String note) {
        return new SyntheticExamples(recipe, operators, made, false, List.of(note));
    }

    Operators operators() {
        return operators;
    }

    @Override
    public long size() {
        return recipe.count;
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
        return notes;
    }

    @Override
    public SyntheticExamples forModel(Graph graph) {
        if (!arrays.isEmpty()) {
            return this;
        }
        Shapes shapes = operators.infer(graph);
        RandomInputs inputs = new RandomInputs(graph, shapes, operators);
        Map<String, Long> symbols = new LinkedHashMap<>(inputs.sizes().get(0));
        symbols.putAll(recipe.extents);
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
            shape.set(0, (long) recipe.count);
            made.put(
                    name,
                    new NoiseTensor(
                            type.type(), shape, recipe.seed + name.hashCode(), maker(name, type, shape, inputs)));
        });
        return new SyntheticExamples(recipe, operators, made, noise, notes);
    }

    private NoiseTensor.RowMaker maker(String name, ValueType type, List<Long> shape, RandomInputs inputs) {
        List<Long> row = shape.subList(1, shape.size());
        if (type.type().isFloating()) {
            return !recipe.kind.equals(WHITE) && SmoothNoise.isImage(row)
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

    /** Equal examples are made of a model by equal recipes. */
    @Override
    public boolean equals(Object other) {
        return other instanceof SyntheticExamples examples
                && recipe.equals(examples.recipe)
                && arrays.equals(examples.arrays);
    }

    @Override
    public int hashCode() {
        return recipe.hashCode();
    }
}
