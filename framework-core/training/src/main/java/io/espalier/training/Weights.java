package io.espalier.training;

import io.espalier.engine.run.NetworkCut;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Numbers that training changes, by name, in plain arrays. Not thread-safe. */
final class Weights {

    private final Map<String, ArrayTensor> tensors = new LinkedHashMap<>();

    /** The numbers that some constants of a graph and its bodies begin with. */
    static Weights of(Graph graph, Collection<String> names) {
        Weights weights = new Weights();
        Map<String, Tensor> constants = graph.allConstants();
        for (String name : names) {
            Tensor constant = constants.get(name);
            weights.tensors.put(name, new ArrayTensor(constant.shape(), ArrayTensor.read(constant)));
        }
        return weights;
    }

    /** Numbers by name, which these are from now on. */
    static Weights of(Map<String, ArrayTensor> tensors) {
        Weights weights = new Weights();
        weights.tensors.putAll(tensors);
        return weights;
    }

    /** Zeros in the shapes of other numbers. */
    Weights zeros() {
        Weights zeros = new Weights();
        tensors.forEach((name, tensor) ->
                zeros.tensors.put(name, new ArrayTensor(tensor.shape(), new float[tensor.values().length])));
        return zeros;
    }

    /** A copy that changes by itself. */
    Weights copy() {
        Weights copy = zeros();
        copy.set(this);
        return copy;
    }

    /** Takes the numbers of a copy. */
    void set(Weights other) {
        tensors.forEach((name, tensor) -> {
            float[] values = other.get(name);
            System.arraycopy(values, 0, tensor.values(), 0, values.length);
        });
    }

    /** Takes the elements of a tensor for a name. */
    void set(String name, Tensor values) {
        ArrayTensor.copy(values, get(name));
    }

    /**
     * These numbers after a cut of the network, and zeros for what had none.
     *
     * @param names what is left of the network by name
     */
    Weights cut(NetworkCut cut, Collection<String> names) {
        Map<String, Tensor> after = cut.of(tensors());
        Map<String, Tensor> before = cut.before().allConstants();
        Weights left = new Weights();
        for (String name : names) {
            Tensor tensor = after.get(name);
            boolean had = tensors.containsKey(name) || !before.containsKey(name);
            int size = Math.toIntExact(tensor.size());
            left.tensors.put(name, new ArrayTensor(tensor.shape(), had ? ArrayTensor.read(tensor) : new float[size]));
        }
        return left;
    }

    /** A copy of these numbers without those of some names. */
    Weights without(Predicate<String> names) {
        Weights left = copy();
        left.tensors.keySet().removeIf(names);
        return left;
    }

    /** A copy with the elements of other tensors. */
    Weights from(Map<String, Tensor> values) {
        Weights copy = zeros();
        copy.names().forEach(name -> copy.set(name, values.get(name)));
        return copy;
    }

    /** A copy of these numbers and of others. */
    Weights joined(Weights others) {
        Weights joined = copy();
        joined.tensors.putAll(others.copy().tensors);
        return joined;
    }

    Collection<String> names() {
        return tensors.keySet();
    }

    /** The numbers of a name, which may be changed. */
    float[] get(String name) {
        return tensor(name).values();
    }

    /** The numbers of a name with their extents. */
    ArrayTensor tensor(String name) {
        return tensors.get(name);
    }

    /** All as tensors that change with these numbers. */
    Map<String, Tensor> tensors() {
        return new LinkedHashMap<>(tensors);
    }

    /** All arrays by name, which may be changed. */
    Map<String, float[]> byName() {
        Map<String, float[]> arrays = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> arrays.put(name, tensor.values()));
        return arrays;
    }

    /** All arrays, in the order of their names here. */
    List<float[]> arrays() {
        List<float[]> arrays = new ArrayList<>();
        tensors.values().forEach(each -> arrays.add(each.values()));
        return arrays;
    }
}
