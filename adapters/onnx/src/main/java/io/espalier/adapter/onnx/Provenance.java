package io.espalier.adapter.onnx;

import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.adapter.onnx.proto.StringStringEntryProto;
import java.util.Map;

/** Free-form metadata of a native model. */
final class Provenance {

    private Provenance() {}

    /** Adds entries, or replaces those of the same key where they stand. */
    static void put(ModelProto.Builder model, Map<String, String> entries) {
        entries.forEach((key, value) -> {
            for (StringStringEntryProto.Builder entry : model.getMetadataPropsBuilderList()) {
                if (entry.getKey().equals(key)) {
                    entry.setValue(value);
                    return;
                }
            }
            model.addMetadataPropsBuilder().setKey(key).setValue(value);
        });
    }
}
