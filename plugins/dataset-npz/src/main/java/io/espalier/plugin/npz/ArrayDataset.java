package io.espalier.plugin.npz;

import io.espalier.spi.data.Dataset;
import io.espalier.spi.tensor.Tensor;
import java.util.Collections;
import java.util.Map;

/** The arrays of a file. */
record ArrayDataset(long size, Map<String, Tensor> arrays) implements Dataset {
    ArrayDataset {
        arrays = Collections.unmodifiableMap(arrays);
    }
}
