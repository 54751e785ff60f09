package io.espalier.adapter.tflite;

import io.espalier.adapter.tflite.store.NativeModel;
import io.espalier.adapter.tflite.store.Payload;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.lite.schema.MetadataT;

/** Free-form metadata: named buffers that hold text. */
final class Provenance {

    private static final int LONGEST = 1 << 16;

    private Provenance() {}

    /** Entries that are text. Others, such as packed descriptions, are kept but not shown. */
    static Map<String, String> read(NativeModel model) {
        Map<String, String> entries = new LinkedHashMap<>();
        for (MetadataT entry : model.metadata()) {
            Payload payload = model.buffers().get((int) entry.getBuffer());
            if (entry.getName() != null && payload.size() <= LONGEST) {
                text(payload.bytes()).ifPresent(text -> entries.put(entry.getName(), text));
            }
        }
        return entries;
    }

    private static Optional<String> text(ByteBuffer bytes) {
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
            String shown = text.replaceAll("\0+$", "");
            return shown.chars().allMatch(c -> c >= ' ') ? Optional.of(shown) : Optional.empty();
        } catch (CharacterCodingException e) {
            // Not text.
            return Optional.empty();
        }
    }

    /** Adds entries, or replaces those of the same name where they stand. */
    static void put(NativeModel model, Map<String, String> entries) {
        entries.forEach((key, value) -> {
            MetadataT entry = model.metadata().stream()
                    .filter(each -> key.equals(each.getName()))
                    .findFirst()
                    .orElseGet(() -> {
                        MetadataT added = new MetadataT();
                        added.setName(key);
                        model.metadata().add(added);
                        return added;
                    });
            entry.setBuffer(model.buffers().size());
            model.buffers().add(Payload.of(ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8))));
        });
    }
}
