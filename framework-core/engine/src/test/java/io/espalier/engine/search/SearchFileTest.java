package io.espalier.engine.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.engine.json.TestingSchema;
import io.espalier.engine.plan.Plan.ModelReference;
import io.espalier.graph.cost.Cost;
import io.espalier.spi.InvalidInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchFileTest {

    @TempDir
    private Path folder;

    private static final SearchRecord RECORD = new SearchRecord(
            "espalier test",
            new ModelReference("model.onnx", "0".repeat(64)),
            "key",
            Map.of("data-option", List.of("scale=1/255", "mean=0.1")),
            "accuracy=-1",
            "macs",
            Optional.empty(),
            "top-1",
            3000,
            new Trial.Point(new Cost(1000, 2000, 3000), 2.0 / 3),
            2.0 / 3 - 0.01,
            List.of(
                    trial(505, 1.0 / 3 + 1.0 / 3),
                    trial(250, 1.0 / 3),
                    new Trial(30, Optional.empty()),
                    new Trial(
                            400,
                            Optional.of(new Trial.Point(new Cost(400, 800, 1200), 0.66, OptionalDouble.of(0.0055))))),
            Optional.of(SearchRecord.Stop.GOAL));

    private static final SearchRecord TIMED = new SearchRecord(
            RECORD.tool(),
            RECORD.model(),
            RECORD.key(),
            RECORD.arguments(),
            RECORD.goal(),
            "latency",
            Optional.of(new SearchRecord.TableReference("model.onnx.latency.json", "1".repeat(64))),
            RECORD.metric(),
            RECORD.examples(),
            RECORD.original().taking(10_000_000),
            RECORD.least(),
            List.of(new Trial(500, Optional.of(new Trial.Point(new Cost(1, 2, 3), 0.66).taking(4_500_001)))),
            Optional.empty());

    private static Trial trial(int budget, double value) {
        return new Trial(budget, Optional.of(new Trial.Point(new Cost(budget, 2L * budget, 3L * budget), value)));
    }

    private Path file(String content) throws IOException {
        return Files.writeString(folder.resolve("model.onnx.search.json"), content);
    }

    @Test
    void whatIsWrittenIsReadToTheLastBit() throws IOException {
        Path file = Files.write(folder.resolve("a.json"), SearchFile.bytes(RECORD));

        assertThat(SearchFile.read(file)).isEqualTo(RECORD);
        assertThat(SearchFile.read(Files.write(file, SearchFile.bytes(TIMED)))).isEqualTo(TIMED);
    }

    @Test
    void aLatencyIsLeftOfThatOfTheOriginal() {
        assertThat(TIMED.remaining(TIMED.trials().get(0))).isEqualTo(451);
        assertThat(TIMED.curve()).extracting(SearchRecord.CurvePoint::target).containsExactly("latency=50%");
    }

    @Test
    @DisplayName("What is written fits the documented schema, at the end and on the way")
    void schema() throws IOException {
        ObjectMapper json = new ObjectMapper();
        TestingSchema schema = TestingSchema.of("search.schema.json");
        SearchRecord begun = new SearchRecord(
                RECORD.tool(),
                RECORD.model(),
                RECORD.key(),
                Map.of(),
                RECORD.goal(),
                RECORD.minimized(),
                RECORD.latencyTable(),
                RECORD.metric(),
                RECORD.examples(),
                RECORD.original(),
                RECORD.least(),
                List.of(),
                Optional.empty());

        assertThat(schema.problems(json.readTree(SearchFile.bytes(RECORD)))).isEmpty();
        assertThat(schema.problems(json.readTree(SearchFile.bytes(begun)))).isEmpty();
        assertThat(schema.problems(json.readTree(SearchFile.bytes(TIMED)))).isEmpty();
        assertThat(schema.problems(json.readTree(SearchFile.bytes(begun.with(new Trial(30, Optional.empty()))))))
                .isEmpty();
    }

    @Test
    void theCurveBeginsWithTheCostliestAndTheCheapestThatKeepsIsChosen() {
        assertThat(RECORD.curve())
                .extracting(SearchRecord.CurvePoint::target)
                .containsExactly("macs=50.5%", "macs=40%", "macs=25%");
        assertThat(RECORD.chosen().orElseThrow().number()).isEqualTo(2);
    }

    @Test
    void whatIsNoRecordIsRefusedWithThePlace() throws IOException {
        String json = new String(SearchFile.bytes(RECORD), StandardCharsets.UTF_8);
        Path file = file(json.replace("\"budget\" : 250", "\"budget\" : 1250"));

        assertThatThrownBy(() -> SearchFile.read(file))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("The search ", "$.trials[1]", "thousandths");
    }

    @Test
    void aTrialWithoutItsLatencyIsRefusedWithThePlace() throws IOException {
        String json = new String(SearchFile.bytes(TIMED), StandardCharsets.UTF_8);
        Path file = file(json.replace("\"latencyNanos\" : 4500001,", ""));

        assertThatThrownBy(() -> SearchFile.read(file))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("$.trials[0]", "latencyNanos");
    }

    @Test
    void aMissingRecordIsAnsweredWithWhatMakesOne() {
        assertThatThrownBy(() -> SearchFile.read(folder.resolve("none.json")))
                .hasMessageContainingAll("There is no search", "espalier prune");
    }
}
