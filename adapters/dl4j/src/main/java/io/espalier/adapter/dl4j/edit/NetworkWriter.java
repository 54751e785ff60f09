package io.espalier.adapter.dl4j.edit;

import io.espalier.adapter.dl4j.config.ConfigParser;
import io.espalier.adapter.dl4j.config.Network;
import io.espalier.adapter.dl4j.lift.LiftedNetwork;
import io.espalier.adapter.dl4j.store.Archive;
import io.espalier.adapter.dl4j.store.ArchiveWriter.Content;
import io.espalier.adapter.dl4j.store.FlatArray;
import io.espalier.spi.InvalidInputException;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.shade.jackson.core.JsonPointer;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.JsonNodeFactory;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** The entries of an archive that an edited network changes. */
public final class NetworkWriter {

    private NetworkWriter() {}

    /**
     * New content by entry name; what does not change is not among it.
     *
     * @throws InvalidInputException when the state of the updaters does not fit the network
     */
    public static Map<String, Content> contents(
            Archive archive, Network network, LiftedNetwork lifted, EditedNetwork edited) {
        Map<String, Content> contents = new LinkedHashMap<>();
        Map<String, Long> sizes = edited.sizes();
        if (!sizes.isEmpty() || !edited.omits().isEmpty()) {
            ObjectNode changed = resized(network.root().json(), sizes);
            if (!edited.omits().isEmpty()) {
                ShorterGraph.apply(changed, network, edited.omits());
            }
            byte[] configuration = ConfigParser.bytes(changed);
            contents.put(Archive.CONFIGURATION, out -> out.write(configuration));
        }
        BitSet removed = edited.removed();
        FlatArray values = edited.values();
        contents.put(Archive.COEFFICIENTS, out -> values.write(out, removed));
        if (archive.has(Archive.UPDATER_STATE) && !removed.isEmpty()) {
            contents.put(Archive.UPDATER_STATE, state(archive, lifted, removed));
        }
        return contents;
    }

    private static ObjectNode resized(JsonNode configuration, Map<String, Long> sizes) {
        ObjectNode changed = configuration.deepCopy();
        sizes.forEach((place, size) -> {
            JsonPointer pointer = JsonPointer.compile(place);
            JsonNode parent = changed.at(pointer.head());
            if (parent instanceof ObjectNode object) {
                object.set(pointer.last().getMatchingProperty(), JsonNodeFactory.instance.numberNode(size));
            } else if (parent instanceof ArrayNode array) {
                array.set(pointer.last().getMatchingIndex(), JsonNodeFactory.instance.numberNode(size));
            }
        });
        return changed;
    }

    private static Content state(Archive archive, LiftedNetwork lifted, BitSet removed) {
        UpdaterState layout = UpdaterState.of(lifted.blocks());
        byte[] bytes = archive.read(Archive.UPDATER_STATE, Integer.MAX_VALUE);
        FlatArray state = FlatArray.parse(Archive.UPDATER_STATE, bytes);
        if (state.length() != layout.length()) {
            throw new InvalidInputException("The network is damaged: its updaters keep " + layout.length()
                    + " numbers, but updaterState.bin holds " + state.length()
                    + "; save the network again, or without updater state.");
        }
        BitSet gone = layout.removed(removed);
        return out -> state.write(out, gone);
    }
}
