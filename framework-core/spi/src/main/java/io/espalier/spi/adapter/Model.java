package io.espalier.spi.adapter;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Stability;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.LayerName;
import io.espalier.spi.graph.ValueType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A native model with its neutral graph.
 *
 * <p>Constants of the graph read from the file while the model is open. Not thread-safe, except for the graph.
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public interface Model extends AutoCloseable {

    /** The neutral graph. */
    Graph graph();

    /** SHA-256 of the file and of every external file it names, in lower-case hexadecimal. */
    String digest();

    /** Bytes on disk, external data included. */
    long byteSize();

    /** Free-form metadata of the file, in its order. */
    Map<String, String> metadata();

    /**
     * What the file calls its layers, by first output of the node in the neutral graph or in one of its bodies. Nodes whose
     * layer has no name are left out.
     */
    default Map<String, LayerName> layers() {
        return Map.of();
    }

    /**
     * Whether the file has a value or parameter of this name, for names of the neutral graph. What the lift has made, such as
     * the result of a part of an operator, is not in the file; people see a value near it instead. Such a value is best
     * named after one of the file, a slash and its role, as in {@code conv1.weight/scale}: then that one is shown.
     */
    default boolean isInFile(String value) {
        return true;
    }

    /**
     * Whether the native runtime loads the file, without computing anything; false when that is not known. Where it does, an
     * operator that fits no rule of ours is a barrier instead of a fault of the file.
     */
    default boolean isAccepted() {
        return false;
    }

    /**
     * The multiple of channels at which the native runtime computes the layers of this model with its fast kernels; 1 where
     * every width is as good.
     */
    default int widthMultiple() {
        return 1;
    }

    /**
     * The native runtime with its version, such as {@code onnxruntime 1.29.0}: what was timed in one says nothing of another.
     * Empty where that is not known.
     */
    default String runtime() {
        return "";
    }

    /** The native runtime loaded with the file as it is on disk. */
    Runner runner();

    /**
     * The native runtime loaded with what {@link #write} would write; nothing is left on disk. The proof of models that
     * compute in integers asks for it.
     *
     * @return empty when the runtime loads nothing but files
     */
    default Optional<Runner> runner(List<Edit> edits) {
        return Optional.empty();
    }

    /**
     * The native runtime loaded with what {@link #write} would write, to be timed with a number of threads.
     *
     * @param threads at least 1
     * @return empty when the runtime loads nothing but files, or the number of its threads cannot be chosen
     */
    default Optional<Runner> runner(List<Edit> edits, int threads) {
        return threads == 1 ? runner(edits) : Optional.empty();
    }

    /**
     * The native runtime loaded with the part of the model that computes some values from others; nothing is left on
     * disk. The proof of models that are too large to be loaded as a whole asks for it.
     *
     * @param inputs names and types of the values that are given, as in the neutral graph; some may not be needed
     * @param outputs names of the values that are computed, none of them among the inputs
     * @return empty when the runtime loads whole models only, or such a part does not exist in the native model
     */
    default Optional<Runner> runner(Map<String, ValueType> inputs, List<String> outputs) {
        return Optional.empty();
    }

    /**
     * Writes the edited model.
     *
     * <p>What the edits do not name stays the same: tensor payloads byte for byte, nodes and metadata as decoded. The
     * file is written beside the target and moved into place; the target may be the file that is open.
     *
     * @param edits edits in neutral terms, applied in order
     * @param provenance metadata entries to add or replace
     * @throws InvalidInputException when the target cannot be written; then nothing that existed has changed
     */
    void write(Path target, List<Edit> edits, Map<String, String> provenance);

    @Override
    void close();
}
