package io.espalier.engine.exported;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.engine.cost.RemovalCosts;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.channel.Groups;
import io.espalier.engine.coupling.channel.UnitWidth;
import io.espalier.engine.layer.FileNames;
import io.espalier.engine.layer.Layers;
import io.espalier.engine.score.NamePatterns;
import io.espalier.graph.cost.CostModel;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What tables say of the groups of exported networks. */
class GroupTablesTest {

    static Stream<Path> networks() {
        return TestingNetwork.files();
    }

    @ParameterizedTest
    @MethodSource("networks")
    @DisplayName("No group loses fewer than no parameters or channels with a unit")
    void nothingIsNegative(Path file) {
        try (TestingNetwork network = TestingNetwork.open(file)) {
            var coupling = network.analysis().coupling();
            RemovalCosts costs = RemovalCosts.of(
                    CostModel.of(network.model().graph(), network.analysis().shapes(), coupling.operators(), Map.of()),
                    coupling);

            assertThat(Groups.of(coupling, each -> 0)).allSatisfy(group -> {
                assertThat(costs.parametersPerChannel(group)).isNotNegative();
                assertThat(UnitWidth.of(coupling, group)).isPositive();
            });
        }
    }

    @Test
    @DisplayName("Where the exporter wrote scopes into the file, groups are called after modules")
    void modules() throws URISyntaxException {
        Path file = Path.of(GroupTablesTest.class
                .getResource("/field/fastspeech2.dynamo.onnx")
                .toURI());
        try (TestingNetwork network = TestingNetwork.open(file)) {
            Layers layers = Layers.of(network.model().graph(), network.model().layers());

            assertThat(Groups.of(network.analysis().coupling(), each -> 0))
                    .extracting(layers::name)
                    .contains("e", "mha", "c1", "v1", "post.1");
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    @DisplayName("Every value is called by a name that the file has, and stays itself where the file has it")
    void valuesHaveNamesOfTheFile(Path file) throws IOException {
        String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
        try (TestingNetwork network = TestingNetwork.open(file)) {
            FileNames names = FileNames.of(network.model());

            assertThat(network.analysis().shapes().values()).allSatisfy(value -> {
                String shown = names.of(value);
                assertThat(bytes)
                        .contains(new String(shown.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
                assertThat(network.model().isInFile(shown)).isTrue();
                assertThat(names.of(shown)).isEqualTo(shown);
            });
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    @DisplayName("The name that is shown of a group is a pattern that means it")
    void shownNamesAreUnderstood(Path file) {
        try (TestingNetwork network = TestingNetwork.open(file)) {
            List<Group> groups = Groups.of(network.analysis().coupling(), each -> 0);
            Layers layers = Layers.of(network.model().graph(), network.model().layers());

            assertThat(groups).allSatisfy(group -> {
                String shown = layers.name(group);
                NamePatterns only = new NamePatterns(List.of(), List.of(shown));
                assertThat(shown).isNotEmpty().doesNotStartWith("onnx::");
                assertThat(only.choose(groups, layers).groups()).contains(group);
            });
        }
    }
}
