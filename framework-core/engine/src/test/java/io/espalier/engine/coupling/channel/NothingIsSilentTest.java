package io.espalier.engine.coupling.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.engine.verify.TestingPruning;
import io.espalier.spi.graph.Graph;
import io.espalier.testkit.model.HardCases;
import io.espalier.testkit.model.Networks;
import io.espalier.testkit.model.RandomGraphs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What holds for the channels of any network: each atom can go with some channel, or the report says why not. */
final class NothingIsSilentTest {

    @TestFactory
    Stream<DynamicTest> everyAtomIsInAChannelOrBlocked() {
        return graphs(coupling -> {
            Channels channels = new Channels(coupling, each -> 0, Heads.WHOLE);
            Set<Integer> told = new HashSet<>();
            channels.find().forEach(channel -> Arrays.stream(channel.classes()).forEach(told::add));
            channels.unreachable().forEach(each -> told.add(each.classNumber()));
            Set<String> silent = new TreeSet<>();
            for (LabelledAxis labelledAxis : coupling.labelledAxes()) {
                Arrays.stream(coupling.classesAt(labelledAxis))
                        .filter(each -> each >= 0 && !told.contains(each))
                        .forEach(each -> silent.add(labelledAxis.use() + " axis " + labelledAxis.axis()));
            }
            assertThat(silent).isEmpty();
        });
    }

    @TestFactory
    Stream<DynamicTest> noChannelHoldsAnythingFrozen() {
        return graphs(coupling -> Groups.of(coupling, each -> 0)
                .forEach(group -> group.channels()
                        .forEach(channel -> assertThat(Arrays.stream(channel.classes())
                                        .filter(each ->
                                                coupling.classes().frozen(each).isPresent()))
                                .isEmpty())));
    }

    @TestFactory
    Stream<DynamicTest> channelsDifferAndEachIsInOneGroup() {
        return graphs(coupling -> assertThat(Groups.of(coupling, each -> 0).stream()
                        .flatMap(group -> group.channels().stream())
                        .map(channel -> Arrays.toString(channel.classes())))
                .doesNotHaveDuplicates());
    }

    private interface Check {
        void of(Coupling coupling);
    }

    private static Stream<DynamicTest> graphs(Check check) {
        List<Map.Entry<String, Supplier<Graph>>> named = new ArrayList<>();
        HardCases.all().forEach(hard -> named.add(Map.entry(hard.name(), hard::graph)));
        Networks.small().forEach((name, network) -> named.add(Map.entry(name, () -> network.apply(1))));
        LongStream.range(0, 40)
                .forEach(seed -> named.add(Map.entry(
                        "seed " + seed, () -> RandomGraphs.exotic(seed).graph())));
        return named.stream()
                .map(entry -> dynamicTest(
                        entry.getKey(),
                        () -> check.of(TestingPruning.of(entry.getValue().get()).coupling())));
    }
}
