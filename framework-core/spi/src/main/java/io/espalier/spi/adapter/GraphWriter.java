package io.espalier.spi.adapter;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Stability;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.provider.Noun;
import io.espalier.spi.provider.Provider;
import java.nio.file.Path;

/** Writes neutral graphs as model files of one framework. Thread-safe. */
@Noun("writer")
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public interface GraphWriter extends Provider {

    /**
     * Writes a graph.
     *
     * @param graph the graph; its inputs have types, and its outputs too where it declares them
     * @param file the file; what was there is replaced as a whole, and stays where writing fails
     * @throws InvalidInputException when the file cannot be written, or the graph holds what the format cannot say
     */
    void write(Graph graph, Path file);
}
