package io.espalier.adapter.tflite.store;

import java.util.List;
import org.tensorflow.lite.schema.MetadataT;
import org.tensorflow.lite.schema.OperatorCodeT;
import org.tensorflow.lite.schema.SignatureDefT;
import org.tensorflow.lite.schema.SubGraphT;

/**
 * A model as the schema has it, with its payloads aside. The lists and the objects in them may be changed; not
 * thread-safe.
 *
 * @param version version of the schema
 * @param description free text, or null
 * @param codes operator types, by the index that operators name
 * @param subgraphs the graphs, main first
 * @param buffers payloads, by the index that tensors name; the first is empty
 * @param metadata named buffers
 * @param metadataBuffers indices of buffers, as old files list them
 * @param signatures named entry points
 */
public record NativeModel(
        long version,
        String description,
        List<OperatorCodeT> codes,
        List<SubGraphT> subgraphs,
        List<Payload> buffers,
        List<MetadataT> metadata,
        int[] metadataBuffers,
        List<SignatureDefT> signatures) {}
