package io.espalier.engine.run;

import io.espalier.spi.data.Dataset;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Arrays in memory. */
record TestingDataset(long size, Map<String, Tensor> arrays) implements Dataset {

    /** Random images of the example networks with random labels. */
    static TestingDataset images(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] pixels = new float[count * 28 * 28];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        long[] labels = random.longs(count, 0, 10).toArray();
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        arrays.put("image", Tensors.floats(Tensors.shape(count, 1, 28, 28), pixels));
        arrays.put("label", Tensors.vector(labels));
        return new TestingDataset(count, arrays);
    }
}
