package io.espalier.engine.recover;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.file.TemporaryFolder;
import io.espalier.spi.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Values of each batch between two pieces of a graph: on the heap up to a bound, beyond it in temporary files. Several
 * threads may read while none writes.
 */
final class HeldValues implements AutoCloseable {

    private final long most;
    private final List<Map<String, Tensor>> batches;
    private TemporaryFolder folder;
    private long onHeap;
    private long written;

    /**
     * Holds nothing.
     *
     * @param most bytes that may lie on the heap
     */
    HeldValues(int batches, long most) {
        this.most = most;
        this.batches = Stream.<Map<String, Tensor>>generate(LinkedHashMap::new)
                .limit(batches)
                .toList();
    }

    /** What is held of a batch. */
    Map<String, Tensor> of(int batch) {
        return batches.get(batch);
    }

    /** Takes values of a batch that it does not have. */
    void put(int batch, Map<String, Tensor> values) {
        values.forEach((name, value) -> batches.get(batch).put(name, held(value)));
    }

    private Tensor held(Tensor value) {
        if (onHeap + value.byteSize() <= most) {
            onHeap += value.byteSize();
            return value;
        }
        if (folder == null) {
            folder = TemporaryFolder.create();
        }
        Path file = folder.file(Long.toString(written++));
        try {
            return StoredTensor.write(value, file);
        } catch (IOException e) {
            throw new InvalidInputException(
                    "What the layers compute for the calibration data cannot be written to " + file + " ("
                            + e.getMessage()
                            + "); give fewer examples, more memory, or another place with -Djava.io.tmpdir.",
                    e);
        }
    }

    /** Drops all other values of a batch. */
    void retain(int batch, Predicate<String> wanted) {
        batches.get(batch).entrySet().removeIf(entry -> {
            boolean drops = !wanted.test(entry.getKey());
            if (drops) {
                drop(entry.getValue());
            }
            return drops;
        });
    }

    private void drop(Tensor value) {
        if (value instanceof StoredTensor stored) {
            stored.delete();
        } else {
            onHeap -= value.byteSize();
        }
    }

    @Override
    public void close() {
        if (folder != null) {
            folder.close();
        }
    }
}
