package io.espalier.adapter.dl4j.lift;

import io.espalier.adapter.dl4j.config.ConfigNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.node.JsonNodeFactory;

/** Parameters of one layer, in the order in which they lie in the file. Not thread-safe. */
final class Parameters {

    private static final JsonNode NO_UPDATER =
            JsonNodeFactory.instance.objectNode().put("@class", "org.nd4j.linalg.learning.config.NoOp");

    private final GraphDraft draft;
    private final ConfigNode layer;
    private final boolean frozen;
    private final int index;
    private final Map<String, ParameterBlock> blocks = new LinkedHashMap<>();

    /**
     * Begins the parameters of a layer.
     *
     * @param layer the configuration that names the updater
     * @param frozen whether training leaves the layer as it is
     */
    Parameters(GraphDraft draft, ConfigNode layer, boolean frozen) {
        this.draft = draft;
        this.layer = layer;
        this.frozen = frozen;
        this.index = draft.nextLayer();
    }

    /** Takes a weight and returns where it begins. */
    long weight(String name, long size) {
        JsonNode updater = layer.json().path(layer.json().has("updater") ? "updater" : "iupdater");
        return take(name, size, updater, false);
    }

    /** Takes a bias, which may have an updater of its own. */
    long bias(String name, long size) {
        JsonNode own = layer.json().path("biasUpdater");
        return own.isObject() ? take(name, size, own, false) : weight(name, size);
    }

    /** Takes a bias that only pretraining uses. */
    void pretrainedBias(String name, long size) {
        JsonNode own = layer.json().path("biasUpdater");
        take(name, size, own.isObject() ? own : layer.json().path("iupdater"), true);
    }

    /** Takes something that is measured and not trained. */
    long statistic(String name, long size) {
        return take(name, size, NO_UPDATER, false);
    }

    private long take(String name, long size, JsonNode updater, boolean pretrained) {
        long start = draft.parameterCount();
        blocks.put(name, new ParameterBlock(index, size, frozen ? NO_UPDATER : updater, pretrained));
        draft.advance(size);
        return start;
    }

    /**
     * Ends the parameters.
     *
     * @param first names that the library counts before the others when it lays out the state of updaters, although they
     *     lie behind them
     */
    void done(String... first) {
        List<String> names = new ArrayList<>(List.of(first));
        blocks.keySet().stream().filter(name -> !names.contains(name)).forEach(names::add);
        names.forEach(name -> draft.block(blocks.get(name)));
    }
}
