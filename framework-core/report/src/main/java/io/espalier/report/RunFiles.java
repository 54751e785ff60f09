package io.espalier.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.espalier.events.JournalReader;
import io.espalier.events.v1.PruningEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a run leaves beside its model.
 *
 * @param events what its journal holds
 * @param report what its report file says; empty of a run that failed, or whose report is gone
 * @param search what its search found; empty when it was none
 */
record RunFiles(List<PruningEvent> events, Optional<JsonNode> report, Optional<JsonNode> search) {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String EVENTS = ".events";
    private static final String REPORT = ".report.json";
    private static final String SEARCH = ".search.json";
    private static final List<String> ENDINGS = List.of(EVENTS, REPORT, SEARCH, ".plan.json");

    /**
     * Reads the files of a run.
     *
     * @param named its model, or one of the files beside it
     * @throws IOException when there is no journal, or something cannot be read; with a sentence for people
     */
    static RunFiles read(Path named) throws IOException {
        String name = named.toString();
        String model = ENDINGS.stream()
                .filter(name::endsWith)
                .findFirst()
                .map(ending -> name.substring(0, name.length() - ending.length()))
                .orElse(name);
        return new RunFiles(events(model), json(model + REPORT), json(model + SEARCH));
    }

    private static List<PruningEvent> events(String model) throws IOException {
        Path journal = Path.of(model + EVENTS);
        if (!Files.isRegularFile(journal)) {
            throw new IOException(
                    "there is no journal '" + journal + "'; name the model that a run wrote, or its journal");
        }
        List<PruningEvent> events = JournalReader.read(journal).events();
        if (events.isEmpty()) {
            throw new IOException("the journal '" + journal + "' holds no event");
        }
        return events;
    }

    private static Optional<JsonNode> json(String file) throws IOException {
        Path path = Path.of(file);
        if (!Files.isRegularFile(path)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readTree(path.toFile()));
        } catch (JsonProcessingException e) {
            throw new IOException("'" + path + "' is no JSON: " + e.getOriginalMessage(), e);
        }
    }
}
