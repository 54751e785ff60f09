package io.espalier.engine.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.engine.json.JsonDocument;
import io.espalier.engine.plan.Plan.ModelReference;
import java.util.List;
import java.util.Map;

/**
 * How a network that was pruned before training is to be trained: as the unpruned one would be, on the data and with the loss that it was
 * given. Written beside the model.
 *
 * @param examples the files of training data, as they were named
 * @param dataOptions options of what reads them
 * @param loss name of the loss
 * @param lossOptions its options
 * @param seed seed of the run
 */
public record TrainingRecipe(
        List<String> examples,
        Map<String, String> dataOptions,
        String loss,
        Map<String, String> lossOptions,
        long seed) {

    /** Version of the form of the file. */
    public static final int SCHEMA_VERSION = 1;

    public TrainingRecipe {
        examples = List.copyOf(examples);
        dataOptions = Map.copyOf(dataOptions);
        lossOptions = Map.copyOf(lossOptions);
    }

    /**
     * The file.
     *
     * @param unpruned the model before
     * @param pruned the model that was written
     * @param plan digest of the plan between them
     */
    byte[] bytes(ModelReference unpruned, ModelReference pruned, String plan) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("schemaVersion", SCHEMA_VERSION);
        json.set("model", reference(pruned));
        json.set("unpruned", reference(unpruned));
        json.put("planDigest", plan);
        examples.forEach(json.putArray("train")::add);
        json.set("dataOptions", options(dataOptions));
        json.put("loss", loss);
        json.set("lossOptions", options(lossOptions));
        json.put("seed", seed);
        return JsonDocument.bytes(json);
    }

    private static ObjectNode reference(ModelReference model) {
        return JsonNodeFactory.instance.objectNode().put("file", model.file()).put("digest", model.digest());
    }

    private static ObjectNode options(Map<String, String> options) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        options.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(each -> json.put(each.getKey(), each.getValue()));
        return json;
    }
}
