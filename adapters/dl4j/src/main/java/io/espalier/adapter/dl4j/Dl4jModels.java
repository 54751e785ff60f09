package io.espalier.adapter.dl4j;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.file.TemporaryFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;

/** Networks that live in memory. They pass through temporary files, as ModelSerializer writes them. */
public final class Dl4jModels {

    private Dl4jModels() {}

    /**
     * A model of a network as it is now; later training does not change the model.
     *
     * @param network a MultiLayerNetwork or a ComputationGraph
     * @return a model to close, which removes its temporary file
     * @throws InvalidInputException when the network cannot be lifted
     */
    public static Model of(org.deeplearning4j.nn.api.Model network) {
        TemporaryFolder folder = TemporaryFolder.create();
        try {
            Dl4jModel model = Dl4jModel.open(save(network, folder.file("network.zip")));
            return new Snapshot(folder, model, model.digest(), model.byteSize());
        } catch (RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    /**
     * Saves a network, has the file pruned, and loads the result with the state of its updaters.
     *
     * @param pruning reads the first file and writes the second
     */
    public static org.deeplearning4j.nn.api.Model pruned(
            org.deeplearning4j.nn.api.Model network, BiConsumer<Path, Path> pruning) {
        TemporaryFolder folder = TemporaryFolder.create();
        try (folder) {
            Path input = save(network, folder.file("network.zip"));
            Path output = folder.file("pruned.zip");
            pruning.accept(input, output);
            return network instanceof MultiLayerNetwork
                    ? ModelSerializer.restoreMultiLayerNetwork(output.toFile(), true)
                    : ModelSerializer.restoreComputationGraph(output.toFile(), true);
        } catch (IOException e) {
            throw new UncheckedIOException("the pruned network cannot be read back", e);
        }
    }

    /**
     * A model of a network that was read from a file of another format.
     *
     * @param digest SHA-256 of that file
     * @param byteSize its size
     */
    static Model imported(org.deeplearning4j.nn.api.Model network, String digest, long byteSize) {
        TemporaryFolder folder = TemporaryFolder.create();
        try {
            return new Snapshot(folder, Dl4jModel.open(save(network, folder.file("network.zip"))), digest, byteSize);
        } catch (RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    private static Path save(org.deeplearning4j.nn.api.Model network, Path file) {
        try {
            ModelSerializer.writeModel(network, file.toFile(), true);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException("the network cannot be saved", e);
        }
    }
}
