package io.espalier.adapter.dl4j;

import io.espalier.adapter.dl4j.store.Archive;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.hdf5.H5E_auto2_t;
import org.bytedeco.hdf5.global.hdf5;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.modelimport.keras.Hdf5Archive;
import org.deeplearning4j.nn.modelimport.keras.KerasModelImport;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** Models that Keras saved as HDF5 and DL4J imports; from then on they are networks of DL4J. */
final class KerasFile {

    private static final String VERSION = "keras_version";

    private KerasFile() {}

    /**
     * Imports a model, without its optimiser.
     *
     * @throws InvalidInputException when the file is damaged or holds something that DL4J does not import
     */
    static Model open(Path file) {
        try {
            String digest = Archive.digest(file);
            boolean chain = isChain(file);
            return Dl4jModels.imported(chain ? chain(file) : graph(file), digest, Files.size(file));
        } catch (IOException e) {
            throw unreadable(file, e);
        } catch (LinkageError e) {
            throw new InvalidInputException(
                    file + " cannot be imported: the native library of HDF5 cannot be loaded (" + e.getMessage() + ").",
                    e);
        }
    }

    private static InvalidInputException unreadable(Path file, IOException e) {
        return new InvalidInputException("The file " + file + " cannot be read: " + e.getMessage() + ".", e);
    }

    private static boolean isChain(Path file) throws IOException {
        // The library prints its stack of errors otherwise.
        hdf5.H5Eset_auto2(hdf5.H5E_DEFAULT, (H5E_auto2_t) null, null);
        try (Hdf5Archive archive = open5(file)) {
            String version = attribute(file, archive, VERSION);
            if (!version.startsWith("1.") && !version.startsWith("2.")) {
                throw new InvalidInputException(file + " was saved by Keras " + version
                        + ", and DL4J imports files of Keras 1 and 2 only; save it with tf-keras 2, or convert it to ONNX"
                        + " with tf2onnx.");
            }
            JsonNode configuration =
                    new ObjectMapper().readTree(attribute(file, archive, KerasSignature.CONFIGURATION));
            return configuration.path("class_name").asText().equals("Sequential");
        }
    }

    private static Hdf5Archive open5(Path file) {
        try {
            return new Hdf5Archive(file.toString());
        } catch (RuntimeException e) {
            throw new InvalidInputException(
                    file + " is not a complete HDF5 file (" + e.getMessage() + "); save the model again.", e);
        }
    }

    private static String attribute(Path file, Hdf5Archive archive, String name) {
        try {
            return archive.readAttributeAsString(name);
        } catch (Exception e) {
            throw new InvalidInputException(
                    file + " is an HDF5 file, but not a whole model of Keras: it has no attribute '" + name
                            + "'; save it with model.save, not save_weights.",
                    e);
        }
    }

    private static MultiLayerNetwork chain(Path file) {
        try {
            MultiLayerNetwork network = KerasModelImport.importKerasSequentialModelAndWeights(file.toString(), false);
            network.getLayerWiseConfigurations().getConfs().forEach(KerasFile::settle);
            return network;
        } catch (Exception e) {
            throw refused(file, "importKerasSequentialModelAndWeights", e);
        }
    }

    private static ComputationGraph graph(Path file) {
        try {
            ComputationGraph network = KerasModelImport.importKerasModelAndWeights(file.toString(), false);
            settle(network.getConfiguration().getDefaultConfiguration());
            for (GraphVertex vertex : network.getConfiguration().getVertices().values()) {
                if (vertex instanceof LayerVertex layer) {
                    settle(layer.getLayerConf());
                }
            }
            return network;
        } catch (Exception e) {
            throw refused(file, "importKerasModelAndWeights", e);
        }
    }

    /** The seed of an import is the time of day; the same file must give the same network. */
    private static void settle(NeuralNetConfiguration configuration) {
        configuration.setSeed(0);
    }

    private static InvalidInputException refused(Path file, String call, Exception e) {
        String message =
                String.valueOf(e.getMessage()).lines().findFirst().orElse("").strip();
        return new InvalidInputException(
                file + " cannot be imported by DL4J: KerasModelImport." + call + " says '" + message
                        + "'. Convert it to ONNX with tf2onnx instead.",
                e);
    }
}
