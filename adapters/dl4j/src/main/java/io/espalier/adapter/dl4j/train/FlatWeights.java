package io.espalier.adapter.dl4j.train;

import io.espalier.adapter.dl4j.lift.FlatTensor;
import io.espalier.adapter.dl4j.lift.FlatView;
import io.espalier.spi.graph.Graph;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Constants of a network as arrays of their own, which lie scattered in vectors of the library. Not thread-safe. */
final class FlatWeights {

    /** For each constant where its elements lie; a negative number for one that is not there. */
    private final Map<String, int[]> places = new LinkedHashMap<>();

    /**
     * The constants that are trained.
     *
     * @param graph the network as it was lifted
     */
    FlatWeights(Model network, Graph graph) {
        BitSet frozen = frozen(network);
        graph.constants().forEach((name, tensor) -> {
            if (tensor instanceof FlatTensor flat && flat.view().code() == FlatView.Code.PLAIN) {
                int[] found = places(flat.view());
                if (Arrays.stream(found).noneMatch(place -> place >= 0 && frozen.get(place))) {
                    places.put(name, found);
                }
            }
        });
    }

    private static int[] places(FlatView view) {
        int[] found = new int[Math.toIntExact(view.size())];
        int[] next = {0};
        view.forEach(0, found.length, place -> found[next[0]++] = (int) place);
        return found;
    }

    /** The parameters of layers that training leaves as they are. */
    private static BitSet frozen(Model network) {
        BitSet frozen = new BitSet();
        int from = 0;
        if (network instanceof MultiLayerNetwork chain) {
            for (Layer layer : chain.getLayers()) {
                frozen.set(from, from + (int) layer.numParams(), layer instanceof FrozenLayer);
                from += (int) layer.numParams();
            }
        } else {
            ComputationGraph graph = (ComputationGraph) network;
            GraphVertex[] vertices = graph.getVertices();
            for (int index : graph.topologicalSortOrder()) {
                int count = (int) vertices[index].numParams();
                frozen.set(from, from + count, vertices[index].getLayer() instanceof FrozenLayer);
                from += count;
            }
        }
        return frozen;
    }

    Set<String> names() {
        return places.keySet();
    }

    /**
     * Elements of a vector, by name.
     *
     * @param factor what each is multiplied with
     */
    Map<String, float[]> read(INDArray vector, double factor) {
        float[] all = vector.dup('c').data().asFloat();
        Map<String, float[]> arrays = new LinkedHashMap<>();
        places.forEach((name, found) -> {
            float[] array = new float[found.length];
            for (int i = 0; i < array.length; i++) {
                array[i] = found[i] < 0 ? 0 : (float) (factor * all[found[i]]);
            }
            arrays.put(name, array);
        });
        return arrays;
    }

    /**
     * Writes what was changed.
     *
     * @param before the elements as they were read
     * @param after the elements as they are to be
     */
    void write(INDArray vector, Map<String, float[]> before, Map<String, float[]> after) {
        places.forEach((name, found) -> {
            float[] old = before.get(name);
            float[] now = after.get(name);
            for (int i = 0; i < found.length; i++) {
                if (found[i] >= 0 && old[i] != now[i]) {
                    vector.putScalar(found[i], now[i]);
                }
            }
        });
    }

    /**
     * Adds what was added.
     *
     * @param factor what each difference is multiplied with
     */
    void add(INDArray vector, Map<String, float[]> before, Map<String, float[]> after, double factor) {
        places.forEach((name, found) -> {
            float[] old = before.get(name);
            float[] now = after.get(name);
            for (int i = 0; i < found.length; i++) {
                if (found[i] >= 0 && old[i] != now[i]) {
                    double added = factor * ((double) now[i] - old[i]);
                    vector.putScalar(found[i], vector.getDouble(found[i]) + added);
                }
            }
        });
    }

    /** Arrays of the same numbers that change by themselves. */
    static Map<String, float[]> copy(Map<String, float[]> arrays) {
        Map<String, float[]> copies = new LinkedHashMap<>();
        arrays.forEach((name, array) -> copies.put(name, array.clone()));
        return copies;
    }
}
