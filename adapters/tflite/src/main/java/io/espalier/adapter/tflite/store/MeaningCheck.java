package io.espalier.adapter.tflite.store;

import io.espalier.spi.InvalidInputException;
import java.nio.file.Path;
import java.util.Optional;
import org.tensorflow.lite.schema.OperatorT;
import org.tensorflow.lite.schema.SignatureDefT;
import org.tensorflow.lite.schema.SubGraphT;
import org.tensorflow.lite.schema.TensorMapT;
import org.tensorflow.lite.schema.TensorT;

/** Checks that indices, extents and payloads of a decoded model agree with each other. */
final class MeaningCheck {

    private static final int MAX_RANK = 32;
    private static final long LARGEST_DENSE = 1L << 27;

    private final Path file;
    private final NativeModel model;

    private MeaningCheck(Path file, NativeModel model) {
        this.file = file;
        this.model = model;
    }

    /**
     * Checks a model.
     *
     * @throws InvalidInputException when something in it names what is not there
     */
    static void check(Path file, NativeModel model) {
        MeaningCheck check = new MeaningCheck(file, model);
        if (model.subgraphs().isEmpty()) {
            throw check.broken("it has no graph");
        }
        model.subgraphs().forEach(check::graph);
        model.subgraphs()
                .forEach(graph -> new FlowCheck(model, graph).problem().ifPresent(problem -> {
                    throw check.broken(problem);
                }));
        new CallCheck(model).problem().ifPresent(problem -> {
            throw check.broken(problem);
        });
        model.metadata()
                .forEach(entry -> check.index(entry.getBuffer(), model.buffers().size(), "a metadata buffer"));
        model.signatures().forEach(check::signature);
    }

    private void graph(SubGraphT graph) {
        int tensors = graph.getTensors().length;
        for (TensorT tensor : graph.getTensors()) {
            tensor(tensor);
        }
        indices(graph.getInputs(), tensors, false, "an input");
        indices(graph.getOutputs(), tensors, false, "an output");
        for (OperatorT operator : graph.getOperators()) {
            index(operator.getOpcodeIndex(), model.codes().size(), "an operator's type");
            indices(operator.getInputs(), tensors, true, "an operand");
            indices(operator.getOutputs(), tensors, false, "a result");
            LeastOperands.problem(Operators.builtin(model, operator), operator).ifPresent(problem -> {
                throw broken(problem);
            });
        }
    }

    private void tensor(TensorT tensor) {
        index(tensor.getBuffer(), model.buffers().size(), "the buffer of tensor '" + tensor.getName() + "'");
        int[] shape = tensor.getShape() == null ? new int[0] : tensor.getShape();
        if (shape.length > MAX_RANK) {
            throw broken("tensor '" + tensor.getName() + "' has " + shape.length + " axes");
        }
        long elements = 1;
        for (int extent : shape) {
            if (extent < 0) {
                throw broken("tensor '" + tensor.getName() + "' has the negative extent " + extent);
            }
            elements = extent == 0 ? 0 : elements * extent;
            if (elements > Integer.MAX_VALUE) {
                throw broken("tensor '" + tensor.getName() + "' has more elements than a file can hold");
            }
        }
        Optional<Integer> width = NativeTypes.of(tensor.getType()).map(type -> type.bytes());
        int stored = model.buffers().get((int) tensor.getBuffer()).size();
        boolean dense = tensor.getSparsity() == null && width.isPresent();
        if (stored > 0 && dense && stored != elements * width.get()) {
            throw broken("tensor '" + tensor.getName() + "' needs " + elements * width.get()
                    + " bytes but its buffer has " + stored);
        }
        if (stored > 0 && tensor.getSparsity() != null && !isSparse(tensor, elements)) {
            throw broken("the sparse tensor '" + tensor.getName() + "' does not fit its shape");
        }
        quantization(tensor, shape);
    }

    private boolean isSparse(TensorT tensor, long elements) {
        Payload stored = model.buffers().get((int) tensor.getBuffer());
        return elements <= LARGEST_DENSE
                && NativeTypes.of(tensor.getType())
                        .flatMap(type -> SparseTensors.densify(tensor, type, stored))
                        .isPresent();
    }

    private void quantization(TensorT tensor, int[] shape) {
        if (tensor.getQuantization() == null || tensor.getQuantization().getScale() == null) {
            return;
        }
        int scales = tensor.getQuantization().getScale().length;
        long[] zeros = tensor.getQuantization().getZeroPoint();
        int axis = tensor.getQuantization().getQuantizedDimension();
        boolean fits = scales == 1 || axis >= 0 && axis < shape.length && shape[axis] == scales;
        if (!fits) {
            throw broken("tensor '" + tensor.getName() + "' has " + scales + " scales that fit none of its axes");
        }
        if (zeros == null || zeros.length != scales) {
            throw broken("tensor '" + tensor.getName() + "' has " + scales + " scales but "
                    + (zeros == null ? 0 : zeros.length) + " zero points");
        }
    }

    private void signature(SignatureDefT signature) {
        index(signature.getSubgraphIndex(), model.subgraphs().size(), "the graph of a signature");
        int tensors = model.subgraphs().get((int) signature.getSubgraphIndex()).getTensors().length;
        for (TensorMapT input : signature.getInputs()) {
            index(input.getTensorIndex(), tensors, "an input of a signature");
        }
        for (TensorMapT output : signature.getOutputs()) {
            index(output.getTensorIndex(), tensors, "an output of a signature");
        }
    }

    private void indices(int[] indices, int count, boolean optional, String what) {
        for (int index : indices) {
            if (!optional || index != -1) {
                index(index, count, what);
            }
        }
    }

    private void index(long index, int count, String what) {
        if (index < 0 || index >= count) {
            throw broken(what + " is number " + index + " of " + count);
        }
    }

    private InvalidInputException broken(String reason) {
        return new InvalidInputException(
                "The TFLite model " + file + " is damaged: " + reason + ". Fetch or export the file again.");
    }
}
