package io.espalier.engine.run;

import io.espalier.spi.adapter.Model;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Arrays in memory. */
record TestingDataset(long size, Map<String, Tensor> arrays) implements Dataset {

    private static final String IMAGE = "image";

    /** Random images of the example networks with random labels. */
    static TestingDataset images(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] pixels = new float[count * 28 * 28];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        return labelled(
                Tensors.floats(Tensors.shape(count, 1, 28, 28), pixels),
                random.longs(count, 0, 10).toArray());
    }

    /** The same images with the classes that a network tells them for. */
    TestingDataset labelledBy(Model network) {
        double[] scores;
        try (Runner runner = network.runner()) {
            scores = Tensors.toDoubles(runner.run(Map.of(IMAGE, arrays.get(IMAGE)))
                    .get(network.graph().outputs().get(0)));
        }
        int classes = Math.toIntExact(scores.length / size);
        long[] labels = new long[Math.toIntExact(size)];
        for (int example = 0; example < labels.length; example++) {
            for (int each = 1; each < classes; each++) {
                int most = example * classes + (int) labels[example];
                labels[example] = scores[example * classes + each] > scores[most] ? each : labels[example];
            }
        }
        return labelled(arrays.get(IMAGE), labels);
    }

    private static TestingDataset labelled(Tensor images, long... labels) {
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        arrays.put(IMAGE, images);
        arrays.put("label", Tensors.vector(labels));
        return new TestingDataset(labels.length, arrays);
    }
}
