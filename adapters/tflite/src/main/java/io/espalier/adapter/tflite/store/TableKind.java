package io.espalier.adapter.tflite.store;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.lite.schema.BuiltinOptions;

/**
 * What the fields of one kind of table hold, in the order of the schema.
 *
 * @param name name in the schema
 * @param fields fields by slot; more than these are not known to the schema classes
 * @param open whether further fields are numbers
 */
record TableKind(String name, List<Field> fields, boolean open) {

    /** What a field holds. */
    sealed interface Field {}

    /** A number stored in the table itself. */
    record Scalar() implements Field {}

    /** UTF-8 text. */
    record Text() implements Field {}

    /** A vector of numbers. */
    record Numbers(int bytes) implements Field {}

    /** A table. */
    record Table(TableKind kind) implements Field {}

    /** A vector of tables. */
    record Tables(TableKind kind) implements Field {}

    /** A table whose kind is named by the field before it. */
    record Union(String name, Map<Integer, TableKind> kinds, int last) implements Field {

        /** The kind of a member; empty when the schema classes do not know it. */
        Optional<TableKind> kind(int type) {
            return type > last ? Optional.empty() : Optional.of(kinds.getOrDefault(type, OPTIONS));
        }
    }

    private static final Field NUMBER = new Scalar();
    private static final Field TEXT = new Text();
    private static final Field BYTES = new Numbers(1);
    private static final Field INTS = new Numbers(4);
    private static final Field LONGS = new Numbers(8);

    private static final TableKind OPTIONS = new TableKind("operator options", List.of(), true);

    static final TableKind MODEL = model();

    private static TableKind of(String name, Field... fields) {
        return new TableKind(name, List.of(fields), false);
    }

    private static TableKind model() {
        TableKind code = of("OperatorCode", NUMBER, TEXT, NUMBER, NUMBER);
        TableKind buffer = of("Buffer", BYTES);
        TableKind metadata = of("Metadata", TEXT, NUMBER);
        TableKind map = of("TensorMap", TEXT, NUMBER);
        TableKind signature = of("SignatureDef", new Tables(map), new Tables(map), TEXT, TEXT, NUMBER);
        return of(
                "Model",
                NUMBER,
                new Tables(code),
                new Tables(subgraph()),
                TEXT,
                new Tables(buffer),
                INTS,
                new Tables(metadata),
                new Tables(signature));
    }

    private static TableKind subgraph() {
        TableKind operator = of(
                "Operator",
                NUMBER,
                INTS,
                INTS,
                NUMBER,
                new Union("builtin_options", options(), BuiltinOptions.names.length - 1),
                BYTES,
                NUMBER,
                BYTES,
                INTS);
        return of("SubGraph", new Tables(tensor()), INTS, INTS, new Tables(operator), TEXT);
    }

    private static TableKind tensor() {
        TableKind custom = of("CustomQuantization", BYTES);
        TableKind quantization = of(
                "QuantizationParameters",
                new Numbers(4),
                new Numbers(4),
                new Numbers(4),
                LONGS,
                NUMBER,
                new Union("quantization details", Map.of(1, custom), 1),
                NUMBER);
        Map<Integer, TableKind> indices =
                Map.of(1, of("Int32Vector", INTS), 2, of("Uint16Vector", new Numbers(2)), 3, of("Uint8Vector", BYTES));
        Field index = new Union("sparse index vector", indices, 3);
        TableKind dimension = of("DimensionMetadata", NUMBER, NUMBER, NUMBER, index, NUMBER, index);
        TableKind sparsity = of("SparsityParameters", INTS, INTS, new Tables(dimension));
        TableKind variant = of("VariantSubType", INTS, NUMBER, NUMBER);
        return of(
                "Tensor",
                INTS,
                NUMBER,
                NUMBER,
                TEXT,
                new Table(quantization),
                NUMBER,
                new Table(sparsity),
                INTS,
                NUMBER,
                new Tables(variant));
    }

    /** Options that hold more than numbers, and those that have gained fields since the schema classes were made. */
    private static Map<Integer, TableKind> options() {
        Map<Integer, TableKind> kinds = new LinkedHashMap<>();
        kinds.put((int) BuiltinOptions.Conv2DOptions, numbers("Conv2DOptions", 6));
        kinds.put((int) BuiltinOptions.FullyConnectedOptions, numbers("FullyConnectedOptions", 4));
        kinds.put((int) BuiltinOptions.TransposeConvOptions, numbers("TransposeConvOptions", 4));
        kinds.put((int) BuiltinOptions.ReshapeOptions, new TableKind("ReshapeOptions", List.of(INTS), true));
        kinds.put((int) BuiltinOptions.SqueezeOptions, new TableKind("SqueezeOptions", List.of(INTS), true));
        kinds.put(
                (int) BuiltinOptions.ConcatEmbeddingsOptions,
                new TableKind("ConcatEmbeddingsOptions", List.of(NUMBER, INTS, INTS), true));
        kinds.put((int) BuiltinOptions.BucketizeOptions, new TableKind("BucketizeOptions", List.of(INTS), true));
        kinds.put((int) BuiltinOptions.VarHandleOptions, new TableKind("VarHandleOptions", List.of(TEXT, TEXT), true));
        return Map.copyOf(kinds);
    }

    private static TableKind numbers(String name, int fields) {
        return new TableKind(name, Collections.nCopies(fields, NUMBER), false);
    }
}
