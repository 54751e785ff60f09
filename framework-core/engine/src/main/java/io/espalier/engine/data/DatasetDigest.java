package io.espalier.engine.data;

import io.espalier.engine.reprove.TensorDigest;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.file.Sha256;
import io.espalier.spi.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.TreeMap;

/** SHA-256 of the names, types, shapes and elements of all arrays of a data set. */
public final class DatasetDigest {

    private DatasetDigest() {}

    /** The digest in lower-case hexadecimal. */
    public static String of(Dataset data) {
        MessageDigest digest = Sha256.digest();
        for (Map.Entry<String, Tensor> array : new TreeMap<>(data.arrays()).entrySet()) {
            String line = array.getKey() + " " + TensorDigest.of(array.getValue()) + "\n";
            digest.update(line.getBytes(StandardCharsets.UTF_8));
        }
        return Sha256.hexadecimal(digest);
    }
}
